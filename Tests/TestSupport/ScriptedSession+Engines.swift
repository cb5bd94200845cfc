public import Conversation
import Session

extension EngineProfile {
    /// An engine on this machine whose model sees, thinks and holds 8,192 tokens.
    public static let seeing = EngineProfile(
        name: "vllm", kind: .vllm, url: "http://127.0.0.1:8000/v1",
        models: [ModelProfile(id: "zai-org/GLM-4.5V", contextLength: 8_192, vision: true, thinking: true)])

    /// An engine elsewhere whose model cannot see.
    public static let remoteBlind = EngineProfile(
        name: "lab", kind: .openai, url: "https://engine.example/v1",
        models: [ModelProfile(id: "words-7b", contextLength: 32_768, vision: false)])
}

extension ScriptedSession {
    /// Lets an engine be found.
    public mutating func find(_ engine: EngineProfile = .seeing) {
        feed(.engineChanged(.ready(engine, model: engine.models.first?.id ?? "")))
    }
}
