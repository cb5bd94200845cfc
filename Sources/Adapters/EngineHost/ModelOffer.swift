/// A model that could be fetched, for a person to agree to.
public struct ModelOffer: Sendable, Equatable {
    /// A file to fetch.
    struct File: Sendable, Equatable {
        var url: String
        var name: String
        var bytes: Int
        var sha256: String?
    }

    /// What requests will call it, as "smolvlm2-2.2b".
    public var name: String
    /// What people call it, as "SmolVLM2 (2.2 billion parameters, 4 bits)".
    public var title: String
    /// Its licence, as "Apache-2.0".
    public var license: String
    /// The page that describes it.
    public var url: String
    /// Bytes to fetch in all.
    public var bytes: Int
    /// Bytes of it that are here already, from a fetch that was cut.
    public var bytesHere = 0
    /// Whether all of it is here, so that nothing has to be fetched.
    public var isWhole = false
    /// Memory that has to be free to run it, in bytes.
    public var memory: Int
    /// Its files on the hub; none for the small model, which is a package.
    var files: [File]
}

extension ModelOffer {
    /// What is offered of a model that is here in part or not at all.
    init(_ entry: ModelStore.Entry, hub: String) {
        if let model = entry.model {
            self.init(model, hub: hub)
        } else {
            self.init(
                name: entry.name, title: entry.title, license: entry.license,
                url: "https://pypi.org/project/\(EngineInstaller.Package.smallModel.name)", bytes: entry.bytes,
                memory: entry.memory, files: [])
        }
        bytesHere = entry.bytesHere
        isWhole = entry.isWhole
    }

    init(_ model: HubModel, hub: String) {
        self.init(
            name: model.name, title: model.title, license: model.license, url: "\(hub)/\(model.repository)",
            bytes: model.bytes, memory: model.memory,
            files: [model.weights, model.projector].map {
                File(
                    url: "\(hub)/\(model.repository)/resolve/main/\($0.name)", name: $0.name, bytes: $0.bytes,
                    sha256: $0.sha256)
            })
    }
}
