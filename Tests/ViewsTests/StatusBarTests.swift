import Cells
import Conversation
import Session
import TestSupport
import Testing
import Views

@Suite struct StatusBarTests {
    @Test("the status bar says whether thinking is on")
    func thinking() {
        var session = session(72, 10)
        #expect(session.rows()[9].contains(" thinking on "))
        session.type("<ctrl-t>")
        #expect(session.rows()[9].contains(" thinking off "))
        #expect(!session.rows()[9].contains("thinking on"))
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

    @Test("after an answer stands what it cost and how fast it came, as far as there is room")
    func figures() {
        var session = session(160, 48)
        session.type("Hello<enter>")
        session.wait(1.5)
        session.reply(.answer("Hi"))
        session.wait(2)
        session.reply(
            .usage(Usage(promptTokens: 1_240, completionTokens: 60, cachedTokens: 1_029, tokensPerSecond: 31.25)),
            .finished(.stop))
        #expect(session.rows()[47].contains("first token 1.5 s · 83 % cached · prompt 1.2k · 31.3 tok/s · 1.3k/8k"))
        session.size = Size(columns: 80, rows: 24)
        #expect(session.rows()[23].hasSuffix("first token 1.5 s · 31.3 tok/s · 1.3k/8k"))
        session.size = Size(columns: 40, rows: 10)
        #expect(session.rows()[9] == " GLM-4.5V · thinking on         1.3k/8k")
    }

    @Test("thinking counts its tokens, and a retry counts down and says why")
    func counters() {
        var session = session(100, 24)
        session.type("Hello<enter>")
        session.reply(.retrying(attempt: 1, after: 4, because: "The engine is loading its model"))
        session.wait(1)
        #expect(session.rows()[23].contains("The engine is loading its model: asking again in 3 s"))
        session.size = Size(columns: 40, rows: 10)
        #expect(session.rows()[9].contains("asking again in 3 s"))
        session.size = Size(columns: 100, rows: 24)
        session.reply(.prefill(done: 500, total: 2_000))
        #expect(session.rows()[23].contains("reading the prompt 25 % of 2k tokens"))
        for _ in 0..<1_240 { session.reply(.reasoning("a ")) }
        session.wait(5)
        #expect(session.rows()[23].contains("thinking 5 s · ≈ 1,240 tokens"))
        session.type("<ctrl-g>")
        #expect(session.rows()[23].contains("waiting"))
        session.reply(.answer("So."), .finished(.stop))
        #expect(session.screen().contains("▸ thought for 5 s, cut at 1,240 tokens · Ctrl+O unfolds"))
    }

    @Test("before the first picture goes to an engine elsewhere, the status bar says so")
    func leaves() {
        let far = EngineProfile(
            name: "far", kind: .openai, url: "http://localhost:x@engine.example/v1",
            models: [ModelProfile(id: "eyes", vision: true)])
        var session = session(80, 24, engine: far)
        #expect(session.rows()[23].contains("· remote ·"))
        session.feed(.attached(.screenshot()))
        #expect(session.rows()[23].contains("remote: pictures leave this machine"))
    }
}
