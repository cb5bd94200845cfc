import ArgumentParser

/// Which engine answers, and how.
struct EngineOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The engine: a name from the configuration, or a URL.", valueName: "name|URL"),
        completion: Completions.engines)
    var engine: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("The model.", valueName: "name"), completion: Completions.models)
    var model: String?

    @Flag(inversion: .prefixedNo, help: "Whether the engine thinks before it answers. (default: as configured)")
    var think: Bool?

    @Option(name: .shortAndLong, help: ArgumentHelp("The system prompt.", valueName: "text"))
    var system: String?

    @Option(help: ArgumentHelp("The longest reply, in tokens.", valueName: "N"))
    var maxTokens: Int?

    @Option(help: ArgumentHelp("The sampling temperature.", valueName: "X"))
    var temperature: Double?

    func validate() throws {
        if let maxTokens, maxTokens < 1 { throw ValidationError("--max-tokens takes a number from 1.") }
        if let temperature, !(0...2).contains(temperature) { throw ValidationError("--temperature takes 0 to 2.") }
    }
}
