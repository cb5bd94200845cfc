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
    var files: [File]

    init(_ model: HubModel, hub: String) {
        name = model.name
        title = model.title
        license = model.license
        url = "\(hub)/\(model.repository)"
        bytes = model.bytes
        files = [model.weights, model.projector].map {
            File(
                url: "\(hub)/\(model.repository)/resolve/main/\($0.name)", name: $0.name, bytes: $0.bytes,
                sha256: $0.sha256)
        }
    }
}
