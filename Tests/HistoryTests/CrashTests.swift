import Conversation
import Dispatch
import FoundationEssentials
import GRDB
import Glibc
import TestSupport
import Testing

@testable import History

/// Programs that write to a history as the chat does, killed at random instants.
@Suite(.enabled(if: HistoryWriter.path != nil, "HistoryTool is not built"), .serialized)
struct CrashTests {
    @Test(
        "opens whole after every kill -9, with every finished message and what was stored of the others",
        arguments: 1...19)
    func oneProgram(seed: UInt64) async throws {
        let directory = TemporaryDirectory()
        var random = SeededRandom(seed: seed)
        var promises = Promises()
        for _ in 0..<16 {
            let writer = try HistoryWriter(in: directory.path, seed: random.next())
            promises.add(await writer.kill(at: Instant(&random)))
            try await verify(directory, promises)
        }
        #expect(promises.finished.count > 10)
    }

    @Test("keeps what two programs write at once, whichever of them is killed", arguments: 101...116)
    func twoPrograms(seed: UInt64) async throws {
        let directory = TemporaryDirectory()
        var random = SeededRandom(seed: seed)
        var promises = Promises()
        for _ in 0..<6 {
            let writers = [
                try HistoryWriter(in: directory.path, seed: random.next()),
                try HistoryWriter(in: directory.path, seed: random.next()),
            ]
            promises.add(await writers[0].kill(at: Instant(&random)))
            // The other one goes on writing meanwhile.
            try await verify(directory, promises, isAlone: false)
            promises.add(await writers[1].kill(at: Instant(&random)))
            try await verify(directory, promises)
        }
        #expect(promises.finished.count > 10)
    }

    private func verify(_ directory: TemporaryDirectory, _ promises: Promises, isAlone: Bool = true) async throws {
        let history = try History(
            path: directory.path + "/history.sqlite", media: MediaStore(directory: directory.path + "/media"))
        let findings = try await history.check(now: Date())
        #expect(findings.isEmpty, "\(findings)")
        let rows = try await history.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT id, outcome, (SELECT total(length(text)) FROM part WHERE messageID = message.id AND kind = 'text')
                    FROM message
                    """
            ).map { (id: $0[0] as String, outcome: $0[1] as String, length: Int($0[2] as Double)) }
        }
        let stored = Dictionary(rows.map { ($0.id, $0) }) { $1 }
        for id in promises.finished { #expect(stored[id]?.outcome == "complete", "\(id)") }
        for (id, length) in promises.lengths { #expect((stored[id]?.length ?? -1) >= length, "\(id)") }
        if isAlone { #expect(!rows.contains { $0.outcome == "streaming" }) }
        // A draft is there whole or not at all, and every export that is there is whole.
        for draft in try await history.read({ try String.fetchAll($0, sql: "SELECT text FROM draft") }) {
            #expect(draft.isEmpty || draft.hasSuffix(" "), "\(draft)")
        }
        for name in try FileManager.default.contentsOfDirectory(atPath: directory.path)
        where name.hasPrefix("export-") {
            let bytes = try #require(FileManager.default.contents(atPath: directory.path + "/" + name))
            #expect(bytes.last == UInt8(ascii: "\n"), "\(name)")
            for line in bytes.split(separator: UInt8(ascii: "\n")) {
                #expect((try? JSONDecoder().decode(ExportedLine.self, from: line)) != nil, "\(name)")
            }
        }
    }
}

/// What every line of an export has.
private struct ExportedLine: Decodable {
    var type: String
}

/// What programs said that the history has.
private struct Promises {
    var finished: Set<String> = []
    var lengths: [String: Int] = [:]

    mutating func add(_ lines: [String]) {
        for line in lines {
            let words = line.split(separator: " ").map(String.init)
            if words.first == "said", words.count == 2 { finished.insert(words[1]) }
            if words.first == "part", words.count == 3 { lengths[words[1]] = Int(words[2]) }
        }
    }
}

/// A program that writes to a history until it is killed.
private final class HistoryWriter: Sendable {
    private let process: TestProcess

    init(in directory: String, seed: UInt64) throws {
        // A program that is killed before it is one leaves nobody who reads what ends its watcher.
        signal(SIGPIPE, SIG_IGN)
        process = try TestProcess(Self.path ?? "", ["write", directory, "\(seed % 1_000_000)"])
    }

    /// Kills the program, and returns the lines that it has written.
    func kill(at instant: Instant) async -> [String] {
        let process = process
        // The threads that run tests are few, and must not wait here.
        return await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                var lines: [String] = []
                while lines.count < instant.lines, let line = process.readLine() { lines.append(line) }
                usleep(instant.microseconds)
                Glibc.kill(process.processID, SIGKILL)
                while let line = process.readLine() { lines.append(line) }
                process.waitUntilExit()
                continuation.resume(returning: lines)
            }
        }
    }

    /// The program, beside the tests; nil when it is not built.
    static let path: String? = {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let executable = String(decoding: buffer.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
        let places = [executable] + CommandLine.arguments.filter { $0.contains(".xctest") }
        return places.map { PrivateFile.directory(of: $0) + "/HistoryTool" }.first { access($0, X_OK) == 0 }
    }()
}

/// When a program is killed: so long after it has said so many lines, of which the first is that the history is open.
private struct Instant {
    var lines: Int
    var microseconds: UInt32

    init(_ random: inout SeededRandom) {
        lines = Int.random(in: 0...Int.random(in: 1...24, using: &random), using: &random)
        // Before the first line, all the time that opening takes; else as long as one step takes.
        microseconds = UInt32.random(in: 0...(lines == 0 ? 60_000 : 6000), using: &random)
    }
}
