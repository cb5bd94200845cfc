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
}
