import Conversation
import Foundation
import Testing

@testable import EngineHost

struct LocalRequestTests {
    private func parsed(_ text: String, isWhole: Bool = true) -> LocalRequest.Answer? {
        LocalRequest.parsed(Array(text.utf8), isWhole: isWhole)
    }

    @Test("an answer with a length is complete when it has that many bytes")
    func length() {
        let answer = "HTTP/1.1 200 OK\r\ncontent-LENGTH: 4\r\nX: y\r\n\r\nbody"
        #expect(parsed(answer, isWhole: false) == LocalRequest.Answer(status: 200, body: Array("body".utf8)))
        #expect(parsed(String(answer.dropLast()), isWhole: true) == nil)
        #expect(parsed(answer + "more", isWhole: false)?.body == Array("body".utf8))
    }

    @Test("an answer without a length ends with the connection")
    func noLength() {
        #expect(parsed("HTTP/1.0 503 Loading\r\n\r\nab", isWhole: false) == nil)
        #expect(parsed("HTTP/1.0 503 Loading\r\n\r\nab") == LocalRequest.Answer(status: 503, body: Array("ab".utf8)))
    }

    @Test(
        "what is not HTTP is no answer",
        arguments: [
            "", "\r\n\r\n", "HTTP/1.1\r\n\r\n", "SSH-2.0-x\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        ])
    func notHTTP(text: String) {
        #expect(parsed(text) == nil)
    }

    @Test("random bytes are no answer and no crash")
    func random() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let tail = (0..<40).map { _ in UInt8.random(in: 0...255, using: &generator) }
            _ = LocalRequest.parsed(
                Array("HTTP/1.1 200 OK\r\nContent-Length:".utf8) + tail + Array("\r\n\r\n".utf8), isWhole: true)
            #expect(LocalRequest.parsed(tail, isWhole: true) == nil)
        }
    }

    @Test("a place where nobody listens gives no answer")
    func nobody() async throws {
        #expect(await LocalRequest(endpoint: .socket("/no/such.sock"), path: "/health").answer() == nil)
        let long = "/tmp/" + String(repeating: "x", count: 200)
        #expect(await LocalRequest(endpoint: .socket(long), path: "/health").answer() == nil)
        #expect(await LocalRequest(endpoint: try .freePort(), path: "/health").answer() == nil)
    }

    @Test("an engine that says little about itself is described with what is known")
    func sparse() throws {
        let endpoint = EngineEndpoint.socket("/run/x.sock")
        let list = Array(#"{"data":[{"id":"a"},{"id":"b","meta":{"n_ctx":512}}]}"#.utf8)
        let profile = try #require(EngineInspection.profile(models: list, properties: [], endpoint: endpoint))
        #expect(profile.models == [ModelProfile(id: "a"), ModelProfile(id: "b", contextLength: 512)])
        let page = Array(#"{"modalities":{"vision":true},"chat_template":"{{ x }}","build_info":"b1"}"#.utf8)
        let fuller = try #require(EngineInspection.profile(models: list, properties: page, endpoint: endpoint))
        #expect(fuller.models[0] == ModelProfile(id: "a", vision: true, thinking: false) && fuller.version == "b1")
        #expect(EngineInspection.profile(models: Array("[]".utf8), properties: [], endpoint: endpoint) == nil)
    }
}
