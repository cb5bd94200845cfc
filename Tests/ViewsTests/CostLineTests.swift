import Cells
import Conversation
import Session
import TestSupport
import Testing
import Views

@Suite struct CostLineTests {
    private func written(
        _ columns: Int, _ rows: Int, message: Int, request: Int, isExact: Bool = false
    ) -> ScriptedSession {
        var session = session(columns, rows)
        session.theme = .dark
        session.type("hello")
        for case .count(let ticket, _, _) in session.feed(.writingPaused) {
            session.feed(
                .counted(
                    ticket: ticket,
                    TokenCount(total: request, perMessage: [request - message, message], isExact: isExact)))
        }
        return session
    }

    @Test("the line above the composer says what the message costs and what is left")
    func fits() {
        var session = written(80, 24, message: 1_240, request: 2_092)
        #expect(session.rows()[21].hasSuffix("─ ≈ 1,240 tokens · 6,100 left of 8,192 ─"))
        session = written(80, 24, message: 1_240, request: 2_092, isExact: true)
        #expect(session.rows()[21].hasSuffix("─ 1,240 tokens · 6,100 left of 8,192 ─"))
        session = written(160, 48, message: 5, request: 9)
        #expect(session.rows()[45].hasSuffix("─ ≈ 5 tokens · 8,183 left of 8,192 ─"))
        session.type("<backspace><backspace><backspace><backspace><backspace>")
        #expect(!session.screen().contains("tokens"))
    }

    @Test("a screen without such a line says it in the status bar")
    func small() {
        var session = written(40, 10, message: 1_240, request: 2_092)
        #expect(session.rows()[9].contains("≈ 1.2k · 6.1k left"))
        #expect(session.rows()[9].contains("thinking on"))
    }

    @Test("what will not fit is said in another colour")
    func full() {
        var session = written(80, 24, message: 100, request: 7_500)
        #expect(session.rows()[21].contains("≈ 100 tokens · full at 8,192: the oldest stays out"))
        #expect(session.draw().grid.row(21).contains { $0.style == Theme.dark.problem })
        session = written(80, 24, message: 9_000, request: 9_010)
        #expect(session.rows()[21].contains("≈ 9,000 tokens do not fit: 7,168 of 8,192 are free"))
        session = written(40, 10, message: 9_000, request: 9_010)
        #expect(session.rows()[9].contains("≈ 9k: too long"))
    }
}
