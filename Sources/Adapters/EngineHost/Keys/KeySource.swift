/// A place where the key of an engine may be.
public enum KeySource: Sendable, Equatable, CustomStringConvertible {
    /// A variable of the environment, by its name.
    case variable(String)
    /// A file, by its path, where "~/" is the home.
    case file(String)
    /// The desktop's keyring: the secret with the attributes "service" = "scry" and "engine" = this name.
    case keyring(engine: String)

    /// What people set or correct: the end of "check …".
    public var description: String {
        switch self {
        case .variable(let name): name
        case .file(let path): path
        case .keyring(let engine): "the keyring's entry for \(engine)"
        }
    }
}
