import ArgumentParser
import FoundationEssentials
import Views

/// `scry config`: what is set, and where.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Shows where the configuration is, what is in effect, and what is wrong with it.",
        subcommands: [Show.self, Path.self, Check.self], defaultSubcommand: Show.self)

    /// `scry config show`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Prints the settings in effect, as a configuration that would set them (the default).")

        func run() async throws {
            try await running {
                let (configuration, warnings) = ConfigCommand.load()
                for warning in warnings { Standard.error("scry: \(SafeOutput.line(warning))\n") }
                Standard.output("# \(Places.current.configFile)\n" + TOMLText.effective(configuration))
            }
        }
    }

    /// `scry config path`.
    struct Path: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "path", abstract: "Prints where the configuration is, or would be.")

        func run() async throws { try await running { Standard.output(Places.current.configFile + "\n") } }
    }

    /// `scry config check`.
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Says what is wrong, a line each; exits with 1 when something is.")

        func run() async throws {
            try await running {
                let (_, warnings) = ConfigCommand.load()
                for warning in warnings { Standard.output(SafeOutput.line(warning) + "\n") }
                if !warnings.isEmpty { throw ExitStatus.engineFailed.exit }
            }
        }
    }

    private static func load() -> (Configuration, [String]) {
        let loaded = Configuration.load(path: Places.current.configFile, environment: Services.processEnvironment)
        let keys = loaded.configuration.keymap.warnings.map { "\($0)" }
        let environment = Services.processEnvironment
        let themes = ThemeLibrary(places: Places.current, environment: environment)
        let theme = ThemeChoice(loaded.configuration, environment: environment).load(from: themes)
        let warnings = loaded.warnings + theme.warnings
        return (loaded.configuration, warnings.map(\.description) + keys)
    }
}
