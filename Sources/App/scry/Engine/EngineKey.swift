import EngineHost

/// The key of an engine, and where it is from; it shows itself in no description and no dump.
struct EngineKey: Sendable, CustomStringConvertible, CustomReflectable {
    /// The key; nil where there is none.
    let value: String?
    /// Where it is from, for the sentence about a wrong one; without a key, what is to be set.
    let name: String

    init(_ found: FoundKey?, of sources: [KeySource]) {
        value = found?.value
        if let found {
            name = found.source.description
        } else {
            // What was named for this engine is what its owner meant; SCRY_API_KEY is for all.
            switch sources.dropFirst().first ?? sources.first {
            case .file(let path)?: name = "the key in \(path)"
            case let source?: name = source.description
            case nil: name = "SCRY_API_KEY"
            }
        }
    }

    var description: String { "a key from \(name)" }
    var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}
