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
            warn(of: keymap.collisions, services.environment)
        }
    }

    /// Says which keys may never reach the chat; those of what it would run in now come with standard error as well.
    private func warn(of collisions: [KeyCollision], _ environment: [String: String]) {
        Standard.output("Keys that others may take\n")
        for rival in KeyRival.all {
            let lost = collisions.filter { $0.rival == rival }
            for collision in lost {
                let instead = collision.instead.map { "; \($0) does the same" } ?? "; [keys] can give it another key"
                Standard.output(
                    "  \(rival.name)  \(collision.chord)  \(collision.purpose)  \(collision.command.rawValue)\(instead)\n"
                )
            }
            guard !lost.isEmpty, rival.isHere(environment) else { continue }
            let keys = lost.map(\.chord.label).joined(separator: ", ")
            Standard.error("scry: this is \(rival.name), which takes \(keys) unless it was told otherwise.\n")
        }
    }
}
