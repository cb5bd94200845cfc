import Foundation
import Glibc

/// The models on this machine, one directory each, and which of the hub's would suit it.
public struct ModelStore: Sendable {
    /// Where the models lie.
    public let directory: String
    /// Where the small model lies, among the engine's packages.
    private let engine: String

    /// Opens a directory of models; it need not exist.
    public init(directory: String) {
        self.directory = directory
        engine = directory + "/../engine"
    }

    /// Opens the models of Scry's own engine.
    public init(_ directories: EngineDirectories) {
        directory = directories.models
        engine = directories.engine
    }

    /// The models of Scry's table that are here whole, the best first.
    public var fetched: [ModelFiles] { HubModel.all.compactMap { files(of: $0) } }

    /// Removes a model that was fetched.
    public func remove(named name: String) throws(EngineHostFailure) {
        guard let model = HubModel.all.first(where: { $0.name == name }) else {
            throw EngineHostFailure(.modelMissing, "There is no fetched model that is called \(name).")
        }
        do {
            try FileManager.default.removeItem(atPath: path(of: model))
        } catch {
            throw EngineHostFailure(.unwritable, "\(path(of: model)) cannot be removed: \(error.localizedDescription)")
        }
    }

    /// The best fetched model that fits into memory now.
    func best(for machine: Machine) -> ModelFiles? {
        HubModel.all.lazy.filter { $0.memory <= machine.freeMemory }.compactMap { files(of: $0) }.first
    }

    /// The best model that is worth fetching: it fits into memory and onto the disk, and nothing as good is here.
    func suggestion(for machine: Machine) -> HubModel? {
        for model in HubModel.all where model.memory <= machine.freeMemory {
            if files(of: model) != nil { return nil }
            // A gibibyte stays free for everything else.
            if missingBytes(of: model) + (1 << 30) <= machine.freeDisk { return model }
        }
        return nil
    }

    /// The directory of the small model, and its file.
    var smallModelPath: (directory: String, weights: String) {
        var directories = EngineDirectories(data: "", state: "", runtime: "")
        directories.engine = engine
        return EngineInstaller(directories: directories, searchPath: "").smallModelPath
    }

    func path(of model: HubModel) -> String { directory + "/" + model.name }

    func files(of model: HubModel) -> ModelFiles? {
        let weights = path(of: model) + "/" + model.weights.name
        let projector = path(of: model) + "/" + model.projector.name
        guard access(weights, R_OK) == 0, access(projector, R_OK) == 0 else { return nil }
        return ModelFiles(
            name: model.name, weights: weights, projector: projector, contextLength: model.contextLength)
    }

    /// What is still to come, after a fetch that was cut.
    func missingBytes(of model: HubModel) -> Int {
        [model.weights, model.projector].reduce(0) { sum, file in
            let path = path(of: model) + "/" + file.name
            let here = max(Self.size(path), Self.size(path + ".part"))
            return sum + max(0, file.bytes - here)
        }
    }

    static func size(_ path: String) -> Int {
        ((try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int) ?? 0
    }
}
