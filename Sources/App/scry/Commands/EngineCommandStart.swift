import ArgumentParser
import EngineHost
import Foundation

/// `scry engine start`: an engine that goes on when the command has ended, or a larger one in the foreground.
struct EngineStartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Starts an engine, and leaves it running.",
        discussion: """
            llama-server (the one on your PATH, else one that is fetched) runs in the background until `scry engine stop`. \
            vLLM and SGLang run in the foreground until Ctrl-C, with flags that suit the model and the graphics cards; \
            --print shows these with the reason of each, also for other machines:

              scry engine start --kind vllm --model glm-4.6v --gpus 4 --gpu-memory 80 --print
            """)

    /// The engines that can be started.
    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case llamaServer = "llama-server"
        case vllm
        case sglang

        var cluster: ClusterCommand.Kind? { ClusterCommand.Kind(rawValue: rawValue) }
    }

    @Option(help: "The engine.")
    var kind = Kind.llamaServer

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The model: a name of scry engine fetch, a GGUF file; a repository.", valueName: "name|path")
    )
    var model: String?

    @Option(help: ArgumentHelp("What turns pictures into tokens, for a GGUF file.", valueName: "path"))
    var mmproj: String?

    @Option(help: ArgumentHelp("The context, in tokens.", valueName: "N"))
    var context: Int?

    @Option(help: ArgumentHelp("Listen on this port of 127.0.0.1.", valueName: "N"))
    var port: UInt16?

    @Flag(help: "Stay, and end the engine with Ctrl-C.")
    var foreground = false

    @Flag(help: "Print the command line in place of running it.")
    var print = false

    @Option(help: ArgumentHelp("Graphics cards of one machine. (default: as nvidia-smi says)", valueName: "N"))
    var gpus: Int?

    @Option(help: ArgumentHelp("Memory of one graphics card.", valueName: "GB"))
    var gpuMemory: Double?

    @Option(help: ArgumentHelp("Machines that work together; needs --print.", valueName: "N"))
    var nodes = 1

    /// Set by `start` for the program that it leaves behind.
    @Flag(help: .hidden)
    var detached = false

    func validate() throws {
        if let context, !(512...4_194_304).contains(context) {
            throw ValidationError("--context takes 512 to 4194304.")
        }
        if port == 0 { throw ValidationError("--port takes 1 to 65535.") }
        if let gpus, !(1...1024).contains(gpus) { throw ValidationError("--gpus takes 1 to 1024.") }
        if let gpuMemory, !(gpuMemory > 0 && gpuMemory <= 4096) {
            throw ValidationError("--gpu-memory takes GB, up to 4096.")
        }
        if !(1...64).contains(nodes) { throw ValidationError("--nodes takes 1 to 64.") }
        if nodes > 1 && !print { throw ValidationError("--nodes needs --print: each machine runs its own command.") }
        if mmproj != nil && model == nil { throw ValidationError("--mmproj needs --model with a GGUF file.") }
        if kind == .llamaServer, gpus != nil || gpuMemory != nil || nodes > 1 {
            throw ValidationError("--gpus, --gpu-memory and --nodes are for --kind vllm and sglang.")
        }
        if kind != .llamaServer, mmproj != nil { throw ValidationError("--mmproj is for llama-server.") }
        if (gpus == nil) != (gpuMemory == nil) { throw ValidationError("--gpus and --gpu-memory go together.") }
    }

    func run() async throws {
        try await running {
            let services = try Services(saves: false)
            if let kind = kind.cluster {
                return try await EngineClusterRun(command: self, services: services).run(kind)
            }
            try await EngineKeeping(command: self, services: services).run()
        }
    }
}
