import Conversation
import EngineClient
import FoundationEssentials

/// Finds out in which forms recordings can go to an engine, the first time that one does not fit as a single video.
struct VideoFormTester: Sendable {
    let services: Services

    /// The engine with what is found out about its model's video.
    ///
    /// An engine is tried once a day at most, unless it does not answer.
    ///
    /// - Parameter tell: Told before the engine is tried, which takes a moment.
    func completing(
        _ engine: FoundEngine, for attachments: [Attachment], _ tell: () -> Void = {}
    ) async -> FoundEngine {
        guard isNeeded(engine, attachments) else { return engine }
        return await completing(engine, tell)
    }

    /// The same for a recording that goes part by part, as pictures: how many an engine takes at once is found out, too.
    func completing(_ engine: FoundEngine, _ tell: () -> Void = {}) async -> FoundEngine {
        guard isUnknown(engine) else { return engine }
        let known = services.engineMemory.completing(engine)
        if known.modelProfile.frameLists != nil { return known }
        let hasTried = services.engineMemory.knowledge.hasTried(
            .videoForms, engine.model, of: engine.profile, at: Date())
        if hasTried { return known }
        tell()
        do {
            let proven = try await services.client(for: engine)
                .provesVideoForms(model: engine.model, frames: ColourFrames.make())
            try Task.checkCancellation()
            try? services.engineMemory.note(proven, by: .videoForms, model: engine.model, of: engine.profile)
            var model = known.modelProfile
            model.frameLists = proven.frameLists
            model.limits.pictures = model.limits.pictures ?? proven.pictures
            return known.with(model)
        } catch {
            return engine
        }
    }

    /// Whether there is a recording of several frames that does not go as one video, to an engine that may take lists.
    private func isNeeded(_ engine: FoundEngine, _ attachments: [Attachment]) -> Bool {
        guard isUnknown(engine) else { return false }
        return attachments.contains {
            guard case .recording(let recording) = $0.content, recording.frames.count > 1 else { return false }
            return recording.video == nil || !engine.profile.takesVideo(engine.modelProfile)
        }
    }

    private func isUnknown(_ engine: FoundEngine) -> Bool {
        let model = engine.modelProfile
        return engine.profile.passesFrameLists && model.vision != false && model.frameLists == nil
    }
}
