import Conversation
import Foundation
import TestSupport
import Testing

@testable import EngineHost

@Suite struct KeyFinderTests {
    private func inFolder(_ body: (String) async throws -> Void) async throws {
        let folder = "/tmp/scry-test-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    private func write(_ text: String, to path: String, mode: Int) {
        _ = FileManager.default.createFile(
            atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: mode])
    }

    private func value(_ finder: KeyFinder, _ sources: [KeySource]) async throws -> String? {
        try await finder.find(sources)?.value
    }

    private func failure(_ finder: KeyFinder, _ source: KeySource) async -> ReplyFailure? {
        do throws(ReplyFailure) {
            _ = try await finder.find([source])
            return nil
        } catch { return error }
    }

    @Test("takes the first source that has a key, and shows the key nowhere") func order() async throws {
        try await inFolder { (folder: String) async throws in
            write(" sk-file\n", to: folder + "/key", mode: 0o600)
            let finder = KeyFinder(environment: ["LAB_KEY": "", "OTHER": "sk-variable", "HOME": folder])

            let found = try await finder.find([.variable("LAB_KEY"), .file("~/key"), .variable("OTHER")])
            let file = try #require(found)
            #expect(file.value == "sk-file" && file.source == .file("~/key"))
            #expect(try await value(finder, [.variable("OTHER"), .file("~/key")]) == "sk-variable")
            #expect(try await value(finder, [.file("/no/such/file"), .variable("NONE")]) == nil)
            var all = "\(file) \(String(reflecting: file))"
            dump(file, to: &all)
            #expect(!all.contains("sk-file"))
        }
    }

    @Test("refuses a file that others can read", arguments: [0o644, 0o640, 0o604, 0o620, 0o601])
    func readable(mode: Int) async throws {
        try await inFolder { (folder: String) async throws in
            let path = folder + "/key"
            write("sk-file", to: path, mode: mode)

            let failure = await failure(KeyFinder(environment: [:]), .file(path))

            #expect(
                failure?.message
                    == "Others can read the key's file \(path), so that it is not used; run: chmod 600 \(path)")
        }
    }

    @Test("refuses what is no file of keys") func odd() async throws {
        try await inFolder { (folder: String) async throws in
            let finder = KeyFinder(environment: [:])
            write(String(repeating: "k", count: 20_000), to: folder + "/long", mode: 0o600)

            let plain = await failure(finder, .file(folder))
            #expect(plain?.message == "The key's file \(folder) is no plain file.")
            let long = await failure(finder, .file(folder + "/long"))
            #expect(long?.kind == .unauthorized)
        }
    }

    @Test("asks the keyring, within its time") func keyring() async throws {
        try await inFolder { (folder: String) async throws in
            var finder = KeyFinder(environment: [:])
            let tool = folder + "/tool"
            finder.secretTool = ["no-such-secret-tool"]
            #expect(try await value(finder, [.keyring(engine: "lab")]) == nil)

            finder.secretTool = ["sh", tool]
            write("#!/bin/sh\nprintf '%s' \"$*\"\n", to: tool, mode: 0o700)
            #expect(try await value(finder, [.keyring(engine: "lab")]) == "lookup service scry engine lab")

            write("#!/bin/sh\nexit 1\n", to: tool, mode: 0o700)
            #expect(try await value(finder, [.keyring(engine: "lab")]) == nil)

            write("#!/bin/sh\nexec sleep 60\n", to: tool, mode: 0o700)
            finder.patience = .milliseconds(100)
            let begun = ContinuousClock.now
            #expect(try await value(finder, [.keyring(engine: "lab")]) == nil)
            #expect(ContinuousClock.now - begun < .seconds(20))
        }
    }
}
