import Foundation
import Synchronization
import TestSupport
import Testing

extension EndToEnd {
    /// The real program, killed while it is typed into and while an answer streams.
    ///
    /// Writers without a screen are killed far more often in the tests of the history. The promise is a quarter of a second of
    /// the program's; what the machine takes is kept out of it: the history is in memory, and how late threads wake is
    /// measured while the program runs.
    @Suite("Killed at any instant", .timeLimit(.minutes(3)))
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
                let answer = lines.last { $0.hasPrefix("assistant interrupted: ") } ?? ""
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

        /// Looks at the screen for a while; the last word that was there well before the end.
        private func watch(_ chat: Chat, for seconds: Double) async throws -> Int {
            var looks: [(at: ContinuousClock.Instant, word: Int)] = []
            let end = ContinuousClock.now + .seconds(seconds)
            while ContinuousClock.now < end {
                let screen = try await chat.screen
                let words = screen.matches(of: /word([0-9]+)/).compactMap { Int($0.1) }
                looks.append((ContinuousClock.now, words.max() ?? 0))
            }
            // More than a second for a machine on which every core is wanted by ten others; the quarter second itself is
            // tested where the engine falls silent.
            let limit = ContinuousClock.now - .milliseconds(1500)
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
