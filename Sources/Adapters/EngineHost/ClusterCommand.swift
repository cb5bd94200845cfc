/// The command lines with which vLLM and SGLang serve a GLM-V model the way Scry can use all of it.
public struct ClusterCommand: Sendable, Equatable {
    /// Which engine it is for.
    public enum Kind: String, Sendable, CaseIterable {
        case vllm
        case sglang

        /// The port where Scry looks for it by itself.
        var port: UInt16 { self == .vllm ? 8000 : 30000 }
        /// What people call it.
        public var title: String { self == .vllm ? "vLLM" : "SGLang" }
    }

    /// What is wanted.
    public struct Wish: Sendable, Equatable {
        /// The engine.
        public var kind: Kind
        /// A model of the family by its name, another repository, or a directory.
        public var model: String
        /// The context in tokens; nil takes as much as fits.
        public var context: Int?
        /// The port of 127.0.0.1; nil takes the one where Scry looks.
        public var port: UInt16?
        /// Machines that work together.
        public var nodes = 1

        /// Asks for a model.
        public init(kind: Kind, model: String, context: Int? = nil, port: UInt16? = nil, nodes: Int = 1) {
            self.kind = kind
            self.model = model
            self.context = context
            self.port = port
            self.nodes = nodes
        }
    }

    /// The command of each machine, the first machine's first.
    public var commands: [ExplainedCommand]
    /// Where the engine will listen, on the first machine.
    public var port: UInt16
    /// What requests call the model.
    public var modelName: String

    /// The most pictures of one request: a screen recording as timed pictures needs about this many.
    static let pictures = 32

    /// Composes the commands for machines with these cards.
    ///
    /// - Parameter cards: The cards of one machine; nil where they are not known, as for a model that is not of the family.
    /// - Throws: A sentence where the machine is too small for the model, or the cards have to be known.
    public init(_ wish: Wish, on cards: GraphicsCards?) throws(EngineHostFailure) {
        port = wish.port ?? wish.kind.port
        guard let (model, precision) = ClusterModel.named(wish.model) else {
            modelName = Self.lastPart(of: wish.model)
            guard wish.model.contains("/") else {
                let names = ClusterModel.all.map(\.name).joined(separator: ", ")
                throw EngineHostFailure(
                    .modelMissing,
                    "Scry knows no model \(wish.model) for \(wish.kind.title); it knows \(names), and takes any repository "
                        + "(OWNER/NAME) or directory.")
            }
            commands = [Self.unknown(wish, port: port, name: modelName)]
            return
        }
        guard let cards else {
            throw EngineHostFailure(
                .unsuitable,
                "No graphics card was found (nvidia-smi); for another machine say --gpus N --gpu-memory GB.")
        }
        modelName = model.name
        let plan = try ClusterPlan(
            model, precision: precision, context: wish.context, on: cards, nodes: wish.nodes)
        commands = (0..<wish.nodes).map { node in
            switch wish.kind {
            case .vllm: Self.vllm(plan, port: wish.port ?? wish.kind.port, node: node)
            case .sglang: Self.sglang(plan, port: wish.port ?? wish.kind.port, node: node)
            }
        }
    }

    /// All commands as a person reads them.
    public var text: String { commands.map(\.text).joined(separator: "\n") }

    // MARK: - vLLM

    private static func vllm(_ plan: ClusterPlan, port: UInt16, node: Int) -> ExplainedCommand {
        let model = plan.model
        var command = ExplainedCommand("vllm", "serve", model.repository(plan.precision))
        command.notes = notes(plan, node: node, first: "vLLM 0.12 or newer: pip install -U vllm")
        command.add("--served-model-name", model.name, because: "what Scry shows and asks for")
        command.add(
            "--host", "127.0.0.1", "--port", String(port), because: "this machine only; Scry looks here by itself")
        if plan.cards > 1 {
            command.add(
                "--tensor-parallel-size", String(plan.cards), because: "all \(plan.cards) cards share every layer")
        }
        if plan.nodes > 1 {
            command.add(
                "--pipeline-parallel-size", String(plan.nodes), because: "the layers are divided among the machines")
            command.add(
                "--nnodes", String(plan.nodes), "--node-rank", String(node), "--master-addr", "HEAD",
                because: "put the first machine's address in place of HEAD")
            if node > 0 { command.add("--headless", because: "only the first machine answers requests") }
        }
        if model.isMixture && plan.cards > 1 {
            command.add("--enable-expert-parallel", because: "each card holds whole experts: less traffic between them")
        }
        if plan.cards > 1 {
            command.add("--mm-encoder-tp-mode", "data", because: "each card reads whole pictures, faster than slices")
            command.add("--mm-processor-cache-type", "shm", because: "a picture is prepared once for all cards")
        }
        if plan.precision == .rounded {
            command.add("--quantization", "fp8", because: "8 bits a weight, rounded while loading: 16 do not fit")
        }
        command.add("--max-model-len", String(plan.context), because: contextReason(plan))
        command.add("--gpu-memory-utilization", "0.92", because: "the rest is for pictures and CUDA graphs")
        command.add("--reasoning-parser", "glm45", because: "thoughts come apart from the answer")
        if model.callsTools {
            command.add("--tool-call-parser", "glm45", "--enable-auto-tool-choice", because: "the model may call tools")
        }
        command.add(
            "--limit-mm-per-prompt", #"{"image":\#(pictures),"video":1}"#,
            because: "pictures of one conversation; GLM takes one video")
        command.add(
            "--media-io-kwargs", #"{"video":{"num_frames":-1}}"#,
            because: "the model chooses a video's frames (2 a second), not the loader (32 in all)")
        command.add("--enable-prompt-tokens-details", because: "usage tells what was cached and what pictures cost")
        return command
    }

