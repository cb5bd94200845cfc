import Conversation
import TestSupport
import Testing

@testable import EngineClient

@Suite struct EngineLimitsTests {
    private let probe = EngineProbe(transport: CurlTransport())

    private func engine(_ answers: [String: ScriptedEngine.Response]) throws -> ScriptedEngine {
        try ScriptedEngine { answers[$0.path] ?? .body(#"{"detail":"Not Found"}"#, status: 404) }
    }

    @Test("knows how much Z.ai takes, of the models that see")
    func zai() async throws {
        let engine = try engine(["/v1/models": .body(#"{"data":[{"id":"glm-4.5v"},{"id":"glm-4.6"}]}"#)])
        defer { engine.stop() }

        let profile = try await probe.identify(url: engine.url, kind: .zai, key: "k")

        let seeing = try #require(profile.models.first { $0.id == "glm-4.5v" })
        #expect(
            seeing.limits
                == MediaLimits(
                    pictures: 50, pictureBytes: 5_000_000, pictureSide: 6000, videos: 1, videoBytes: 200_000_000))
        #expect(seeing.vision == true && seeing.video == true && seeing.thinking == true)
        let blind = try #require(profile.models.first { $0.id == "glm-4.6" })
        #expect(blind.limits == MediaLimits() && blind.video == false)
    }

    @Test("asks an older SGLang where it says what it serves")
    func olderSGLang() async throws {
        let engine = try engine([
            "/v1/models": .body(#"{"data":[{"id":"lab","max_model_len":65536}]}"#),
            "/get_model_info": .body(#"{"model_path":"zai-org/GLM-4.5V","has_image_understanding":true}"#),
            "/get_server_info": .body(#"{"version":"0.4.9"}"#),
        ])
        defer { engine.stop() }

        let profile = try await probe.identify(url: engine.url)

        #expect(profile.kind == .sglang && profile.version == "0.4.9")
        #expect(
            profile.models == [
                ModelProfile(id: "lab", contextLength: 65536, vision: true, video: true, thinking: true)
            ])
    }
}
