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

    /// A profile with what is known added where the engine itself does not say it.
    func completing(_ profile: EngineProfile) -> EngineProfile {
        guard profile.models.contains(where: { $0.vision == nil }) else { return profile }
        return knowledge.completing(profile, at: Date())
    }

    /// Keeps whether a model was proven to see; nil when trying has proven neither.
    ///
    /// - Throws: An error of the file system's: what is not kept is found out again.
    func note(sees: Bool?, model: String, of profile: EngineProfile) throws {
        var knowledge = knowledge
        knowledge.note(sees: sees, model: model, of: profile, at: Date())
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