    // MARK: - SGLang

    private static func sglang(_ plan: ClusterPlan, port: UInt16, node: Int) -> ExplainedCommand {
        let model = plan.model
        let all = plan.cards * plan.nodes
        var command = ExplainedCommand("sglang", "serve")
        command.notes = notes(plan, node: node, first: "SGLang, in an environment without vLLM: pip install -U sglang")
        command.environment = [("SGLANG_VLM_CACHE_SIZE_MB", "1024", "pictures of earlier turns are not encoded again")]
        command.add("--model-path", model.repository(plan.precision))
        command.add("--served-model-name", model.name, because: "what Scry shows and asks for")
        command.add(
            "--host", "127.0.0.1", "--port", String(port), because: "this machine only; Scry looks here by itself")
        if all > 1 { command.add("--tp-size", String(all), because: "all \(all) cards share every layer") }
        if plan.nodes > 1 {
            command.add(
                "--nnodes", String(plan.nodes), "--node-rank", String(node), "--dist-init-addr", "HEAD:5000",
                because: "put the first machine's address in place of HEAD")
        }
        if model.isMixture && all > 1 {
            command.add("--ep-size", String(all), because: "each card holds whole experts: less traffic between them")
        }
        if all > 1 {
            command.add("--mm-enable-dp-encoder", because: "each card reads whole pictures, faster than slices")
        }
        if plan.precision == .rounded {
            command.add("--quantization", "fp8", because: "8 bits a weight, rounded while loading: 16 do not fit")
        }
        command.add("--context-length", String(plan.context), because: contextReason(plan))
        command.add("--reasoning-parser", "glm45", because: "thoughts come apart from the answer")
        if model.callsTools { command.add("--tool-call-parser", "glm45", because: "the model may call tools") }
        command.add(
            "--limit-mm-data-per-request", #"{"image":\#(pictures),"video":1}"#,
            because: "pictures of one conversation; GLM takes one video")
        command.add("--enable-cache-report", because: "usage tells what was cached")
        return command
    }

    // MARK: - Both

    /// A model that Scry has no numbers for gets what is true of any.
    private static func unknown(_ wish: Wish, port: UInt16, name: String) -> ExplainedCommand {
        var command =
            wish.kind == .vllm
            ? ExplainedCommand("vllm", "serve", wish.model)
            : ExplainedCommand("sglang", "serve", "--model-path", wish.model)
        command.notes = [
            "Scry has no numbers for \(name): cards, context and parsers are left to \(wish.kind.title) and to you."
        ]
        command.add("--served-model-name", name, because: "what Scry shows and asks for")
        command.add(
            "--host", "127.0.0.1", "--port", String(port), because: "this machine only; Scry looks here by itself")
        if let context = wish.context {
            let flag = wish.kind == .vllm ? "--max-model-len" : "--context-length"
            command.add(flag, String(context), because: "as you asked")
        }
        if name.lowercased().contains("glm") {
            command.add("--reasoning-parser", "glm45", because: "thoughts come apart from the answer")
        }
        if wish.kind == .vllm {
            command.add("--enable-prompt-tokens-details", because: "usage tells what was cached and what pictures cost")
        } else {
            command.add("--enable-cache-report", because: "usage tells what was cached")
        }
        return command
    }

    private static func notes(_ plan: ClusterPlan, node: Int, first: String) -> [String] {
        let model = plan.model
        let room = "\(plan.cards * plan.nodes) × \(plan.available.size)"
        let bits = plan.precision == .full ? "16" : "8"
        var notes = [
            "\(model.repository(plan.precision)) on \(room): weights \(ByteCount.text(model.bytes(plan.precision))), "
                + "\(bits) bits each. \(first)"
        ]
        if plan.nodes > 1 { notes.insert("Machine \(node + 1) of \(plan.nodes).", at: 0) }
        let rest = plan.available.count - plan.cards
        if rest > 0 {
            notes.append("\(rest) of \(plan.available.count) cards stay free: \(model.name) gains nothing from them.")
        }
        if !model.callsTools {
            notes.append("\(model.name) always thinks, and calls no tools.")
        }
        return notes
    }

    private static func contextReason(_ plan: ClusterPlan) -> String {
        plan.context == plan.model.context
            ? "all that the model was trained for" : "in tokens: what fits beside the weights"
    }

    private static func lastPart(of path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }
}
