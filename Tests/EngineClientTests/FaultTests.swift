import Conversation
import TestSupport
import Testing

@testable import EngineClient

/// What people read when an engine fails, fault by fault.
@Suite struct FaultTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var response: ScriptedEngine.Response
        var sentence: String?
        var answer = ""

        init(_ name: String, _ response: ScriptedEngine.Response, answer: String = "", _ sentence: String?) {
            testDescription = name
            self.response = response
            self.sentence = sentence
            self.answer = answer
        }
    }

    private static func raw(_ text: String, then steps: ScriptedEngine.Step...) -> ScriptedEngine.Response {
        .init([.send(Array(text.utf8))] + steps)
    }

    private static func raw(_ text: String) -> ScriptedEngine.Response { .init([.send(Array(text.utf8))]) }

    private static let stream = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
    private static let event = "data: \(Faults.delta("Par"))\n\n"
    private static let end = "data: \(Faults.finish)\n\ndata: [DONE]\n\n"

    static let silences = [
        Fault(
            "stalls before the head", .init([.stall]),
            "The engine at PLACE did not answer in time (nothing came for 0.2 seconds); it may be busy, try again."),
        Fault(
            "stalls before the first word", .init([.send(ScriptedEngine.Response.streamHead), .stall]),
            "The engine at PLACE did not answer in time (nothing came for 0.2 seconds); it may be busy, try again."),
        Fault(
            "keeps the connection alive and says nothing",
            .init(
                [.send(ScriptedEngine.Response.streamHead)]
                    + (0..<400).flatMap { _ in [.pause(.milliseconds(20)), .send(Array(":\n\n".utf8))] }),
            "The engine at PLACE did not answer in time (nothing came for 0.2 seconds); it may be busy, try again."),
        Fault(
            "goes silent in the middle", .events([Faults.delta("Par")], isDone: false, end: .stall), answer: "Par",
            "The engine at PLACE fell silent in the middle of its answer (nothing came for 0.1 seconds); try again."),
        Fault(
            "goes silent in the middle of an event", raw(stream + "\r\n" + event + "data: {\"cho", then: .stall),
            answer: "Par",
            "The engine at PLACE fell silent in the middle of its answer (nothing came for 0.1 seconds); try again."),
        Fault(
            "says a status and not why", raw("HTTP/1.1 400 Bad\r\nContent-Length: 99\r\n\r\n{\"err", then: .reset),
            "The engine refused the request (HTTP 400)."),
    ]

    static let breaks = [
        Fault(
            "dies before the head", .init([.reset]),
            "The engine at PLACE closed the connection without a reply; try again, or see its log."),
        Fault(
            "hangs up before the head", .init([]),
            "The engine at PLACE closed the connection without a reply; try again, or see its log."),
        Fault(
            "hangs up after the head", .init([.send(ScriptedEngine.Response.streamHead)]),
            "The engine at PLACE ended its reply before the first word; try again, or see its log."),
        Fault(
            "breaks in the middle", .events([Faults.delta("Par")], isDone: false), answer: "Par",
            "The engine at PLACE broke off in the middle of its answer; try again."),
        Fault(
            "fails in the middle", .events([Faults.delta("Par"), #"{"error":{"message":"CUDA out of memory"}}"#]),
            answer: "Par", "The engine at PLACE failed in the middle: CUDA out of memory; try again."),
        Fault(
            "speaks another protocol", raw("SSH-2.0-OpenSSH_9.2\r\n"),
            "What answers at PLACE does not speak HTTP; check the engine's url."),
        Fault(
            "has a head without end",
            raw(stream + String(repeating: "X-A: \(String(repeating: "a", count: 4000))\r\n", count: 200)),
            "What answers at PLACE does not speak HTTP; check the engine's url."),
    ]

    static let lies = [
        Fault(
            "promises more than it sends", raw(stream + "Content-Length: 9999\r\n\r\n" + event), answer: "Par",
            "The engine at PLACE broke off in the middle of its answer; try again."),
        Fault(
            "promises more than it sends, and has said all",
            raw(stream + "Content-Length: 9999\r\n\r\n" + event + end), answer: "Par", nil),
        Fault(
            "promises less than it sends",
            raw(stream + "Content-Length: \(event.utf8.count + 9)\r\n\r\n" + event + end), answer: "Par",
            "The engine at PLACE broke off in the middle of its answer; try again."),
        Fault(
            "has a chunk that is shorter than it says",
            raw(stream + "Transfer-Encoding: chunked\r\n\r\nfff\r\n" + event), answer: "Par",
            "The engine at PLACE broke off in the middle of its answer; try again."),
        Fault(
            "has a chunk that is longer than it says",
            raw(
                stream + "Transfer-Encoding: chunked\r\n\r\n\(String(event.utf8.count, radix: 16))\r\n" + event + "x"
                    + event),
            answer: "Par", "The engine at PLACE broke off in the middle of its answer; try again."),
        Fault(
            "has a chunk of no size", raw(stream + "Transfer-Encoding: chunked\r\n\r\nzz\r\n" + event),
            "The engine at PLACE ended its reply before the first word; try again, or see its log."),
        Fault(
            "has a length that is none", raw(stream + "Content-Length: many\r\n\r\n" + event),
            "What answers at PLACE does not speak HTTP; check the engine's url."),
        Fault(
            "says that it is compressed", raw(stream + "Content-Encoding: gzip\r\n\r\n\u{1F}\u{8B}"),
            "What comes from PLACE is compressed (gzip), which was not asked for; "
                + "switch compression off in the server before the engine."),
        Fault(
            "sends 10,000 events in one packet",
            raw(stream + "\r\n" + String(repeating: "data: \(Faults.delta("a"))\n\n", count: 10_000) + end),
            answer: String(repeating: "a", count: 10_000), nil),
    ]

    static let refusals = [
        Fault(
            "redirects to itself", .body("", status: 307, headers: ["Location: /v2/chat/completions"]),
            "The engine at PLACE sends its callers on to PLACE/v2; set that address as the engine's url."),
        Fault(
            "redirects to another host",
            .body("", status: 302, headers: ["Location: https://u:p@evil.example/v1/chat/completions?k=1"]),
            "The engine at PLACE sends its callers on to https://evil.example/v1; set that address as the engine's url."
        ),
        Fault(
            "redirects nowhere", .body("", status: 301),
            "The engine at PLACE sends its callers on without saying where to; check the engine's url."),
        Fault(
            "has too many requests", .body("{}", status: 429, headers: ["Retry-After: 30"]),
            "The engine has too many requests; try again in 30 seconds."),
        Fault(
            "has too many requests until a date",
            .body(
                "{}", status: 429,
                headers: ["Date: Sun, 28 Feb 2027 23:59:30 GMT", "Retry-After: Mon, 01 Mar 2027 00:00:10 GMT"]),
            "The engine has too many requests; try again in 40 seconds."),
        Fault(
            "has too many requests for an odd time", .body("{}", status: 429, headers: ["Retry-After: -5"]),
            "The engine has too many requests; try again in a moment."),
        Fault(
            "is overloaded", .body(#"{"error":{"message":"Overloaded"}}"#, status: 503),
            "The engine at PLACE failed (HTTP 503): Overloaded; try again, or see its log."),
        Fault(
            "loads its model", .body(#"{"error":{"message":"Loading model","code":503}}"#, status: 503),
            "The engine at PLACE is still loading its model; ask again in a moment."),
        Fault(
            "wants a key", .body(#"{"error":"Unauthorized"}"#, status: 401),
            "The engine at PLACE wants an API key; set LAB_KEY."),
        Fault(
            "forbids it", .body(#"{"error":"Forbidden"}"#, status: 403),
            "The engine at PLACE wants an API key; set LAB_KEY."),
        Fault(
            "has no such model",
            .body(#"{"error":{"message":"The model `tiny` does not exist.","type":"NotFoundError"}}"#, status: 404),
            "The engine at PLACE has no model \"tiny\": The model `tiny` does not exist."),
        Fault(
            "has no such route", .body("<html>404 Not Found</html>", status: 404, type: "text/html"),
            "There is no chat interface at PLACE/v1; check the engine's url, which usually ends in /v1."),
        Fault(
            "finds it too large", .body("<html>413</html>", status: 413, type: "text/html"),
            "The request is too large for the engine at PLACE (HTTP 413); begin a new chat or attach less."),
        Fault(
            "fails in plain text", .body("Internal Server Error", status: 500, type: "text/plain"),
            "The engine at PLACE failed (HTTP 500): Internal Server Error; try again, or see its log."),
        Fault(
            "fails with a web page", .body("<html><h1>502 Bad Gateway</h1></html>", status: 502, type: "text/html"),
            "The engine at PLACE failed (HTTP 502); try again, or see its log."),
        Fault(
            "answers with a web page", .body("<html>Welcome to nginx!</html>", type: "text/html"),
            "What came from PLACE is not the OpenAI-compatible protocol; check the engine's url."),
        Fault(
            "is a proxy that wants a password", .body("", status: 407),
            "The proxy before PLACE wants a name and a password (HTTP 407); put them into HTTP_PROXY."),
        Fault(
            "is too new", .body("", status: 204),
            "The engine refused the request (HTTP 204)."),
    ]

    @Test("says so", arguments: silences + breaks + lies + refusals)
    func sentence(_ fault: Fault) async throws {
        let (said, sentence) = try await Faults.ask(fault.response)

        #expect(sentence == fault.sentence)
        #expect(said.answer == fault.answer)
    }

    @Test("tells a refused key from a missing one") func refusedKey() async throws {
        let (_, sentence) = try await Faults.ask(.body("", status: 401), key: Faults.key)

        #expect(sentence == "The engine at PLACE refuses the API key (HTTP 401); check LAB_KEY.")
    }

    @Test("gives up on 100 MB in one event, and takes no more than a part of them") func endlessEvent() async throws {
        let megabyte = [UInt8](repeating: 0x61, count: 1 << 20)
        let engine = try ScriptedEngine { _ in
            .init(
                [.send(ScriptedEngine.Response.streamHead), .send(Array("data: ".utf8))]
                    + (0..<100).map { _ in .send(megabyte) })
        }
        defer { engine.stop() }
        let limits = ReplyLimits(firstWord: .seconds(20), silence: .seconds(20))

        let (_, _, failure) = await Faults.ask(Faults.client(url: engine.url, limits: limits))

        let place = engine.url.replacing("/v1", with: "")
        #expect(
            failure?.message
                == "What came from \(place) has no end (a piece of more than 4 MB); check the engine's url.")
        #expect(engine.sentByteCount < 20 << 20)
    }

    @Test("progress with the prompt begins the wait anew") func progress() async throws {
        let events = (0..<8).map { #"{"choices":[],"prompt_progress":{"total":8,"processed":\#($0)}}"# }
        let engine = try ScriptedEngine { _ in
            .events(events + [Faults.delta("Paris."), Faults.finish], pause: .milliseconds(60))
        }
        defer { engine.stop() }
        let limits = ReplyLimits(firstWord: .milliseconds(400), silence: .seconds(1))

        let (said, _, failure) = await Faults.ask(Faults.client(url: engine.url, limits: limits))

        #expect(failure == nil)
        #expect(said.answer == "Paris." && said.prefills.count == 8)
    }

    @Test("a key never goes along with a redirect, wherever it leads", arguments: [301, 302, 303, 307, 308])
    func redirects(status: Int) async throws {
        let elsewhere = try ScriptedEngine { _ in .reply(answer: "caught") }
        let target = elsewhere.url
        let engine = try ScriptedEngine { _ in
            .body("", status: status, headers: ["Location: \(target)/chat/completions"])
        }
        defer { for engine in [engine, elsewhere] { engine.stop() } }

        let (_, _, failure) = await Faults.ask(Faults.client(url: engine.url, key: Faults.key))

        #expect(failure?.kind == .refused(status: status))
        #expect(elsewhere.requests.isEmpty && engine.requests.count == 1)
    }
}
