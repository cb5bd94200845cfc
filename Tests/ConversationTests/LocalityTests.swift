import Conversation
import Testing

@Suite("Locality")
struct LocalityTests {
    @Test(
        "an address that only looks like one of this machine is not local",
        arguments: [
            "http://localhost:x@engine.example/v1", "http://127.0.0.1@engine.example/v1",
            "http://localhost:8000@engine.example:80/v1", "http://[::1]@engine.example/v1",
            "http://engine.example?@localhost/v1", "http://engine.example#@localhost/v1",
            "http://engine.example\\@localhost/v1", "http://[::1].engine.example/v1", "http://[::1/v1",
            "https://localhost.@engine.example", "http://a@b@engine.example/v1", "", "http://", "localhost.example",
        ])
    func elsewhere(url: String) {
        #expect(!EngineProfile(name: "x", kind: .openai, url: url).isLocal)
    }

    @Test(
        "an address of this machine is local, however it is written",
        arguments: [
            "http://user:word@localhost:8000/v1", "http://LOCALHOST/v1", "http://127.8.9.10/v1", "localhost:8000",
            "http://someone@[::1]:8000/v1", "http://localhost?x=@engine.example", "http://localhost",
        ])
    func here(url: String) {
        #expect(EngineProfile(name: "x", kind: .openai, url: url).isLocal)
    }
}
