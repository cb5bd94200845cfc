import Conversation
import Synchronization
import TestSupport
import Testing

@testable import EngineClient

@Suite struct EngineProbeTests {
    private let probe = EngineProbe(transport: CurlTransport())

    /// An engine that answers some paths, and the others as FastAPI does.
    private func engine(_ answers: [String: ScriptedEngine.Response]) throws -> ScriptedEngine {
        try ScriptedEngine {
            answers[$0.path] ?? .body(#"{"detail":"Not Found"}"#, status: 404, headers: ["server: uvicorn"])
        }
    }

    private func recorded(_ name: String) throws -> ScriptedEngine.Response {
        .recording(try RecordedEngine.http(name))
    }

    @Test("knows a recorded llama-server, and what its model can do")
    func llamaServer() async throws {
        let engine = try engine([
            "/v1/models": recorded("llama-server-glm/models"),
            "/props": .body(
                #"{"build_info":"b11434","chat_template":"{% if enable_thinking %}","modalities":{"vision":true}}"#),
        ])
        defer { engine.stop() }

        let profile = try await probe.identify(url: engine.url, name: "mine")

        #expect(
            profile
                == EngineProfile(
                    name: "mine", kind: .llamaServer, url: engine.url, version: "b11434",
                    models: [
                        ModelProfile(id: "tiny-glm", contextLength: 4096, vision: true, video: true, thinking: true)
                    ]))
    }

    @Test("knows that a recorded text model cannot see")
    func textModel() async throws {
        let engine = try engine(["/v1/models": recorded("llama-server/v1-models")])
        defer { engine.stop() }

        let profile = try await probe.identify(url: engine.url)

        #expect(profile.name == "llama-server")
        #expect(
            profile.models == [
                ModelProfile(id: "smollm2-135m", contextLength: 2048, vision: false, video: false, thinking: false)
            ])
    }

