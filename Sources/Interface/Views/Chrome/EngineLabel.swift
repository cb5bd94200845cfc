import Cells
import Conversation
import Session

/// What is said of the engine that answers; worked out once, since it is said in every frame.
struct EngineLabel {
    /// What the person calls it.
    let name: String
    /// The last part of its model's path, which is what tells it from others.
    let model: String
    /// Whether what is sent stays on this machine.
    let isLocal: Bool

    private let profile: (name: String, url: String, socket: String?)
    private let modelID: String

    /// Looks at an engine.
    init(_ profile: EngineProfile, model: String) {
        self.profile = (profile.name, profile.url, profile.socket)
        modelID = model
        name = SafeText.singleLine(profile.name).shortened(to: 24)
        self.model = SafeText.singleLine(model.split(separator: "/").last.map(String.init) ?? model)
        isLocal = profile.isLocal
    }

    /// Whether it says the same of this engine.
    func fits(_ profile: EngineProfile, model: String) -> Bool {
        self.profile == (profile.name, profile.url, profile.socket) && modelID == model
    }
}
