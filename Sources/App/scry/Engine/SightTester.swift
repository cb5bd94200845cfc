import Conversation
import EngineClient
import FoundationEssentials

/// Finds out whether models see: as their engine says, as is remembered, or by showing them something.
struct SightTester: Sendable {
    let services: Services

    /// Whether the model of an engine sees; nil when that is not to be found out.
    ///
    /// An engine is tried once a day at most, unless it does not answer.
    ///
    /// - Parameter tell: Told before the engine is tried, which takes a moment.
    func sees(_ engine: FoundEngine, _ tell: () -> Void = {}) async -> Bool? {
        if let vision = engine.modelProfile.vision { return vision }
        let knowledge = services.engineMemory.knowledge
        let now = Date()
        if knowledge.hasTried(.sight, engine.model, of: engine.profile, at: now) {
            return knowledge.proven(engine.model, of: engine.profile, at: now).vision
        }
        tell()
        do {
            let sees = try await services.client(for: engine).provesSight(model: engine.model)
            try Task.checkCancellation()
            try? services.engineMemory.note(
                ProvenAbilities(sees: sees), by: .sight, model: engine.model, of: engine.profile)
            return sees
        } catch {
            return nil
        }
    }

    /// The engine with what is found out about its model's sight.
    func completing(_ engine: FoundEngine, _ tell: () -> Void = {}) async -> FoundEngine {
        guard engine.modelProfile.vision == nil, let sees = await sees(engine, tell) else { return engine }
        var model = engine.modelProfile
        model.vision = sees
        return engine.with(model)
    }
}
