import Cells
import Conversation
import FoundationEssentials
import Session
import TestSupport
import Testing
import Views

@Suite struct ScreenRendererTests {
    @Test("an empty chat names the jobs and their keys")
    func emptyChat() {
        var session = session(72, 16)
        expect(
            &session,
            shows: """


                 Ask about anything on your screen.

                   Enter  asks what you wrote; the answer and its reasoning stream in
                          here
                   F2     puts a picture of the screen beside your words
                   F5     records the screen until you press it again, to be summed up

                 Ctrl+T switches thinking · F1 lists every key



                ────────────────────────────────────────────────────────────────────────
                › Write a question …
                 vllm · GLM-4.5V · thinking on          F1 help · F2 screen · F5 record
                """)
    }

    @Test("the cursor stands behind wide characters")
    func wideCharacters() {
        var session = session(60, 12)
        session.type("你好 👩‍👧!")
        expect(
            &session,
            shows: """
                 Ask about anything on your screen.

                   Enter  asks what you wrote; the answer and its reasoning
                          stream in here
                   F2     puts a picture of the screen beside your words
                   F5     records the screen until you press it again, to
                          be summed up

                 Ctrl+T switches thinking · F1 lists every key
                ────────────────────────────────────────────────────────────
                › 你好 👩‍👧!
                 vllm · GLM-4.5V · thinking on                      F1 help
                """)
        #expect(session.draw().cursor == Point(column: 2 + 4 + 1 + 2 + 1, row: 10))
        session.type("<left><left>")
        #expect(session.draw().cursor == Point(column: 2 + 4 + 1, row: 10))
        session.type("<home>")
        #expect(session.draw().cursor == Point(column: 2, row: 10))
    }

    @Test("what is written grows to a third of the screen and scrolls inside")
    func composerGrows() {
        var session = session(40, 12)
        for line in 1...9 { session.type("line \(line)<alt-enter>") }
        session.type("a line that is longer than the screen is wide")
        expect(
            &session,
            shows: """
                 Ask about anything on your screen.

                   Enter  asks what you wrote; the
                          answer and its reasoning
                          stream in here
                   F2     puts a picture of the screen
                ────────────────────────────────────────
                  line 8
                  line 9
                  a line that is longer than the screen
                   is wide
                 vllm · GLM-4.5V · thinking on
                """)
        #expect(session.draw().cursor == Point(column: 10, row: 10))
        session.type("<up><up><up>")
        #expect((session.draw().cursor?.row).map { (7...10).contains($0) } == true)
    }

    @Test("reasoning streams open and folds when the answer begins")
    func reasoning() {
        var session = session(60, 14)
        session.type("Why is the sky blue?<enter>")
        session.wait(2)
        session.reply(.reasoning("Rayleigh scattering.\nShort waves scatter more."))
        session.wait(8)
        expect(
            &session,
            shows: """
                ▌ Why is the sky blue?

                ▾ thinking 8 s · Ctrl+O folds
                │ Rayleigh scattering.
                │ Short waves scatter more.






                ────────────────────────────────────────────────────────────
                › Write a question …
                 vllm · GLM-4.5V · thinking on · thinking 8 s · ≈ 11 tokens
                """)
        session.wait(4)
        session.reply(.answer("Because **blue** light scatters"))
        session.wait(1)
        expect(
            &session,
            shows: """
                ▌ Why is the sky blue?

                ▸ thought for 12 s · Ctrl+O unfolds

                Because blue light scatters






                ────────────────────────────────────────────────────────────
                › Write a question …
                 vllm · GLM-4.5V · thinking on · answering        0.1 tok/s
                """)
        session.type("<ctrl-o>")
        expect(
            &session,
            shows: """
                ▌ Why is the sky blue?

                ▾ thought for 12 s · Ctrl+O folds
                │ Rayleigh scattering.
                │ Short waves scatter more.

                Because blue light scatters




                ────────────────────────────────────────────────────────────
                › Write a question …
                 vllm · GLM-4.5V · thinking on · answering        0.1 tok/s
                """)
    }

    @Test("a message that waits is marked")
    func queued() {
        var session = session(64, 16)
        session.type("First<enter>")
        session.wait(5)
        session.type("Second<enter>")
        expect(
            &session,
            shows: """
                ▌ First

                …

                ▌ Second
                ▌ queued · ↑ takes it back







                ────────────────────────────────────────────────────────────────
                › Write a question …
                 vllm · GLM-4.5V · thinking on · waiting 5 s · 1 queued
                """)
    }

    @Test(
        "an answer that did not end well says so",
        arguments: [
            (Message.Outcome.stopped, "■ stopped · Alt+C goes on"), (.interrupted, "■ interrupted · Alt+C goes on"),
            (.streaming, "■ interrupted"), (.cutByLength, "✂ cut: token limit · Alt+C goes on"),
            (.failed("The engine broke."), "⚠ The engine broke. · Alt+C goes on"),
        ])
    func ends(_ outcome: Message.Outcome, _ line: String) {
        var session = session(60, 14)
        let date = Date(timeIntervalSince1970: 0)
        let messages = [
            Message(role: .user, parts: [.text("Go")], createdAt: date),
            Message(role: .assistant, parts: [.text("Half an")], createdAt: date, outcome: outcome),
        ]
        session.feed(.chatOpened(Conversation(title: "Old", createdAt: date, messages: messages)))
        #expect(Array(session.rows().prefix(5)) == ["▌ Go", "", "Half an", line, ""])
    }

    @Test("a screen that is too small says what is needed")
    func tooSmall() {
        var session = session(39, 10)
        #expect(session.rows()[0] == "Scry needs 40×10 cells, here are 39×10.")
    }

    @Test("every size is drawn")
    func everySize() {
        var session = session(80, 24)
        session.feed(.attached(.screenshot()))
        session.feed(.attached(.notes))
        session.type("Look at this, 请看<enter>Next<alt-enter>line")
        session.feed(.attached(.clip))
        session.feed(.noticed(Notice(.problem, "Something went wrong somewhere, and this is why it did.")))
        session.type("<f5>")
        session.reply(.reasoning("Hm.\n\n- a\n  - b"), .answer(MarkdownTests.everything))
        for overlay in ["", "<f1>", "<f1><ctrl-r>"] {
            session.type(overlay)
            for columns in stride(from: 1, through: 120, by: overlay.isEmpty ? 1 : 7) {
                for rows in stride(from: 1, through: 40, by: overlay.isEmpty ? 3 : 7) {
                    session.size = Size(columns: columns, rows: rows)
                    let screen = session.draw()
                    #expect(screen.grid.size == session.size)
                    if let cursor = screen.cursor { #expect(screen.grid.bounds.contains(cursor)) }
                }
            }
        }
    }
}
