import Foundation
import Synchronization
import TestSupport
import Testing

extension EndToEnd {
    /// The real program, killed while it is typed into, takes pictures, exports, and while an answer streams.
    ///
    /// Writers without a screen are killed far more often in the tests of the history. The promise is a quarter of a second of
    /// the program's; what the machine takes is kept out of it: the history is in memory, and how late threads wake is
    /// measured while the program runs.
    @Suite("Killed at any instant", .timeLimit(.minutes(5)))
    struct CrashTests {
        private static let slow = (1...400).map { "word\($0)" }.joined(separator: " ")

        @Test(
            "the history opens whole, with every finished message and what was seen of the others",
            arguments: 1...4)
        func killed(seed: UInt64) async throws {
            var random = SeededRandom(seed: seed)
            let engine = try ScriptedEngine.serving { request in
                // The short question stands in the long one's request too.
                request.text.contains("long")
                    ? .reply(answer: Self.slow, pause: .milliseconds(20)) : .reply(answer: "Finished.")
            }
            defer { engine.stop() }
            let program = try Program(engine: engine.url, isInMemory: true)
            for round in 1...4 {
                let chat = try await Chat(program)
                defer { chat.close() }
                try await chat.wait(for: "tiny")
                // What stood in the composer of the one before comes back; it is not part of this question.
                try await chat.press("C-u")
                try await chat.ask("short \(round)")
                try await chat.wait(for: "Finished\\.")
                try await chat.ask("long \(round)")
                let seen = try await watch(chat, for: Double.random(in: 0.1..<3, using: &random))
                kill(chat.processID, SIGKILL)
                #expect(try await chat.waitForEnd() == 137)

                let lines = try await contents(program)
                #expect(!lines.contains { $0.hasPrefix("finding") }, "\(lines)")
                for number in 1...round { #expect(lines.contains { $0 == "user complete: short \(number)" }) }
                #expect(lines.filter { $0 == "assistant complete: Finished." }.count == round)
                // The chats come newest first.
                let asked = lines.firstIndex(of: "user complete: long \(round)")
                let answer = asked.map { lines[$0...].dropFirst().first ?? "" } ?? "none"
                #expect(answer.split(separator: " ").count - 2 >= seen, "seen \(seen): \(answer)")
            }
        }

        @Test("what an engine said before it fell silent is stored a quarter of a second later")
        func silence() async throws {
            let engine = try ScriptedEngine.serving { _ in
                .beginning((1...12).map { "word\($0)" }.joined(separator: " "), pause: .milliseconds(15))
            }
            defer { engine.stop() }
            let program = try Program(engine: engine.url, isInMemory: true)
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.wait(for: "tiny")
            try await chat.ask("count")
            let lateness = Lateness()
            try await chat.wait(for: "word12")
            try await Task.sleep(for: .milliseconds(250))
            try await Task.sleep(for: lateness.allowance)
            kill(chat.processID, SIGKILL)
            #expect(try await chat.waitForEnd() == 137)
            #expect(try await contents(program).last?.hasSuffix("word11 word12") == true)

            let asked = try await program.shell(
                """
                "$scry" ask -q count </dev/null >"$HOME/out" & asking=$!
                until grep -q word12 "$HOME/out"; do sleep 0.01; done
                sleep \(0.25 + lateness.allowance / .seconds(1)); kill -9 $asking; wait $asking
                """)
            #expect(asked.status == 137, "\(asked)")
            let lines = try await contents(program).filter { $0.hasPrefix("assistant interrupted: ") }
            #expect(lines.count == 2 && lines.allSatisfy { $0.hasSuffix("word11 word12") }, "\(lines)")
        }

        /// What is done at the instant of a kill.
        private enum Deed: CaseIterable { case typing, capturing, streaming }

        @Test(
            "two chats that write at once, and an export beside them: whatever each does, nothing finished is lost",
            arguments: 1...3)
        func everything(seed: UInt64) async throws {
            var random = SeededRandom(seed: seed &* 7919)
            let display = try XServer(width: 320, height: 240)
            defer { display.stop() }
            let engine = try ScriptedEngine.serving { request in
                request.text.contains("long")
                    ? .reply(answer: Self.slow, pause: .milliseconds(20)) : .reply(answer: "Finished.")
            }
            defer { engine.stop() }
            let program = try Program(engine: engine.url, display: display, isInMemory: true)
            var finished = 0
            for round in 1...3 {
                let chats = [try await Chat(program), try await Chat(program)]
                defer { chats.forEach { $0.close() } }
                for (place, chat) in chats.enumerated() {
                    try await chat.wait(for: "tiny")
                    // What was being written in the ones before comes back, and is not part of this question.
                    try await chat.press("C-u", "C-u")
                    try await chat.ask("short \(round) \(place)")
                    try await chat.wait(for: "Finished\\.")
                    finished += 1
                }
                let exporting = try export(program)
                for chat in chats { try await begin(Deed.allCases.randomElement(using: &random) ?? .typing, in: chat) }
                for chat in chats.shuffled(using: &random) {
                    try await Task.sleep(for: .milliseconds(Int.random(in: 1...400, using: &random)))
                    kill(chat.processID, SIGKILL)
                    if exporting.isRunning { kill(exporting.processIdentifier, SIGKILL) }
                    // The other one goes on while the history is looked at.
                    try await check(program, finished: finished)
                }
                for chat in chats { #expect(try await chat.waitForEnd() == 137) }
                try await check(program, finished: finished)
                try checkExport(program)
            }
        }

        @Test("what was typed a quarter of a second ago is there again", arguments: 1...3)
        func typing(seed: UInt64) async throws {
            var random = SeededRandom(seed: seed &* 104_729)
            let engine = try ScriptedEngine.serving { _ in .reply(answer: "Finished.") }
            defer { engine.stop() }
            let program = try Program(engine: engine.url, isInMemory: true)
            for _ in 1...3 {
                let chat = try await Chat(program)
                defer { chat.close() }
                try await chat.wait(for: "tiny")
                try await chat.press("C-u")
                let lateness = Lateness()
                var typed: [(at: ContinuousClock.Instant, count: Int)] = []
                for word in 1...Int.random(in: 5...20, using: &random) {
                    try await chat.type("w\(word) ")
                    let shown = try await chat.screen.matches(of: /w([0-9]+)/).compactMap { Int($0.1) }.max() ?? 0
                    typed.append((ContinuousClock.now, shown))
                }
                let limit = ContinuousClock.now - .milliseconds(250) - lateness.allowance
                kill(chat.processID, SIGKILL)
                #expect(try await chat.waitForEnd() == 137)
                let safe = typed.last { $0.at < limit }?.count ?? 0
                let next = try await Chat(program)
                defer { next.close() }
                if safe > 0 { try await next.wait(for: "w\(safe)\\b") }
                try await next.wait(for: "tiny")
                try await next.press("C-c", "C-d")
                #expect(try await next.waitForEnd() == 0)
            }
        }

        private func begin(_ deed: Deed, in chat: Chat) async throws {
            switch deed {
            case .typing: try await chat.type("an unfinished thought")
            case .capturing:
                try await chat.press("F2")
                try await chat.type("what is this?")
            case .streaming:
                try await chat.ask("long")
                try await chat.wait(for: "word1")
            }
        }

        private func export(_ program: Program) throws -> Process {
            let process = Process()
            process.executableURL = URL(filePath: Program.path)
            process.arguments = [
                "chats", "export", "--all", "-f", "jsonl", "--force", "-o", program.home + "/export.jsonl",
            ]
            process.environment = program.environment
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            return process
        }

        /// An export that is there is whole, whenever the next one was killed.
        private func checkExport(_ program: Program) throws {
            guard let bytes = FileManager.default.contents(atPath: program.home + "/export.jsonl") else { return }
            #expect(bytes.last == UInt8(ascii: "\n"))
            for line in bytes.split(separator: UInt8(ascii: "\n")) {
                #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line)) }
            }
        }

        private func check(_ program: Program, finished: Int) async throws {
            let lines = try await contents(program)
            #expect(!lines.contains { $0.hasPrefix("finding") }, "\(lines)")
            #expect(lines.filter { $0 == "assistant complete: Finished." }.count == finished, "\(lines)")
        }

        /// Looks at the screen for a while; the last word that was there well before the end.
        private func watch(_ chat: Chat, for seconds: Double) async throws -> Int {
            var looks: [(at: ContinuousClock.Instant, word: Int)] = []
            let lateness = Lateness()
            let end = ContinuousClock.now + .seconds(seconds)
            while ContinuousClock.now < end {
                let screen = try await chat.screen
                let words = screen.matches(of: /word([0-9]+)/).compactMap { Int($0.1) }
                looks.append((ContinuousClock.now, words.max() ?? 0))
            }
            let limit = ContinuousClock.now - .milliseconds(250) - lateness.allowance
            return looks.last { $0.at < limit }?.word ?? 0
        }

        private func contents(_ program: Program) async throws -> [String] {
            let tool = URL(filePath: Program.path).deletingLastPathComponent().path + "/HistoryTool"
            let output = try await onThread { try capture([tool, "check", program.home + "/data/scry"]) }
            return output.split(separator: "\n").map(String.init)
        }
    }
}

/// How late a thread is on this machine that sleeps and then computes, while a test looks: no fault of the program's.
private final class Lateness: Sendable {
    private let worst = Mutex(Duration.zero)
    private let isOver = Atomic(false)

    init() {
        Thread.detachNewThread { [weak self] in
            while let self, !self.isOver.load(ordering: .relaxed) {
                let start = ContinuousClock.now
                usleep(2000)
                let computed = ThreadTime.now + 0.003
                while ThreadTime.now < computed {}
                let late = ContinuousClock.now - start - .milliseconds(5)
                self.worst.withLock { $0 = max($0, late) }
            }
        }
    }

    /// What the program may take beyond its own time: an answer passes five threads before it is stored.
    var allowance: Duration {
        isOver.store(true, ordering: .relaxed)
        return .milliseconds(30) + worst.withLock { $0 } * 5
    }
}
