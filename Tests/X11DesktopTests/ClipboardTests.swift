import Desktop
import Foundation
import TestSupport
import Testing

@testable import X11Desktop

@Suite("The clipboard of an X server", .serialized, .enabled(if: isProgramInstalled("xclip"), "needs xclip"))
struct ClipboardTests {
    private static let pictures = ["image/png", "image/jpeg"]

    /// Puts bytes onto the clipboard with xclip, and waits until it owns it.
    private func offer(_ bytes: Data, as type: String, on server: XServer) async throws -> TestProcess {
        let file = NSTemporaryDirectory() + "/clipboard-\(UUID().uuidString)"
        try bytes.write(to: URL(fileURLWithPath: file))
        let arguments = ["-quiet", "-selection", "clipboard", "-in", "-t", type, file]
        let owner = try TestProcess("xclip", arguments, environment: server.environment)
        let reader = X11Clipboard(displayName: server.displayName)
        let isThere = await eventually(within: 30) {
            (try? reader.read([type]))?.map { $0.bytes.count } == bytes.count
        }
        try FileManager.default.removeItem(atPath: file)
        try #require(isThere)
        return owner
    }

    @Test("text comes as it was copied, and a picture that is not offered does not")
    func text() async throws {
        let server = try XServer(width: 100, height: 100)
        defer { server.stop() }
        let clipboard = X11Clipboard(displayName: server.displayName)
        #expect(try clipboard.read(["UTF8_STRING"]) == nil)
        let owner = try await offer(Data("grüße 世界".utf8), as: "UTF8_STRING", on: server)
        defer { owner.stop() }
        let content = try #require(try clipboard.read(Self.pictures + ["UTF8_STRING"]))
        #expect(content == X11Clipboard.Content(type: "UTF8_STRING", bytes: Array("grüße 世界".utf8)))
        #expect(try clipboard.read(Self.pictures) == nil)
    }

    @Test("a picture of ten megabytes comes whole, in pieces")
    func incremental() async throws {
        let server = try XServer(width: 100, height: 100)
        defer { server.stop() }
        var random = SeededRandom(seed: 7)
        let bytes = Data((0..<10_000_000 / 8).flatMap { _ in withUnsafeBytes(of: random.next()) { Array($0) } })
        let owner = try await offer(bytes, as: "image/png", on: server)
        defer { owner.stop() }
        let started = ContinuousClock.now
        let content = try #require(try X11Clipboard(displayName: server.displayName).read(Self.pictures))
        #expect(content.type == "image/png")
        #expect(Data(content.bytes) == bytes)
        #expect(ContinuousClock.now - started < .seconds(5))
    }

    @Test("an owner that is silent, or ends in the middle, is not waited for")
    func silent() async throws {
        let server = try XServer(width: 100, height: 100)
        defer { server.stop() }
        let owner = try await offer(Data("words".utf8), as: "UTF8_STRING", on: server)
        defer { owner.stop() }
        kill(owner.processID, SIGSTOP)
        defer { kill(owner.processID, SIGCONT) }
        let started = ContinuousClock.now
        #expect(throws: CaptureFailure.self) {
            try X11Clipboard(displayName: server.displayName, patience: .milliseconds(300)).read(["UTF8_STRING"])
        }
        #expect(ContinuousClock.now - started < .seconds(3))
    }

    @Test("a server that is not there is said to be so")
    func noServer() {
        #expect(throws: CaptureFailure.self) { try X11Clipboard(displayName: ":9876").read(["UTF8_STRING"]) }
    }
}
