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
            input goes first and unchanged, then the prompt that -p names, then the words.

              scry ask --screen "what does this error mean?"
              make 2>&1 | scry ask "why does this fail?"
              scry ask -a before.png -a after.png "what changed?"
              git diff --staged | scry ask -qx -p commit-message
              scry ask --schema invoice.json -a invoice.png | jq .total

            Exit status: 0 done, 1 the engine failed, 3 no engine or model, 4 the screen could not be captured, 5 an \
            attachment cannot be read, 6 the answer is not what was wanted (cut under --strict, no code for -x, not of the \
            --schema after a second try), 64 usage, 124 timed out, 130 cancelled.
            """)

    @Argument(help: "The question.")
    var words: [String] = []

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("A picture, recording or text to go with it; - is standard input.", valueName: "path"),
        completion: .file())
    var attach: [String] = []

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("A named prompt before the words; see scry prompts.", valueName: "name"),
        completion: Completions.prompts)
    var prompt: String?

    @OptionGroup(title: "What to look at")
    var source: SourceOptions

    @Option(help: ArgumentHelp("Record the screen for so long, and ask about that.", valueName: "seconds"))
    var record: Double?

    @OptionGroup(title: "Who answers")
    var engine: EngineOptions

    @Flag(name: .shortAndLong, help: "Go on with the last chat.")
    var `continue` = false

    @Option(
        name: [.customShort("C"), .long],
        help: ArgumentHelp("Go on with this chat; the first digits of its id do.", valueName: "id"),
        completion: Completions.chats)
    var chat: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    @Flag(help: "Print one JSON object a line, as things arrive.")
    var jsonl = false

    @Flag(
        name: [.customShort("x"), .customLong("extract")],
        help: "Print the first block of code of the answer, and only that.")
    var extract = false

    @Option(
        help: ArgumentHelp("The answer is JSON of this JSON schema, and is checked.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var schema: String?

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Write the answer to a file.", valueName: "file"), completion: .file())
    var output: String?

    @Flag(name: .shortAndLong, help: "Print neither reasoning nor notes; errors are told.")
    var quiet = false

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

    @Flag(help: "Ask in the running chat, or in a small terminal, about the picture that is taken now.")
    var popup = false

    @Flag(help: "Show the answer as a notification of the desktop, too.")
    var notify = false

    @Option(help: .hidden)
    var parcel: [String] = []

    @Flag(help: "Exit with 6 when the token limit cut the answer.")
    var strict = false

    func validate() throws {
        if let record, !(record > 0 && record <= 3600) { throw ValidationError("--record takes seconds, up to 3600.") }
        if let timeout, timeout <= 0 { throw ValidationError("--timeout takes seconds, more than 0.") }
        if json && jsonl { throw ValidationError("--json and --jsonl exclude each other.") }
        if `continue` && chat != nil { throw ValidationError("-c and -C exclude each other.") }
        if extract && (json || jsonl) { throw ValidationError("-x prints code; --json and --jsonl print objects.") }
        if popup && source.target == nil { throw ValidationError("--popup needs what to look at, as --screen.") }
        if popup && (notify || !words.isEmpty || record != nil) {
            throw ValidationError("--popup takes a picture and no question: that is asked in the terminal it opens.")
        }
        if extract && schema != nil { throw ValidationError("-x prints code, --schema JSON: choose one.") }
        if attach.count(where: { $0 == "-" }) > 1 { throw ValidationError("Standard input can be attached once.") }
    }

    func run() async throws {
        try await running { try await AskRun(command: self).run() }
    }
}