    @Test("knows a recorded vLLM")
    func vllm() async throws {
        let engine = try engine([
            "/v1/models": recorded("vllm/models"), "/version": recorded("vllm/version"),
        ])
        defer { engine.stop() }

        let profile = try await probe.identify(url: engine.url)

        #expect(profile.kind == .vllm && profile.version == "0.32.0")
        #expect(
            profile.models == [
                ModelProfile(id: "tiny-glm-4.1v", contextLength: 8192, vision: true, video: true),
                ModelProfile(id: "zai-org/GLM-4.1V-tiny", contextLength: 8192, vision: true, video: true),
            ])
    }

    @Test(
        "asks vLLM whether its model sees, whatever the model is called",
        arguments: [
            ("assistant", 200, #"{"count":9,"max_model_len":8192,"tokens":[]}"#, true as Bool?),
            ("glm-4.5v", 400, #"{"error":{"message":"glm-4.5v is not a multimodal model"}}"#, false),
            ("glm-4.5v", 400, #"{"error":{"message":"At most 0 image(s) may be provided in one prompt."}}"#, false),
            ("glm-4.5v", 404, #"{"detail":"Not Found"}"#, true), ("glm-4.5v", 500, "oh no", true),
            ("assistant", 400, #"{"error":{"message":"something else"}}"#, nil), ("assistant", 200, "[]", nil),
        ])
    func vllmSight(_ name: String, _ status: Int, _ answer: String, _ sees: Bool?) async throws {
        let asked = Mutex("")
        let engine = try ScriptedEngine { request in
            switch request.path {
            case "/v1/models": return .body(#"{"data":[{"id":"\#(name)","owned_by":"vllm","max_model_len":8192}]}"#)
            case "/version": return .body(#"{"version":"0.32.0"}"#)
            case "/tokenize":
                asked.withLock { $0 = String(decoding: request.body, as: UTF8.self) }
                return .body(answer, status: status)
            default: return .body(#"{"detail":"Not Found"}"#, status: 404, headers: ["server: uvicorn"])
            }
        }
        defer { engine.stop() }

        let profile = try await probe.identify(url: engine.url)

        #expect(profile.models.map(\.vision) == [sees])
        let question = try #require(JSONParser.parse(Array(asked.withLock { $0 }.utf8)))
        #expect(question["model"]?.string == name)
        let content = question["messages"]?.elements.first?["content"]?.elements.first
        #expect(content?["image_url"]?["url"]?.string?.hasPrefix("data:image/png;base64,iVBOR") == true)
    }

    @Test("knows a recorded transformers serve, which cannot list its models")
    func transformers() async throws {
        let engine = try engine([
            "/v1/models": recorded("transformers-serve/models"), "/health": recorded("transformers-serve/health"),
        ])
        defer { engine.stop() }

        let profile = try await probe.identify(url: engine.url)

        #expect(profile.kind == .transformers && profile.models.isEmpty)
    }

    @Test("knows SGLang from Ollama, whose endpoints it imitates")
    func sglang() async throws {
        let engine = try engine([
            "/v1/models": .body(#"{"data":[{"id":"glm-4.5v","owned_by":"someone","max_model_len":65536}]}"#),
            "/model_info": .body(#"{"model_path":"zai-org/GLM-4.5V","has_image_understanding":true}"#),
            "/server_info": .body(#"{"version":"0.5.23"}"#), "/api/version": .body(#"{"version":"0.5.23"}"#),
        ])
        defer { engine.stop() }

        let profile = try await probe.identify(url: engine.url)

        #expect(profile.kind == .sglang && profile.version == "0.5.23")
        #expect(
            profile.models == [
                ModelProfile(id: "glm-4.5v", contextLength: 65536, vision: true, video: true, thinking: true)
            ])
    }

    @Test("knows Ollama, and asks it for the abilities of its models")
    func ollama() async throws {
        let engine = try ScriptedEngine { request in
            switch request.path {
            case "/v1/models":
                return .body(
                    #"{"data":[{"id":"llava:7b","owned_by":"library"},{"id":"qwen3:4b","owned_by":"library"}]}"#)
            case "/api/version": return .body(#"{"version":"0.31.0"}"#)
            case "/api/ps": return .body(#"{"models":[{"name":"qwen3:4b","context_length":4096}]}"#)
            case "/api/show" where request.text.contains("llava"):
                return .body(#"{"capabilities":["completion","vision"],"model_info":{"llama.context_length":32768}}"#)
            case "/api/show":
                return .body(#"{"capabilities":["completion","thinking"],"model_info":{"qwen3.context_length":40960}}"#)
            default: return .body("404 page not found", status: 404, type: "text/plain")
            }
        }
        defer { engine.stop() }

        let profile = try await probe.identify(url: engine.url)

        #expect(profile.kind == .ollama && profile.version == "0.31.0")
        #expect(
            profile.models == [
                ModelProfile(
                    id: "llava:7b", contextLength: 32768, vision: true, video: false, thinking: false, tools: false),
                ModelProfile(
                    id: "qwen3:4b", contextLength: 4096, vision: false, video: false, thinking: true, tools: false),
            ])
    }

    @Test("knows LM Studio, and leaves its embedding models out")
    func lmstudio() async throws {
        let list = #"{"data":[{"id":"glm-4.6v-flash","object":"model"},{"id":"nomic-embed"}]}"#
        let details =
            #"{"data":[{"id":"glm-4.6v-flash","type":"vlm","max_context_length":131072,"loaded_context_length":8192},"#
            + #"{"id":"nomic-embed","type":"embeddings"}]}"#
        let engine = try engine(["/v1/models": .body(list), "/api/v0/models": .body(details)])
        defer { engine.stop() }

        let profile = try await probe.identify(url: engine.url)

        #expect(profile.kind == .lmstudio)
        #expect(
            profile.models == [
                ModelProfile(id: "glm-4.6v-flash", contextLength: 8192, vision: true, video: false, thinking: true)
            ])
    }

    @Test("takes another server that lists models for an engine, and a web server for none")
    func others() async throws {
        let other = try engine(["/v1/models": .body(#"{"data":[{"id":"x"}]}"#)])
        let web = try ScriptedEngine { _ in .body("<html>", type: "text/html") }
        defer {
            other.stop()
            web.stop()
        }

        #expect(try await probe.identify(url: other.url).kind == .openai)
        let failure = await #expect(throws: ReplyFailure.self) { try await probe.identify(url: web.url) }
        #expect(failure?.kind == .garbled)
    }

    @Test("takes the kind that was configured, and adds what is missing to a URL")
    func configured() async throws {
        let engine = try engine(["/v1/models": .body(#"{"data":[{"id":"glm-4.5v"}]}"#)])
        defer { engine.stop() }
        let host = engine.url.replacing("http://", with: "").replacing("/v1", with: "")

        let profile = try await probe.identify(url: host + "/", kind: .zai)

        #expect(profile.kind == .zai && profile.url == engine.url)
        #expect(engine.requests.map(\.path) == ["/v1/models"])
    }

    @Test("says that a key is missing or wrong, and sends it when there is one")
    func keys() async throws {
        let refusal = try RecordedEngine.http("llama-server/err-401-no-key")
        let models = try RecordedEngine.http("llama-server-glm/models")
        let engine = try ScriptedEngine { .recording($0["Authorization"] == "Bearer k-1234" ? models : refusal) }
        defer { engine.stop() }

        let missing = await #expect(throws: ReplyFailure.self) {
            try await probe.identify(url: engine.url, keyName: "LAB_KEY")
        }
        let wrong = await #expect(throws: ReplyFailure.self) {
            try await probe.identify(url: engine.url, key: "k-other", keyName: "LAB_KEY")
        }

        #expect(missing?.kind == .unauthorized && missing?.message.contains("set LAB_KEY") == true)
        #expect(wrong?.message.contains("check LAB_KEY") == true && wrong?.message.contains("k-other") == false)
        #expect(try await probe.identify(url: engine.url, key: "k-1234").models.count == 1)
        #expect(await probe.status(url: engine.url) == .locked)
        #expect(await probe.status(url: engine.url, key: "k-1234") == .ready)
    }

    @Test("waits for a llama-server that loads its model")
    func loading() async throws {
        let loading = ScriptedEngine.Response.body(
            #"{"error":{"message":"Loading model","type":"unavailable_error","code":503}}"#, status: 503,
            headers: ["Server: llama.cpp"])
        let models = try RecordedEngine.http("llama-server-glm/models")
        let isLoaded = Mutex(false)
        let engine = try ScriptedEngine { _ in isLoaded.withLock(\.self) ? .recording(models) : loading }
        defer { engine.stop() }

        #expect(await probe.status(url: engine.url) == .loading)
        let impatient = try await probe.identify(url: engine.url, patience: .milliseconds(150))
        #expect(impatient.kind == .llamaServer && impatient.models.isEmpty)
        async let patient = probe.identify(url: engine.url, patience: .seconds(10))
        let count = engine.requests.count
        #expect(await eventually { engine.requests.count > count })
        isLoaded.withLock { $0 = true }

        #expect(try await patient.models.map(\.id) == ["tiny-glm"])
    }

    @Test("finds what answers in time, in the order of the places")
    func finds() async throws {
        let one = try engine(["/v1/models": recorded("vllm/models"), "/version": recorded("vllm/version")])
        let two = try engine(["/v1/models": recorded("llama-server/v1-models")])
        let slow = try ScriptedEngine { _ in .init([.stall]) }
        let gone = try ScriptedEngine { _ in .body("") }
        gone.stop()
        defer { for engine in [one, two, slow] { engine.stop() } }
        let candidates = [slow, gone, two, one].map { EngineProbe.Candidate(url: $0.url) }
        let clock = ContinuousClock()
        let begun = clock.now

        let found = await probe.find(candidates: candidates, within: .seconds(5))

        #expect(found.map(\.url) == [two.url, one.url])
        #expect(found.map(\.kind) == [.llamaServer, .vllm])
        #expect(clock.now - begun < .seconds(30))
        #expect(await eventually { slow.abandonedCount == 1 })
    }

    @Test("finds an engine on a unix socket")
    func unixSocket() async throws {
        let path = "/tmp/scry-probe-\(UInt32.random(in: 0 ... .max)).sock"
        let engine = try ScriptedEngine.serving(model: "own", socket: path) { _ in .reply(answer: "") }
        defer { engine.stop() }
        let candidate = EngineProbe.Candidate(url: engine.url, socket: path, name: "own")

        let found = await probe.find(candidates: [candidate], within: .seconds(5))

        #expect(found.map(\.name) == ["own"])
        #expect(found.first?.socket == path && found.first?.isLocal == true)
    }

    @Test("says that nothing answers at a configured address")
    func unreachable() async throws {
        let engine = try ScriptedEngine { _ in .body("") }
        engine.stop()

        let failure = await #expect(throws: ReplyFailure.self) { try await probe.identify(url: engine.url) }

        #expect(failure?.kind == .unreachable)
        #expect(await probe.status(url: engine.url) == .absent)
    }
}

@Suite struct ModelTraitsTests {
    @Test(
        "knows seeing models by their names",
        arguments: [
            ("zai-org/GLM-4.1V-9B-Thinking", true), ("glm-4.5v", true), ("glm-4.6v-flash", true), ("tiny-glm41v", true),
            ("glm-4.5-air", nil), ("Qwen/Qwen2.5-VL-7B-Instruct", true), ("llava:7b", true), ("gemma-3-4b-it", true),
            ("gemma-3-270m", false), ("gemma3:1b", false), ("smollm2-135m", false), ("SmolVLM2-2.2B", true),
            ("llama3.1:8b", nil), ("pixtral-12b", true), ("", nil),
        ] as [(String, Bool?)])
    func vision(id: String, expected: Bool?) {
        #expect(ModelTraits(id).vision == expected)
    }

    @Test("knows whose thinking can be switched, and whose prompt begins with it")
    func thinking() {
        #expect(ModelTraits("glm-4.5v").thinking == true)
        #expect(ModelTraits("glm-4.1v-9b-thinking").thinking == nil)
        #expect(ModelTraits("qwen3-8b").thinking == true)
        #expect(ModelTraits("qwen3-30b-a3b-instruct-2507").thinking == nil)
        #expect(ModelTraits("DeepSeek-R1-Distill-Qwen-7B").promptBeginsThinking)
        #expect(!ModelTraits("glm-4.5v").promptBeginsThinking)
    }
}

@Suite struct EngineAddressTests {
    @Test(
        "takes addresses apart",
        arguments: [
            ("http://127.0.0.1:8000/v1", "http://127.0.0.1:8000/v1", "http://127.0.0.1:8000", true),
            ("127.0.0.1:8000", "http://127.0.0.1:8000/v1", "http://127.0.0.1:8000", true),
            ("http://localhost/", "http://localhost/v1", "http://localhost", true),
            ("http://[::1]:80/v1/", "http://[::1]:80/v1", "http://[::1]:80", true),
            ("https://api.z.ai/api/paas/v4", "https://api.z.ai/api/paas/v4", "https://api.z.ai/api/paas/v4", false),
            ("https://me:pw@lab.example/x/v1?k=1", "https://lab.example/x/v1", "https://lab.example/x", false),
            ("http://127.evil.example/v1", "http://127.evil.example/v1", "http://127.evil.example", false),
        ])
    func parts(url: String, base: String, root: String, isLoopback: Bool) {
        let address = EngineAddress(url)

        #expect(address.base == base)
        #expect(address.root == root)
        #expect(address.isLoopback == isLoopback)
    }
}
