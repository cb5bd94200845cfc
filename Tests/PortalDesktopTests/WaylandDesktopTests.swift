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
