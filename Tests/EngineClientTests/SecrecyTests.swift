import Conversation
import Logging
import Synchronization
import TestSupport
import Testing

@testable import EngineClient

/// Looks for the key in everything that comes out.
@Suite struct SecrecyTests {
    private let key = Faults.key

    /// What an engine says that repeats the key wherever it can.
    private static let echoes: [ScriptedEngine.Response] = {
        let key = Faults.key
        let padded = String(repeating: "x", count: 190) + " " + key
        return [
            .body(#"{"error":{"message":"Incorrect API key provided: \#(key)"}}"#, status: 400),
            .body(#"{"error":{"message":"\#(padded)"}}"#, status: 400), .body(key, status: 500, type: "text/plain"),
            .body(#"{"error":"\#(key)"}"#, status: 401), .body(#"{"error":"\#(key)"}"#, status: 429),
            .body("", status: 307, headers: ["Location: https://\(key).example/\(key)?\(key)"]),
            .body("", status: 307, headers: ["Location: \(key)"]),
            .body(#"{"error":{"message":"The model \#(key) does not exist"}}"#, status: 404),
            .body(#"{"error":{"message":"sk-QmVy\u0007Z2tyaXN0\u202eYWxs"}}"#, status: 400),
            .events([Faults.delta("x"), #"{"error":{"message":"Bearer \#(key) is bad"}}"#]),
            .body("", headers: ["Content-Encoding: \(key)"]), .init([.send(Array("\(key)\r\n".utf8))]), .init([.reset]),
            .body("{}", status: 503),
        ]
    }()

    @Test("no key is in a sentence, a reason, a log or a description", arguments: echoes)
    func hidden(response: ScriptedEngine.Response) async throws {
        let engine = try ScriptedEngine { _ in response }
        defer { engine.stop() }
        let lines = LogLines()
        var logger = Logger(label: "test") { _ in lines }
        logger.logLevel = .trace
        let client = EngineClient(
            profile: EngineProfile(name: "lab", kind: .openai, url: engine.url), key: " \(key)\n", keyName: "LAB_KEY",
            media: MemoryLibrary(), transport: CurlTransport(), limits: Faults.limits,
            retries: RetryPolicy(limit: 1, firstPause: .milliseconds(1)), logger: logger)

        let (_, deltas, failure) = await Faults.ask(client)

        let request = HTTPRequest(
            url: "https://user:\(key)@lab.example/v1?key=\(key)", headers: [("Authorization", "Bearer \(key)")],
            body: Array(key.utf8))
        var all = try client.dryRun(Faults.request) + lines.text
        all += "\(try #require(failure)) \(failure as Any) \(String(reflecting: failure)) \(deltas)"
        for value in [client, request, client.reply(to: Faults.request)] as [Any] {
            all += "\(value) \(String(reflecting: value))"
            dump(value, to: &all)
        }
        #expect(!all.contains(key))
        #expect(!all.contains("QmVyZ2ty"))
        #expect(lines.text.contains("request sent"))
        // It did go where it belongs.
        #expect(engine.requests.first?["Authorization"] == "Bearer \(key)")
    }

    @Test("no key is in a failure of the transport's") func transport() async throws {
        let transport = CurlTransport()
        for url in [
            "http://127.0.0.1:1/\(key)", "https://u:\(key)@no-host.invalid/", "ftp://\(key)/", "http://[\(key)",
        ] {
            do throws(TransportFailure) {
                _ = try await transport.fetch(HTTPRequest(url: url, headers: [("Authorization", "Bearer \(key)")]))
                Issue.record("nothing is there")
            } catch {
                let failure = FailureExplainer.sample(key: key).failure(error)
                #expect(!failure.message.contains(key))
            }
        }
    }
}

/// Keeps what is logged.
private final class LogLines: LogHandler, Sendable {
    private let lines = Mutex("")

    var text: String { lines.withLock { $0 } }

    func log(event: LogEvent) {
        lines.withLock { $0 += "\(event.level) \(event.message) \(event.metadata ?? [:])\n" }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }
}
