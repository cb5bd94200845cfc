import Foundation
import TestSupport
import Testing

@testable import X11Desktop

@Suite(.serialized, .enabled(if: XServer.isInstalled && isProgramInstalled("xclip"), "needs Xvfb and xclip"))
struct ClipboardTests {
    /// What xclip pastes.
    private func paste(_ type: String, on server: XServer) throws -> Data {
        let path = "/tmp/scry-paste-\(getpid())-\(UInt32.random(in: 0 ..< .max))"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try server.finish("sh", "-c", "xclip -selection clipboard -o -t \(type) >\(path) 2>/dev/null")
        return try Data(contentsOf: URL(filePath: path))
    }

    @Test("others paste exactly what was copied, small and large", arguments: [0, 1, 65_536, 65_537, 3_000_001])
    func pasted(count: Int) throws {
        let server = try XServer(width: 64, height: 64)
        defer { server.stop() }
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }

        let owner = try X11ClipboardOwner(
            offering: ["image/png": bytes, "UTF8_STRING": Array("ä picture".utf8)], displayName: server.displayName,
            environment: server.environment)

        try withExtendedLifetime(owner) {
            #expect(try paste("image/png", on: server) == Data(bytes))
            #expect(try paste("UTF8_STRING", on: server) == Data("ä picture".utf8))
            let targets = String(decoding: try paste("TARGETS", on: server), as: UTF8.self)
            #expect(Set(targets.split(separator: "\n")) == ["TARGETS", "TIMESTAMP", "image/png", "UTF8_STRING"])
            #expect(try paste("text/html", on: server).isEmpty)
        }
    }

    @Test("who copies next has the clipboard; nothing is there when the owner has gone")
    func handedOver() async throws {
        let server = try XServer(width: 64, height: 64)
        defer { server.stop() }
        func copy(_ words: String) throws -> X11ClipboardOwner {
            try X11ClipboardOwner(
                offering: ["UTF8_STRING": Array(words.utf8)], displayName: server.displayName,
                environment: server.environment)
        }
        let first = try copy("first")
        var second: X11ClipboardOwner? = try copy("second")
        #expect(try paste("UTF8_STRING", on: server) == Data("second".utf8))
        #expect(second != nil)

        second = nil

        #expect(try await eventually { try paste("UTF8_STRING", on: server).isEmpty })
        _ = first
    }
}
