import ArgumentParser
import Conversation
import Exchange
import FoundationEssentials
import History
import Views

/// `scry chats export`.
struct ExportChats: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes chats as Markdown, HTML, JSON lines or training data.",
        discussion: """
            markdown  text with the pictures in a folder beside it
            html      one page with everything in it
            jsonl     everything there is; `scry chats import` makes the same chats of it
            training  a folder for LLaMA-Factory with the answers that are marked good

            One chat goes to the file that -o names, or to standard output; several go into the folder that it names.
            """)

    /// The kinds of exports.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case markdown
        case html
        case jsonl
        case training
    }

    @Argument(help: ArgumentHelp("The chats.", valueName: "id"), completion: Completions.chats)
    var ids: [String] = []

    @Flag(help: "All chats.")
    var all = false

    @Option(name: .shortAndLong, help: "How they are written.")
    var format = Format.markdown

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Where to; - is standard output.", valueName: "path"),
        completion: .file())
    var output: String?

    @Flag(help: "Replace files that are there.")
    var force = false

    @Option(help: ArgumentHelp("For training: the model to train, glm-4.1v or glm-4.5v.", valueName: "model"))
    var model = "glm-4.5v"

    func validate() throws {
        if ids.isEmpty != all { throw ValidationError("Name chats, or say --all.") }
        if format == .training, output == nil || output == "-" {
            throw ValidationError("Training data are a folder: name it with -o.")
        }
        if TrainingSet.Form(rawValue: model) == nil { throw ValidationError("--model is glm-4.1v or glm-4.5v.") }
    }

    func run() async throws {
        try await running {
            let finder = try ChatFinder()
            var chats: [Conversation.ID] = []
            if all { chats = try await finder.all().map(\.id) }
            for id in ids {
                let id = try await finder.id(id)
                if !chats.contains(id) { chats.append(id) }
            }
            guard !chats.isEmpty else { throw CommandFailure(.engineFailed, "There are no chats to export.") }
            let export = ChatExport(services: finder.services, format: format, replaces: force)
            let path = output == "-" ? nil : output
            if format == .training, let path, let form = TrainingSet.Form(rawValue: model) {
                try await export.writeTraining(chats, to: path, form: form)
            } else if let path {
                try await export.write(chats, to: path, isFolder: all || ids.count > 1)
            } else if chats.count > 1, format != .jsonl {
                throw CommandFailure(.usage, "Several chats are several files: name a folder with -o.")
            } else {
                try await export.print(chats)
            }
        }
    }
}

extension ExportChats.Format {
    /// What file names end with.
    var suffix: String {
        switch self {
        case .markdown: "md"
        case .html: "html"
        case .jsonl: "jsonl"
        case .training: "json"
        }
    }
}
