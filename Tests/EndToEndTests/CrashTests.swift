import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// The real program, killed while it is typed into and while an answer streams.
    ///
    /// Writers without a screen are killed far more often in the tests of the history.
    @Suite("Killed at any instant", .timeLimit(.minutes(3)))
    struct CrashTests {
        private static let slow = (1...400).map { "word\($0)" }.joined(separator: " ")

        @Test(
            "the history opens whole, with every finished message and all but a quarter second of the others",
            arguments: 1...4)
        func killed(seed: UInt64) async throws {
            var random = SeededRandom(seed: seed)
            let engine = try ScriptedEngine.serving { request in
                // The short question stands in the long one's request too.
                request.text.contains("long")
                    ? .reply(answer: Self.slow, pause: .milliseconds(20)) : .reply(answer: "Finished.")
            }
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
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

        /// Looks at the screen for a while; the last word that was there more than a quarter of a second before the end.
        private func watch(_ chat: Chat, for seconds: Double) async throws -> Int {
            var looks: [(at: ContinuousClock.Instant, word: Int)] = []
            let end = ContinuousClock.now + .seconds(seconds)
            while ContinuousClock.now < end {
                let screen = try await chat.screen
                let words = screen.matches(of: /word([0-9]+)/).compactMap { Int($0.1) }
                looks.append((ContinuousClock.now, words.max() ?? 0))
            }
            // More than a second for the machine to write it: its disk is shared with everything else that is tested.
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
