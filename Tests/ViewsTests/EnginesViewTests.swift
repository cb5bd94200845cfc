import Cells
import Conversation
import Session
import TestSupport
import Testing
import Views

@Suite struct EnginesViewTests {
    static let ollama = EngineProfile(
        name: "ollama", kind: .ollama, url: "http://127.0.0.1:11434/v1",
        models: [
            ModelProfile(id: "smollm2:135m", contextLength: 2_048, vision: false),
            ModelProfile(
                id: "a-model-with-a-name-that-is-longer-than-any-column:70b-instruct-q4_K_M", contextLength: 131_072,
                vision: true, video: true, thinking: true, tools: true),
        ])

    static func opened(_ columns: Int, _ rows: Int) -> ScriptedSession {
        var session = session(columns, rows)
        session.type("<alt-m>")
        session.feed(.engineListed(EngineListing(place: 1, .engine(.seeing))))
        session.feed(.engineListed(EngineListing(place: 4, .engine(ollama))))
        session.feed(
            .engineListed(
                EngineListing(place: 2, .none(name: "lab", sentence: "Nothing answers at http://10.0.0.7:8000/v1."))))
        session.feed(.engineListed(EngineListing(place: 3, .engine(.remoteBlind))))
        return session
    }

    @Test("the list says what each model can do, marks the one in use, and tells what does not answer")
    func list() {
        var session = Self.opened(80, 24)
        expect(
            &session,
            shows: """


                 Ask about anything on your screen.

                   Enter  asks what you wrote; the answer and its reasoning stream in here
                   F2     puts a picture of the screen beside your words
                   F5     records the screen until you press it again, to be summed up
                ╭─ Engines and models ─────────────────────────────────────────────────────────╮
                │ ›● zai-org/GLM-4.5V             vllm    8k · sees · thinks                   │
                │    words-7b                     lab     32k · cannot see · remote            │
                │    smollm2:135m                 ollama  2k · cannot see                      │
                │    a-model-with-a-name-that-i…  ollama  128k · sees · video · thinks · tools │
                │ ✗ lab: Nothing answers at http://10.0.0.7:8000/v1.                           │
                │ asking the engines …                                                         │
                ╰─ Enter switches · Esc closes · letters narrow the list ──────────────────────╯






                ────────────────────────────────────────────────────────────────────────────────
                › Write a question …
                 vllm · GLM-4.5V · thinking on
                """)
        session.feed(.allEnginesListed)
        #expect(!session.screen().contains("asking"))
        session.type("<down><down><enter>")
        #expect(session.state.currentEngine?.model == "smollm2:135m")
        #expect(session.screen().contains("smollm2:135m on ollama answers from now on."))
        #expect(session.rows()[23].contains("cannot see"))
    }

    @Test("nothing runs over the edges on a small and on a large screen", arguments: [(40, 10), (160, 48)])
    func sizes(columns: Int, rows: Int) {
        var session = Self.opened(columns, rows)
        let screen = session.screen()
        #expect(screen.contains("● zai-org/GLM"))
        #expect(screen.contains("Engines and models"))
        #expect(screen.contains("asking the engines"))
        if rows > 10 { #expect(screen.contains("128k · sees · video · thinks · tools")) }
        session.type("70b")
        #expect(session.screen().contains("Engines and models: 70b"))
        #expect(session.screen().contains("a-model-"))
        #expect(!session.screen().contains("GLM-4.5V  "))
        session.type("zzz")
        session.feed(.allEnginesListed)
        #expect(session.screen().contains("nothing matches"))
        session.type("<escape>")
        #expect(!session.screen().contains("Engines and models"))
    }

    @Test("a long list scrolls around the chosen line, and hostile names cannot reach the terminal")
    func long() {
        var session = session(60, 12)
        session.type("<alt-m>")
        let models = (1...40).map { ModelProfile(id: "model-\($0)\u{1b}[31m") }
        session.feed(
            .engineListed(
                EngineListing(
                    place: 1,
                    .engine(EngineProfile(name: "many\u{7}", kind: .openai, url: "http://[::1]/v1", models: models)))))
        session.type("<pagedown><pagedown><down>")
        let screen = session.screen()
        #expect(screen.contains("› model-22") || screen.contains("›  model-22"))
        #expect(!screen.contains("\u{1b}") && !screen.contains("\u{7}"))
        session.type("<pagedown><pagedown><pagedown><pagedown>")
        #expect(session.screen().contains("model-40"))
    }
}
