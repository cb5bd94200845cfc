/// What can be chosen about Scry's own engine.
public struct EngineHostSettings: Sendable, Equatable {
    /// The model to run; nil takes the best one that was fetched and fits into memory, else the small one.
    public var model: ModelFiles?
    /// The model to run, by its name or by the path of a GGUF file; `model` goes before it.
    public var wanted: String?
    /// What turns pictures into tokens for a model that is named by its path.
    public var projector: String?
    /// The context in tokens; nil takes what suits the model.
    public var contextLength: Int?
    /// The port of 127.0.0.1 to listen on in place of a socket.
    public var port: UInt16?
    /// Whether this program does nothing else than run the engine, so that stopping the engine may end it.
    public var isKeeper = false
    /// The directories to look for `llama-server` and `python3` in, colon-separated; nil takes `PATH`.
    public var searchPath: String?
    /// Whether a `llama-server` on the search path is used.
    public var usesInstalledServer = true
    /// Where model repositories are, for a mirror or a test.
    public var hub = "https://huggingface.co"
    /// How long an engine with a small model may take until it answers; large models get more.
    public var startLimit: Duration = .seconds(60)
    /// How long an engine has to run before its death is forgiven once more.
    public var forgiveAfter: Duration = .seconds(600)
    /// The longest path that a unix socket can have here; a longer one makes the engine listen on a port of 127.0.0.1.
    var longestSocketPath = 107

    /// Makes settings; `model` is nil for Scry's own choice.
    public init(model: ModelFiles? = nil) {
        self.model = model
    }
}

/// A model on this machine.
public struct ModelFiles: Sendable, Equatable {
    /// What requests call it, as "smollm2-135m".
    public var name: String
    /// The weights: a GGUF file.
    public var weights: String
    /// What turns pictures into tokens for it: a second GGUF file; nil for a model that cannot see.
    public var projector: String?
    /// The context to give it, in tokens.
    public var contextLength: Int

    /// Names a model's files.
    public init(name: String, weights: String, projector: String? = nil, contextLength: Int = 4096) {
        self.name = name
        self.weights = weights
        self.projector = projector
        self.contextLength = contextLength
    }
}
