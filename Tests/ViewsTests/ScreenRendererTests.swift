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
        session.type("你好 👩‍👩‍👧!")
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
                › 你好 👩‍👩‍👧!
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
                 vllm · GLM-4.5V · thinking on · thinking 8 s
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

    @Test("the status bar says whether thinking is on")
    func thinking() {
        var session = session(72, 10)
        #expect(session.rows()[9].contains(" thinking on "))
        session.type("<ctrl-t>")
        #expect(session.rows()[9].contains(" thinking off "))
        #expect(!session.rows()[9].contains("thinking on"))
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
                ▌ queued







                ────────────────────────────────────────────────────────────────
                › Write a question …
                 vllm · GLM-4.5V · thinking on · waiting 5 s · 1 queued
                """)
    }

    @Test("the status bar says what the engine is doing")
    func phases() {
        var session = session(90, 12)
        session.type("Hello<enter>")
        session.wait(12)
        #expect(session.rows()[11].contains("waiting 12 s"))
        session.reply(.prefill(done: 400, total: 1_000))
        #expect(session.rows()[11].contains("reading the prompt 40 %"))
        session.reply(.reasoning("Hm"))
        session.wait(8)
        #expect(session.rows()[11].contains("thinking 8 s"))
        session.reply(.answer("Hi"))
        #expect(session.rows()[11].contains("answering"))
        session.reply(
            .usage(Usage(promptTokens: 1_000, completionTokens: 201)), .finished(.stop))
        #expect(session.rows()[11].contains("1.2k/8k"))
        #expect(session.rows()[11].contains("25.0 tok/s"))
    }

    @Test("a message for an engine that is not there yet waits")
    func waitingForEngine() {
        var session = session(90, 12, engine: nil)
        session.type("Hello<enter>")
        #expect(session.rows()[11].contains("waiting for the engine"))
        #expect(session.rows()[11].contains("looking for an engine"))
    }

    @Test("a remote and a blind engine are called so, and less is said on a narrow screen")
    func remoteEngine() {
        var session = session(100, 10, engine: .remoteBlind)
        #expect(
            session.rows()[9].hasPrefix(
                " lab · words-7b · remote · cannot see: pictures are read as text · thinking on"))
        session.size = Size(columns: 60, rows: 10)
        #expect(session.rows()[9].hasPrefix(" lab · words-7b · remote · cannot see · thinking on"))
        session.size = Size(columns: 40, rows: 10)
        #expect(session.rows()[9] == " remote · cannot see · thinking on")
    }

    @Test("the engine's preparation has a bar")
    func preparing() {
        var session = session(60, 12, engine: nil)
        session.feed(.engineChanged(.preparing(step: "Fetching the engine", fraction: 0.42)))
        expect(
            &session,
            shows: """
                 Ask about anything on your screen.

                   Enter  asks what you wrote; the answer and its reasoning
                          stream in here
                   F2     puts a picture of the screen beside your words
                   F5     records the screen until you press it again, to
                          be summed up

                Fetching the engine ▕████████████▌                 ▏ 42 %
                ────────────────────────────────────────────────────────────
                › Write a question …
                 engine is being prepared · thinking on             F1 help
                """)
        session.feed(.engineChanged(.preparing(step: "Starting the engine", fraction: nil)))
        #expect(session.screen().contains("Starting the engine …"))
        for fraction in [-1, 0, 0.01, 0.999, 1, 7, Double.nan, .infinity] {
            session.feed(.engineChanged(.preparing(step: "Fetching", fraction: fraction)))
            #expect(session.draw().grid.size == session.size)
        }
    }

    @Test("an offer says what it is and what the keys do")
    func offer() {
        var session = session(64, 14, engine: nil)
        session.feed(
            .engineChanged(
                .offering(
                    EngineOffer(
                        name: "GLM-4.6V-Flash", byteCount: 6_200_000_000, licence: "MIT", alternative: "SmolVLM"))))
        expect(
            &session,
            shows: """
                 Ask about anything on your screen.

                   Enter  asks what you wrote; the answer and its reasoning
                          stream in here
                   F2     puts a picture of the screen beside your words
                   F5     records the screen until you press it again, to be
                          summed up

                ? No engine answers. Scry can fetch one with a model: GLM-4.6V-
                  Flash · 6.2 GB · licence MIT.
                  Enter fetches it · Esc uses SmolVLM instead
                ────────────────────────────────────────────────────────────────
                › Write a question …
                 no engine · thinking on        F1 help · F2 screen · F5 record
                """)
    }

    @Test("a long problem takes four lines and no more")
    func problem() {
        var session = session(40, 14)
        session.feed(.noticed(Notice(.problem, String(repeating: "The engine broke. ", count: 30))))
        expect(
            &session,
            shows: """
                 Ask about anything on your screen.

                   Enter  asks what you wrote; the
                          answer and its reasoning
                          stream in here
                   F2     puts a picture of the screen
                          beside your words
                ✗ The engine broke. The engine broke.
                  The engine broke. The engine broke.
                  The engine broke. The engine broke.
                  The engine broke. The engine broke.…
                ────────────────────────────────────────
                › Write a question …
                 vllm · GLM-4.5V · thinking on
                """)
        session.feed(.noticed(Notice(.information, "Done.")))
        #expect(session.rows()[10] == "• Done.")
    }

    @Test("attachments are chips with what they cost")
    func chips() {
        var session = session(76, 16)
        session.type("<f2>")
        #expect(session.screen().contains("  taking a picture …"))
        session.feed(.attached(.screenshot()))
        session.feed(.attached(.notes))
        session.feed(.attached(.clip))
        session.type("<f3>")
        expect(
            &session,
            shows: """
                 Ask about anything on your screen.

                   Enter  asks what you wrote; the answer and its reasoning stream in here
                   F2     puts a picture of the screen beside your words
                   F5     records the screen until you press it again, to be summed up

                 Ctrl+T switches thinking · F1 lists every key




                ────────────────────────────────────────────────────────────────────────────
                  ▣ screen 1920×1080 · 2693 tokens   ≡ notes.txt 12 kB
                  ◉ recording 10.0 s · 6 frames · 9.1k tokens   taking a picture …
                › Write a question …
                 vllm · GLM-4.5V · thinking on              F1 help · F2 screen · F5 record
                """)
        session.feed(.attachmentFailed("No window has the focus."))
        session.type("See these<enter>")
        expect(
            &session,
            shows: """
                ▌ ▣ screen 1920×1080 · 2693 tokens
                ▌ ≡ notes.txt 12 kB
                ▌ ◉ recording 10.0 s · 6 frames · 9.1k tokens
                ▌ See these

                …







                ────────────────────────────────────────────────────────────────────────────
                › Write a question …
                 vllm · GLM-4.5V · thinking on · preparing the pictures
                """)
    }

    @Test("chips that have no place are counted")
    func manyChips() {
        var session = session(50, 12)
        for index in 1...12 { session.feed(.attached(.screenshot("window \(index)"))) }
        #expect(session.rows().contains { $0.contains("▣ window 1 1920×1080") && $0.hasSuffix("+11 more") })
    }

    @Test("the chips' costs come from the owner of the renderer")
    func tokenCost() {
        var session = session(60, 12)
        session.renderer.tokenCost = { _, model in model == "zai-org/GLM-4.5V" ? 77 : 0 }
        session.feed(.attached(.screenshot()))
        #expect(session.screen().contains("1920×1080 · 77 tokens"))
    }

    @Test("a recording shows its time and how to stop it")
    func recording() {
        var session = session(64, 12)
        session.type("<f5>")
        session.wait(7)
        session.feed(.recordingProgressed(frames: 34, byteCount: 120_000))
        #expect(session.rows()[9] == "  ● REC 00:07 · 34 frames · 120 kB · F5 stops")
        session.type("<f5>")
        #expect(session.rows()[9] == "  ● choosing the frames …")
    }

    @Test(
        "an answer that did not end well says so",
        arguments: [
            (Message.Outcome.stopped, "■ stopped"), (.interrupted, "■ interrupted"),
            (.cutByLength, "✂ cut: token limit"),
            (.failed("The engine broke. Ask again."), "⚠ The engine broke. Ask again."),
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

    @Test("help lists every key and slash command")
    func help() {
        var session = session(80, 70)
        session.type("<f1>")
        let screen = session.screen()
        for command in Command.allCases {
            if !command.description.keys.isEmpty { #expect(screen.contains(session.keymap.label(for: command))) }
            #expect(screen.contains(command.description.help))
            if let slash = command.description.slash { #expect(screen.contains("/" + slash)) }
        }
        #expect(session.draw().cursor == nil)
        session.size = Size(columns: 60, rows: 12)
        expect(
            &session,
            shows: """
                ╭─ Keys ───────────────────────────────────────────────────╮
                │ Asking                                                   │
                │  Enter                     send; queued while an answer  │
                │  Alt+Enter, Ctrl+J, Shift+Enter  new line                │
                │  Ctrl+T                    thinking mode on or off       │
                │  Ctrl+O                    fold or unfold the reasoning  │
                │  Esc                       close what is open, else stop │
                │  Ctrl+C                    stop, else clear; twice: quit │
                │                                                          │
                │ The screen                                               │
                ╰─ ↑ ↓ scroll · Esc closes ────────────────────────────────╯
                 vllm · GLM-4.5V · thinking on
                """)
        session.type("<pagedown><pagedown><pagedown><pagedown><pagedown><pagedown><pagedown><pagedown>")
        #expect(session.rows()[9].contains("/quit"))
    }

    @Test("old chats are listed with date, title and number of messages")
    func chats() {
        var session = session(64, 12)
        session.type("<ctrl-r>")
        #expect(session.screen().contains("reading …"))
        session.feed(.chatsListed([]))
        #expect(session.screen().contains("no earlier chats"))
        session.feed(
            .chatsListed(
                (1...20).map { number in
                    ChatSummary(
                        id: "\(number)", title: number == 2 ? "" : "Chat number \(number)",
                        createdAt: Date(timeIntervalSince1970: 0),
                        updatedAt: Date(timeIntervalSince1970: 1_763_800_000 - Double(number) * 90_000),
                        messageCount: number)
                }))
        session.type("<down><down>")
        expect(
            &session,
            shows: """
                ╭─ Earlier chats ──────────────────────────────────────────────╮
                │   2025-11-21 07:26  Chat number 1                  1 message │
                │   2025-11-20 06:26  untitled                      2 messages │
                │ › 2025-11-19 05:26  Chat number 3                 3 messages │
                │   2025-11-18 04:26  Chat number 4                 4 messages │
                │   2025-11-17 03:26  Chat number 5                 5 messages │
                │   2025-11-16 02:26  Chat number 6                 6 messages │
                │   2025-11-15 01:26  Chat number 7                 7 messages │
                │   2025-11-14 00:26  Chat number 8                 8 messages │
                │   2025-11-12 23:26  Chat number 9                 9 messages │
                ╰─ Enter opens · Esc closes ───────────────────────────────────╯
                 vllm · GLM-4.5V · thinking on
                """)
        #expect(session.attributes(row: 3).contains("rrrr"))
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
