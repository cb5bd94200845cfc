/// Where the engine host keeps its things; directories are made with mode 0700 when they are needed.
public struct EngineDirectories: Sendable, Equatable {
    /// Holds the engine's program: `$XDG_DATA_HOME/scry/engine`.
    public var engine: String
    /// Holds the models that were fetched: `$XDG_DATA_HOME/scry/models`.
    public var models: String
    /// Holds the engine's log: `$XDG_STATE_HOME/scry`.
    public var state: String
    /// Holds the engine's socket and lock: `$XDG_RUNTIME_DIR/scry`.
    public var runtime: String

    /// Takes Scry's own directories: data, state, runtime.
    public init(data: String, state: String, runtime: String) {
        engine = data + "/engine"
        models = data + "/models"
        self.state = state
        self.runtime = runtime
    }

    /// What the engine says while it runs; the log of the run before is beside it, with `.1` at its end.
    public var log: String { state + "/engine.log" }

    var socket: String { runtime + "/engine.sock" }
    var lock: String { runtime + "/engine.lock" }
    var record: String { runtime + "/engine.json" }
    /// Says that the engine was stopped on purpose, so that nobody starts it again.
    var stopMark: String { runtime + "/engine.stopped" }
    /// Held by the program that keeps an engine running for others.
    var keeperLock: String { runtime + "/engine.keeper" }
    /// Where an engine that listens on a port keeps its key.
    public var keyFile: String { record }
    var launcher: String { engine + "/engine.py" }
}
