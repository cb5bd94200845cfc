import Desktop
import Foundation
import TestSupport

@testable import X11Desktop

extension XServer {
    /// A source that looks at this server.
    var source: X11ScreenSource { X11ScreenSource(displayName: displayName, environment: environment) }
}

extension Frame {
    /// The colour of a pixel, as 0xRRGGBB.
    func colour(_ x: Int, _ y: Int) -> UInt32 {
        pixels.withBytes { bytes in
            let at = y * stride + x * 4
            return UInt32(bytes[at + 2]) << 16 | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at])
        }
    }

    /// How many pixels of a region have a colour.
    func count(of colour: UInt32, in region: Region) -> Int {
        var count = 0
        for y in region.y..<region.y + region.height {
            for x in region.x..<region.x + region.width where self.colour(x, y) == colour { count += 1 }
        }
        return count
    }

    /// All of it.
    var bounds: Region { Region(x: 0, y: 0, width: width, height: height) }
}

/// Looks again and again until something holds; false when it never does.
func eventually(within seconds: Double = 10, _ condition: () async throws -> Bool) async rethrows -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end {
        if try await condition() { return true }
        try? await Task.sleep(for: .milliseconds(10))
    }
    return false
}

/// Starts openbox and waits until it manages windows.
func startWindowManager(on server: XServer) async throws -> TestProcess {
    let manager = try server.run("openbox", "--sm-disable")
    let connection = try X11Connection(X11Place(displayName: server.displayName, environment: server.environment))
    // openbox sets this late in its start; what is shown earlier it may overlook.
    _ = await eventually { !connection.numbers("_NET_CURRENT_DESKTOP", of: connection.root).isEmpty }
    return manager
}
