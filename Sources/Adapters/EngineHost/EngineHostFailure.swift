/// Why Scry's own engine does not run, or a model was not fetched: what failed, why, and what to do.
public struct EngineHostFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// What went wrong, as far as a program needs to know.
    public enum Kind: Sendable, Equatable {
        /// The processor lacks instructions that the engine is built with.
        case processorTooOld
        /// Python, or a part of it, is missing.
        case pythonMissing
        /// The engine or its model could not be installed.
        case installFailed
        /// A model could not be fetched.
        case fetchFailed
        /// A file of the model is not there.
        case modelMissing
        /// The engine ended, or never answered, while it was started.
        case startFailed
        /// A directory or file of Scry's cannot be written.
        case unwritable
        /// A model was asked for that the running engine does not serve, or that does not fit this machine.
        case unsuitable
        /// It was stopped meanwhile, or its task was cancelled.
        case stopped
    }

    /// What went wrong.
    public var kind: Kind
    /// The sentence that people see.
    public var message: String

    init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// The sentence that people see.
    public var description: String { message }

    static let stopped = EngineHostFailure(.stopped, "Starting Scry's own engine was stopped.")
}
