import Desktop
import Foundation
import TestSupport
import Testing

@testable import PortalDesktop

@Suite("What a compositor says of itself")
struct WaylandDesktopTests {
    @Test(
        "sway tells its monitors and what it can do",
        .enabled(if: WaylandSession.obstacle == nil, "\(WaylandSession.obstacle ?? "")"))
    func sway() throws {
        let session = try WaylandSession("--no-portal", "--outputs", "2", "--scale", "2", "--size", "800x400")
        defer { session.stop() }

        let desktop = try #require(WaylandDesktop.survey(environment: session.environment))

        #expect(desktop.canOverlay && desktop.canCopy)
        #expect(Set(desktop.outputs.map(\.name)) == ["HEADLESS-1", "HEADLESS-2"])
        let second = try #require(desktop.outputs.first { $0.name == "HEADLESS-2" })
        #expect((second.x, second.y, second.width, second.height) == (400, 0, 400, 200))
        #expect((second.pixelWidth, second.pixelHeight) == (800, 400))
    }

    @Test("a monitor of a size of its own is found in a picture of all, and none among those that are alike")
    func place() {
        func output(_ x: Int, _ width: Int, _ height: Int, scale: Int = 1) -> WaylandDesktop.Output {
            var output = WaylandDesktop.Output()
            (output.x, output.width, output.height) = (x, width / scale, height / scale)
            (output.pixelWidth, output.pixelHeight) = (width, height)
            return output
        }
        func place(_ outputs: [WaylandDesktop.Output], _ size: (Int, Int), _ picture: (Int, Int)) -> Region? {
            WaylandDesktop(outputs: outputs, interfaces: []).place(of: size, inPicture: picture)
        }
        let unlike = [output(0, 800, 400), output(800, 600, 500)]
        #expect(place(unlike, (600, 500), (1400, 500)) == Region(x: 800, y: 0, width: 600, height: 500))
        // Turned, as a stream is before its pictures are turned back.
        #expect(place(unlike, (500, 600), (1400, 500)) == Region(x: 800, y: 0, width: 600, height: 500))
        #expect(place([output(0, 800, 400), output(800, 800, 400)], (800, 400), (1600, 400)) == nil)
        #expect(place(unlike, (640, 480), (1400, 500)) == nil)
        // The picture has the larger scale; what was enlarged for it is not what the stream shows.
        let scaled = [output(0, 800, 400, scale: 2), output(400, 600, 500)]
        #expect(place(scaled, (800, 400), (2000, 1000)) == Region(x: 0, y: 0, width: 800, height: 400))
        #expect(place(scaled, (600, 500), (2000, 1000)) == nil)
        #expect(place([], (1, 1), (1, 1)) == nil)
    }

    @Test("nobody, and somebody who talks nonsense or not at all, is no compositor")
    func hostile() throws {
        #expect(WaylandDesktop.survey(environment: [:]) == nil)
        #expect(WaylandDesktop.survey(environment: ["WAYLAND_DISPLAY": "wayland-9"]) == nil)
        #expect(WaylandDesktop.survey(environment: ["WAYLAND_DISPLAY": "/nonexistent/socket"]) == nil)
        #expect(WaylandDesktop.survey(environment: ["WAYLAND_DISPLAY": String(repeating: "/x", count: 99)]) == nil)
        var random = SeededRandom(seed: 3)
        for _ in 0..<50 {
            let bytes = (0..<Int.random(in: 0...400, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let folder = FileManager.default.temporaryDirectory.appending(path: "scry-\(UUID().uuidString)").path
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let server = try LocalServer(at: folder + "/wl", answer: bytes)
            defer { server.stop() }
            #expect(WaylandDesktop.survey(environment: ["WAYLAND_DISPLAY": folder + "/wl"]) == nil)
        }
    }
}

/// Accepts one connection, sends some bytes and closes.
private final class LocalServer: Sendable {
    private let descriptor: Int32

    init(at path: String, answer: [UInt8]) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(status == 0 && listen(descriptor, 1) == 0)
        let listener = descriptor
        Thread.detachNewThread {
            let peer = accept(listener, nil, nil)
            guard peer >= 0 else { return }
            _ = send(peer, answer, answer.count, Int32(MSG_NOSIGNAL))
            close(peer)
        }
    }

    func stop() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }
}
