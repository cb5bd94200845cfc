import Cells
import Conversation
import Session
import TestSupport
import Testing
import Views

@Suite struct ChipRowsTests {
    @Test("attachments are chips with what they cost")
    func chips() {
        var session = session(76, 16)
        session.type("<f2>")
        #expect(session.screen().contains("  attaching …"))
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
                  ◉ recording 10.0 s · 6 frames · 9.1k tokens   attaching …
                › [▣ screen][≡ notes.txt][◉ recording][…]
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
                 vllm · GLM-4.5V · thinking on · preparing the pictures           Esc stops
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
        session.type("<f6>")
        session.wait(30)
        #expect(session.rows()[9] == "  ○ paused 00:07 · 34 frames · 120 kB · F6 goes on · F5 stops")
        session.type("<f6>")
        session.wait(2)
        session.feed(.recordingProgressed(frames: 40, byteCount: 130_000, dropped: 2))
        #expect(session.rows()[9] == "  ● REC 00:09 · 40 frames · 130 kB · 2 dropped · F5 stops")
        session.type("<f5>")
        #expect(session.rows()[9] == "  ● choosing the frames …")
    }
}
