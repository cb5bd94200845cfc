import Foundation
import Glibc

extension ModelStore {
    /// What a name means.
    enum Choice: Sendable, Equatable {
        /// Files that are here.
        case files(ModelFiles)
        /// The small model, which is installed when it is missing.
        case small

        /// What requests call it.
        var name: String {
            switch self {
            case .files(let files): files.name
            case .small: EngineInstaller.smallModelName
            }
        }
    }

    /// Finds the model that a person means: by the path of its file, by its name, or by the beginning of it.
    func named(_ wanted: String, projector: String?) throws(EngineHostFailure) -> Choice {
        if wanted.contains("/") || wanted.lowercased().hasSuffix(".gguf") {
            return .files(Self.files(at: wanted, projector: projector))
        }
        let offer = try offer(named: wanted)
        guard let model = offer.model else { return .small }
        if let files = files(of: model) { return .files(files) }
        throw EngineHostFailure(
            .modelMissing,
            "\(model.title) is not on this machine; fetch it (\(ByteCount.text(model.bytes)), \(model.license)) with: "
                + "scry engine fetch \(model.name)")
    }

    /// What can be had under a name, or under the beginning of one.
    func offer(named wanted: String) throws(EngineHostFailure) -> Entry {
        let wanted = wanted.lowercased()
        let found = entries.filter { $0.name == wanted }
        let matches = found.isEmpty ? entries.filter { $0.name.hasPrefix(wanted) && !wanted.isEmpty } : found
        if matches.count == 1 { return matches[0] }
        let names = (matches.isEmpty ? entries : matches).map(\.name).joined(separator: ", ")
        throw EngineHostFailure(
            .modelMissing,
            matches.isEmpty
                ? "Scry has no model \(wanted); there are \(names), or give the path of a GGUF file."
                : "\(wanted) is the beginning of several names: \(names).")
    }

    private static func files(at path: String, projector: String?) -> ModelFiles {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        let name = file.lowercased().hasSuffix(".gguf") ? String(file.dropLast(5)) : file
        return ModelFiles(name: name, weights: absolute(path), projector: projector.map(absolute))
    }

    private static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }
}

extension ModelStore {
    /// A model that Scry knows, and how much of it is here.
    public struct Entry: Sendable, Equatable {
        /// What requests call it.
        public var name: String { model?.name ?? EngineInstaller.smallModelName }
        /// What people call it.
        public var title: String { model?.title ?? "SmolLM2 (135 million parameters, 4 bits)" }
        /// Its licence.
        public var license: String { model?.license ?? "Apache-2.0" }
        /// Bytes that it is in all.
        public var bytes: Int { model?.bytes ?? (isWhole ? bytesHere : EngineInstaller.Package.smallModel.bytes) }
        /// Memory that has to be free for it, in bytes.
        public var memory: Int { model?.memory ?? 512 << 20 }
        /// Whether it sees pictures.
        public var sees: Bool { model != nil }
        /// The directory that it lies in.
        public var path: String
        /// Bytes of it that are here, also of a fetch that was cut.
        public var bytesHere: Int
        /// Whether all of it is here.
        public var isWhole: Bool
        /// The row of the hub's table; nil for the small model, which is a package.
        var model: HubModel?
    }

    /// Every model that Scry knows, the best first.
    public var entries: [Entry] {
        let hub = HubModel.all.map { model in
            let here = [model.weights, model.projector].reduce(0) { sum, file in
                let path = path(of: model) + "/" + file.name
                return sum + max(Self.size(path), Self.size(path + ".part"))
            }
            return Entry(path: path(of: model), bytesHere: here, isWhole: files(of: model) != nil, model: model)
        }
        return hub + [smallEntry]
    }

    private var smallEntry: Entry {
        let path = smallModelPath
        let size = Self.size(path.weights)
        return Entry(
            path: path.directory, bytesHere: size,
            isWhole: size > 0 && Installation.isComplete(path.directory, interpreter: nil), model: nil)
    }
}
