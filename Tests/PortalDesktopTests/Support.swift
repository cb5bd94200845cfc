import Desktop
import Foundation
import TestSupport
import Testing

@testable import PortalDesktop

extension WaylandSession {
    /// A source that looks at a node of this session.
    func source(_ node: String = "scry-test") -> PipeWireScreenSource {
        PipeWireScreenSource(node: node, environment: environment)
    }

    /// A source that looks at this desktop.
    func portal(tokenFile: String? = nil) -> PortalScreenSource {
        PortalScreenSource(environment: environment, tokenFile: tokenFile ?? path("portal-token")) { bytes in
            try Frame(png: bytes)
        }
    }
}

extension Frame {
    /// Reads what ImageMagick makes of a PNG.
    init(png: [UInt8]) throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "scry-\(UUID().uuidString).png")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(png).write(to: file)
        let convert = Process()
        convert.executableURL = URL(filePath: "/usr/bin/convert")
        convert.arguments = [file.path, "-depth", "8", "-print", "%w %h\n", "RGB:-"]
        let output = Pipe()
        convert.standardOutput = output
        try convert.run()
        let bytes = Array(try output.fileHandleForReading.readToEnd() ?? Data())
        convert.waitUntilExit()
        let end = try #require(bytes.firstIndex(of: 10))
        let size = String(decoding: bytes[..<end], as: UTF8.self).split(separator: " ").compactMap { Int($0) }
        try #require(size.count == 2 && bytes.count - end - 1 == size[0] * size[1] * 3)
        self.init(
            width: size[0], height: size[1], stride: size[0] * 3, format: .rgb,
            pixels: PixelBuffer(byteCount: size[0] * size[1] * 3) { $0.copyBytes(from: bytes[(end + 1)...]) }, time: 0)
    }

    /// The colour of a pixel, as 0xRRGGBB.
    func colour(_ x: Int, _ y: Int) -> UInt32 {
        pixels.withBytes { bytes in
            let at = y * stride + x * 4
            return UInt32(bytes[at + 2]) << 16 | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at])
        }
    }

    /// The pixels that are not as Tests/Rigs/pwnode draws them, below its clock.
    func faults(x left: Int = 0, y top: Int = 0) -> Int {
        var faults = 0
        for y in max(0, 48 - top)..<height {
            for x in 0..<width {
                let (column, row) = (x + left, y + top)
                let expected =
                    UInt32((column * 3 + row) & 255) << 16 | UInt32((column + row * 5) & 255) << 8
                    | UInt32((column ^ row) & 255)
                if colour(x, y) != expected { faults += 1 }
            }
        }
        return faults
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
