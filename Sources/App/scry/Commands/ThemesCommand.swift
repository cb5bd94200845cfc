import ArgumentParser
import Views

/// `scry themes`: which themes there are, where each comes from, and what is wrong with them.
struct ThemesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "themes", abstract: "Lists the themes, where each comes from, and what is wrong with them.",
        subcommands: [List.self, Check.self, Show.self], defaultSubcommand: List.self)

    /// `scry themes list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Lists the themes (the default).")

        @Flag(help: "Print JSON.")
        var json = false

        private struct Record: Encodable {
            var name: String
            var about: String
            var ground: String
            @OrNull var path: String?
            var inUse: Bool
            var warnings: [String]
        }

        func run() async throws {
            try await running {
                let services = try Services(saves: false)
                let library = services.themes
                let used = ThemeChoice(services.configuration, environment: services.environment)
                    .load(from: library)
                let records = library.entries().map { entry in
                    Record(
                        name: entry.name, about: entry.about, ground: entry.ground.rawValue, path: entry.path,
                        inUse: entry.name == used.name,
                        warnings: library.load(entry.name)?.warnings.map(\.description) ?? [])
                }
                if json { return Standard.output(JSONText.line(records) + "\n") }
                let width = records.map(\.name.count).max() ?? 0
                for record in records {
                    let name = record.name + String(repeating: " ", count: width - record.name.count)
                    let place = record.path.map { " (\($0))" } ?? ""
                    let mark = record.inUse ? "*" : " "
                    Standard.output("\(mark) \(name)  \(SafeOutput.line(record.about + place))\n")
                    for warning in record.warnings { Standard.error("scry: \(SafeOutput.line(warning))\n") }
                }
            }
        }
    }

    /// `scry themes check`.
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Says what is wrong with the themes, a line each; exits with 1 when something is.")

        func run() async throws {
            try await running {
                let library = ThemesCommand.library
                let warnings = library.entries().flatMap { library.load($0.name)?.warnings ?? [] }
                var seen: Set<String> = []
                for warning in warnings where seen.insert(warning.description).inserted {
                    Standard.output(SafeOutput.line(warning.description) + "\n")
                }
                if !warnings.isEmpty { throw ExitStatus.engineFailed.exit }
            }
        }
    }

    /// `scry themes show`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Prints the file of a theme, to begin one of your own with.")

        @Argument(help: ArgumentHelp("The theme.", valueName: "name"), completion: Completions.themes)
        var name: String

        func run() async throws {
            try await running {
                guard let text = ThemesCommand.library.text(of: name) else {
                    throw CommandFailure(.usage, "There is no theme \(name); `scry themes` lists them.")
                }
                Standard.output(text)
            }
        }
    }

    fileprivate static var library: ThemeLibrary {
        ThemeLibrary(places: Places.current, environment: Services.processEnvironment)
    }
}
