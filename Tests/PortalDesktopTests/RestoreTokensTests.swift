import Foundation
import Glibc
import TestSupport
import Testing

@testable import PortalDesktop

@Suite struct RestoreTokensTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "scry-tokens-\(UUID().uuidString)").path
    private var tokens: RestoreTokens { RestoreTokens(path: folder + "/state/portal-token") }

    @Test("keeps the newest token, for its owner alone, and makes the folder for it")
    func keeps() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }

        #expect(tokens.token(for: "monitor") == nil)
        #expect(tokens.store("one", for: "monitor"))
        #expect(tokens.store("two", for: "monitor"))
        #expect(tokens.store("other", for: "window"))

        #expect(tokens.token(for: "monitor") == "two")
        #expect(tokens.token(for: "window") == "other")
        var status = stat()
        #expect(stat(tokens.path, &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(stat(folder + "/state", &status) == 0 && status.st_mode & 0o777 == 0o700)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/state") == ["portal-token"])
        #expect(tokens.store(nil, for: "monitor"))
        #expect(tokens.token(for: "monitor") == nil)
        #expect(tokens.token(for: "window") == "other")
    }

    @Test("follows no link that somebody put in its place")
    func link() throws {
        try FileManager.default.createDirectory(atPath: folder + "/state", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data("monitor stolen\n".utf8).write(to: URL(filePath: folder + "/elsewhere"))
        try FileManager.default.createSymbolicLink(atPath: tokens.path, withDestinationPath: folder + "/elsewhere")

        #expect(tokens.token(for: "monitor") == nil)
        #expect(tokens.store("mine", for: "monitor"))

        #expect(tokens.token(for: "monitor") == "mine")
        let left = FileManager.default.contents(atPath: folder + "/elsewhere").map {
            String(decoding: $0, as: UTF8.self)
        }
        #expect(left == "monitor stolen\n")
    }

    @Test("takes no token that could be anything else")
    func implausible() {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for token in ["", " ", "two words", "line\n", "é", String(repeating: "x", count: 257), "\u{1B}[0m"] {
            #expect(!tokens.store(token, for: "monitor"))
        }
        #expect(tokens.token(for: "monitor") == nil)
    }

    @Test("reads the lines that make sense, of whatever bytes", arguments: 1...10)
    func hostile(seed: UInt64) {
        #expect(
            RestoreTokens.parse(Array("x\nmonitor a b\n\nmonitor good\n two\nwindow \n".utf8)) == ["monitor": "good"])
        var random = SeededRandom(seed: seed)
        func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &random) }
        for _ in 0..<500 {
            let bytes = (0..<below(200)).map { _ in
                below(3) == 0
                    ? UInt8([10, 32, 109][below(3)]) : UInt8(below(256))
            }
            for (kind, token) in RestoreTokens.parse(bytes) {
                #expect(RestoreTokens.isPlausible(kind) && RestoreTokens.isPlausible(token))
            }
        }
    }

    @Test("says so when the file cannot be written")
    func unwritable() {
        #expect(!RestoreTokens(path: "/proc/scry/portal-token").store("x", for: "monitor"))
    }
}
