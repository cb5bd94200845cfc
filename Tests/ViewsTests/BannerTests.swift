import Cells
import Conversation
import Session
import TestSupport
import Testing
import Views

@Suite struct BannerTests {
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
}
