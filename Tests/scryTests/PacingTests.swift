import Cells
import Conversation
import Session
import Terminal
import Testing
import Views

@testable import scry

/// How often the screen is painted.
@MainActor @Suite struct PacingTests {
    /// Runs a chat on a terminal that only remembers, until the body has ended.
    private func chat(
        _ manners: Configuration.Terminal, _ body: (EventLoop, RecordingTerminal) async throws -> Void
    ) async rethrows {
        let terminal = RecordingTerminal()
        let state = SessionState(settings: SessionSettings(), now: .now)
        let loop = EventLoop(
            state: state, terminal: terminal, keymap: Keymap(), manners: manners, environment: [:])
        let running = Task { await loop.run { _, _ in } }
        loop.report(
            .engineChanged(.ready(EngineProfile(name: "lab", kind: .vllm, url: "http://localhost"), model: "m")))
        terminal.type("question")
        terminal.press(.enter)
        await until { loop.state.reply != nil }
        try await body(loop, terminal)
        terminal.close()
        await running.value
    }

    private func until(_ isDone: () -> Bool) async {
        let deadline = ContinuousClock.now + .seconds(20)
        while !isDone(), ContinuousClock.now < deadline { try? await Task.sleep(for: .milliseconds(2)) }
        #expect(isDone())
    }

    /// Streams pieces for a while, and says how many frames that made for how many could be made at most.
    private func frames(_ loop: EventLoop, _ terminal: RecordingTerminal, seconds: Double) async -> Int {
        let turn = loop.state.reply?.turn ?? 0
        let before = terminal.screens.count
        let end = ContinuousClock.now + .seconds(seconds)
        var count = 0
        while ContinuousClock.now < end {
            loop.report(.replyArrived(turn: turn, [.answer("word\(count) ")]))
            count += 1
            try? await Task.sleep(for: .milliseconds(3))
        }
        let drawn = terminal.screens.count - before
        loop.report(.replyArrived(turn: turn, [.answer("END")]))
        loop.report(.replyArrived(turn: turn, [.finished(.stop)]))
        await until { loop.state.reply == nil }
        await until { terminal.screen.map { screen in text(screen).contains("END") } ?? false }
        return drawn
    }

    private func text(_ screen: Screen) -> String {
        (0..<screen.grid.size.rows).map { screen.grid.text(row: $0) }.joined(separator: "\n")
    }

    @Test("an answer that streams is painted no more often than is configured", arguments: [5, 20])
    func framesPerSecond(most: Int) async {
        var manners = Configuration.Terminal()
        manners.framesPerSecond = most
        await chat(manners) { loop, terminal in
            let drawn = await frames(loop, terminal, seconds: 1)
            // Seconds are counted besides, and the first piece does not wait.
            #expect((2...most + 3).contains(drawn), "\(drawn)")
        }
    }

    @Test("where motion is reduced, little moves while an answer streams")
    func reducedMotion() async {
        var manners = Configuration.Terminal()
        manners.reducesMotion = true
        await chat(manners) { loop, terminal in
            let drawn = await frames(loop, terminal, seconds: 2)
            #expect((1...5).contains(drawn), "\(drawn)")
        }
    }
}
