import ArgumentParser

/// The command line: `scry` alone is the chat.
@main
struct Scry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scry",
        abstract: "Looks at the screen when you ask it to, and answers.",
        version: "0.1.0",
        subcommands: [
            ChatCommand.self, AskCommand.self, ChatsCommand.self, PromptsCommand.self, ShotCommand.self,
            RecordCommand.self, FramesCommand.self, SummarizeCommand.self, ListenCommand.self, HotkeysCommand.self,
            DisplaysCommand.self, EnginesCommand.self, ModelsCommand.self,
            EngineCommand.self, KeysCommand.self, ThemesCommand.self,
            ConfigCommand.self, DoctorCommand.self, ManualCommand.self,
        ],
        defaultSubcommand: ChatCommand.self)

    static func main() async {
        WorkerPool.install()
        await ProcessEnd.afterRunning(Scry.self)
    }
}
