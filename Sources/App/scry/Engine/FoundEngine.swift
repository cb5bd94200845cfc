import Conversation
import EngineClient

/// An engine that answers, the model to ask, and the key to ask with.
struct FoundEngine: Sendable, Equatable {
    var profile: EngineProfile
    /// Its name; empty where the engine serves one that it does not name.
    var model: String
    var key: String?
    /// Where the key comes from, for the sentence about a wrong one.
    var keyName: String?

    /// What is known of the model.
    var modelProfile: ModelProfile { profile.models.first { $0.id == model } ?? ModelProfile(id: model) }

    /// The same with something else known of the model.
    func with(_ model: ModelProfile) -> FoundEngine {
        var engine = self
        if let index = profile.models.firstIndex(where: { $0.id == model.id }) {
            engine.profile.models[index] = model
        } else {
            engine.profile.models.append(model)
        }
        return engine
    }

    /// Chooses the model of an engine: the one that was asked for, else one that can see, else the first.
    ///
    /// - Throws: `ReplyFailure` when the engine says what it serves and the wanted model is not among it.
    static func choose(
        from profile: EngineProfile, wanted: String?, key: String?, keyName: String?
    ) throws(ReplyFailure) -> FoundEngine {
        let served = profile.models.map(\.id)
        if let wanted {
            // llama-server answers to any name; the others refuse unknown ones.
            guard served.isEmpty || served.contains(wanted) || profile.kind == .llamaServer else {
                throw ReplyFailure(
                    .modelMissing,
                    "\(profile.name) has no model \(wanted); it serves \(served.prefix(8).joined(separator: ", ")).")
            }
            return FoundEngine(profile: profile, model: wanted, key: key, keyName: keyName)
        }
        let best = profile.models.first { $0.vision == true } ?? profile.models.first
        guard let best else {
            // Transformers serves the one model it was started with, to whoever names none, and often cannot list it.
            if profile.kind == .transformers {
                return FoundEngine(profile: profile, model: "", key: key, keyName: keyName)
            }
            throw ReplyFailure(
                .modelMissing,
                "\(profile.name) does not say what it serves: name a model with -m or in the configuration.")
        }
        return FoundEngine(profile: profile, model: best.id, key: key, keyName: keyName)
    }
}
