import ArgumentParser
import Session
import Views

/// `scry keys`: what each key does, as configured.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Lists the keys of the chat, as configured.")

    func run() async throws {
        try await running {
            let services = try Services(saves: false)
            services.printWarnings()
            let keymap = services.configuration.keymap
            for warning in keymap.warnings { Standard.error("scry: \(warning)\n") }
            for topic in Command.Topic.allCases {
                Standard.output("\(topic.rawValue)\n")
                for command in Command.allCases where command.description.topic == topic {
                    let keys = keymap.chords(for: command).map(\.description).joined(separator: " ")
                    let slash = command.description.slash.map { " /\($0)" } ?? ""
                    Standard.output("  \(command.rawValue)  \(keys)\(slash)  \(command.description.help)\n")
                }
            }
        }
    }
}
