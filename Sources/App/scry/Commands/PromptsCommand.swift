import ArgumentParser
import Glibc

/// `scry prompts`: questions that have a name.
struct PromptsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prompts", abstract: "Lists, shows and edits named prompts, for scry ask -p.",
        discussion: """
            Your own are Markdown files in ~/.config/scry/prompts; one that has the name of a prompt of the program's goes \
            before it. {{words}} stands for the words of the question, which come last otherwise.
            """,
        subcommands: [List.self, Show.self, Edit.self], defaultSubcommand: List.self)

    /// `scry prompts list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Lists the prompts (the default).")

        @Flag(help: "Print JSON.")
        var json = false

        private struct Record: Encodable {
            var name: String
            var own: Bool
            var text: String
        }

        func run() async throws {
            try await running {
                let library = PromptLibrary(places: Places.current)
                let prompts = library.names.compactMap { try? library.prompt($0) }
                if json {
                    let records = prompts.map { Record(name: $0.name, own: $0.isOwn, text: $0.body) }
                    return Standard.output(JSONText.line(records) + "\n")
                }
                let width = prompts.map(\.name.count).max() ?? 0
                for prompt in prompts {
                    let name = prompt.name + String(repeating: " ", count: width - prompt.name.count)
                    Standard.output("\(name)  \(prompt.isOwn ? "*" : " ") \(SafeOutput.line(prompt.summary))\n")
                }
            }
        }
    }

    /// `scry prompts show`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Prints a prompt.")

        @Argument(help: "The prompt.", completion: Completions.prompts)
        var name: String

        func run() async throws {
            try await running {
                Standard.output(try PromptLibrary(places: Places.current).prompt(name).body + "\n")
            }
        }
    }

    /// `scry prompts edit`.
    struct Edit: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "edit",
            abstract: "Opens a prompt of yours in $VISUAL or $EDITOR; one of the program's is copied first.")

        @Argument(help: "The prompt.", completion: Completions.prompts)
        var name: String

        func run() async throws {
            try await running {
                let places = Places.current
                let library = PromptLibrary(places: places)
                let path = try library.path(of: name)
                try places.make(library.directory)
                if access(path, F_OK) != 0 {
                    let body = PromptLibrary.builtIn[name] ?? "What to do with what is above, or with the picture."
                    try OwnFile.write(Array((body + "\n").utf8), to: path)
                }
                // The editor takes the place of this program, and with it the terminal and its signals.
                let words = ["/bin/sh", "-c", "exec ${VISUAL:-${EDITOR:-vi}} \"$1\"", "sh", path]
                var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
                execv("/bin/sh", &arguments)
                throw CommandFailure(.engineFailed, "No editor could be started: \(String(cString: strerror(errno))).")
            }
        }
    }
}
