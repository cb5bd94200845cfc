import ArgumentParser
import Conversation
import Desktop

/// `scry ask`: one question from the shell or a window-manager key.
struct AskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ask",
        abstract: "Asks one question and prints the answer.",
        discussion: """
            Standard output carries the answer and nothing else; reasoning goes to standard error. What comes on standard \
            input goes before the words.

              scry ask --screen "what does this error mean?"
              make 2>&1 | scry ask "why does this fail?"
              scry ask -a before.png -a after.png "what changed?"
            """)

    @Argument(help: "The question.")
    var words: [String] = []

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("A picture, recording or text to go with it; - is standard input.", valueName: "path"))
    var attach: [String] = []

    @OptionGroup(title: "What to look at")
    var source: SourceOptions

    @Option(help: ArgumentHelp("Record the screen for so long, and ask about that.", valueName: "seconds"))
    var record: Double?

    @OptionGroup(title: "Who answers")
    var engine: EngineOptions

    @Flag(name: .shortAndLong, help: "Go on with the last chat.")
    var `continue` = false

    @Option(name: [.customShort("C"), .long], help: ArgumentHelp("Go on with this chat.", valueName: "id"))
    var chat: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    @Flag(help: "Print one JSON object a line, as things arrive.")
    var jsonl = false

    @Flag(help: "Print Markdown as it came, also on a terminal.")
    var raw = false

    @Flag(name: [.customShort("R"), .customLong("hide-reasoning")], help: "Do not print the reasoning.")
    var hideReasoning = false

    @Flag(help: "Print the request instead of sending it, media shortened.")
    var dryRun = false

    @Flag(help: "Leave no trace in the history.")
    var noSave = false

    @Option(help: ArgumentHelp("Give up after so long.", valueName: "seconds"))
    var timeout: Double?

    @Flag(help: "Exit with 6 when the token limit cut the answer.")
    var strict = false

    func validate() throws {
        if let record, !(record > 0 && record <= 3600) { throw ValidationError("--record takes seconds, up to 3600.") }
        if let timeout, timeout <= 0 { throw ValidationError("--timeout takes seconds, more than 0.") }
        if json && jsonl { throw ValidationError("--json and --jsonl exclude each other.") }
        if `continue` && chat != nil { throw ValidationError("-c and -C exclude each other.") }
        if attach.count(where: { $0 == "-" }) > 1 { throw ValidationError("Standard input can be attached once.") }
    }

    func run() async throws {
        try await running { try await AskRun(command: self).run() }
    }
}

/// Runs the body of a command; an error becomes one sentence on standard error and an exit status.
func running(isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch let status as ExitCode {
        throw status
    } catch let error as ValidationError {
        throw error
    } catch {
        let failure = CommandFailure(error)
        Standard.error("scry: \(SafeOutput.text(failure.description))\n")
        throw failure.status.exit
    }
}
