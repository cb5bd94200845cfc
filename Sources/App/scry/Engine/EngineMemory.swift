import Conversation
import EngineClient
import Foundation

/// What was found out about engines by trying, in a file that all runs of the program share.
struct EngineMemory: Sendable {
    /// The file; its folder is made when something is written.
    let path: String

    /// More than any list of engines needs.
    private static let largest = 1 << 20

    /// What is known at this moment; nothing where the file is missing or damaged.
    var knowledge: EngineKnowledge {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return EngineKnowledge() }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        let data = try? file.read(upToCount: Self.largest)
        return EngineKnowledge(decoding: data.map(Array.init) ?? [])
    }

    /// A profile with what is known added where the engine itself does not say it, and what an examination has proven.
    func completing(_ profile: EngineProfile) -> EngineProfile { knowledge.completing(profile, at: Date()) }

    /// An engine with the same.
    func completing(_ engine: FoundEngine) -> FoundEngine {
        var engine = engine
        // A model that its engine does not list is known by its name.
        engine.profile.models =
            engine.profile.models.contains { $0.id == engine.model }
            ? completing(engine.profile).models
            : engine.profile.models + [knowledge.proven(engine.model, of: engine.profile, at: Date())]
        return engine
    }

    /// Keeps what trying has proven of a model, be it nothing.
    ///
    /// - Throws: An error of the file system's: what is not kept is found out again.
    func note(
        _ proven: ProvenAbilities, by trial: EngineKnowledge.Trial, model: String, of profile: EngineProfile
    ) throws {
        var knowledge = knowledge
        knowledge.note(proven, by: trial, model: model, of: profile, at: Date())
        // Replaced at once, so that whoever reads meanwhile has the old file or the new one.
        let fresh = "\(path).\(getpid())"
        try OwnFile.write(knowledge.encoded(), to: fresh, creatingFolder: true)
        guard rename(fresh, path) == 0 else {
            let code = POSIXErrorCode(rawValue: errno) ?? .EIO
            unlink(fresh)
            throw POSIXError(code)
        }
    }
}
