import ArgumentParser
import FoundationEssentials
import Session
import Testing

@testable import scry

@Suite("The manual and the settings")
struct ManualTests {
    @Test("Every option, key and setting is in the manual")
    func complete() throws {
        let program = try #require(try Manual.page("scry.1"))
        for word in [
            "\\-\\-schema file", "scry chats export", "scry prompts edit", "\\-C, \\-\\-chat id", "124 timed out",
        ] {
            #expect(program.contains(word), "\(word)")
        }
        #expect(!program.contains("scry manual") && !program.contains("_manual"))
        let keys = try #require(try Manual.page("scry-keys.7"))
        for command in Command.allCases {
            #expect(keys.contains("(" + command.rawValue.replacing("-", with: "\\-") + ")"))
        }
        #expect(try Manual.page("ls.1") == nil)
    }

    @Test("Every command says its name, which would be made up slowly from its type's otherwise, at every start")
    func names() {
        var commands: [any ParsableCommand.Type] = [Scry.self]
        var count = 0
        while let command = commands.popLast() {
            #expect(command.configuration.commandName != nil, "\(command)")
            commands += command.configuration.subcommands
            count += 1
        }
        #expect(count > 35)
    }

    @Test("The table of settings is what the configuration reads, and its defaults are the defaults")
    func settings() {
        let text = TOMLText.effective(Configuration())
        let (configuration, warnings) = Configuration.parse(text, source: "x", environment: [:])
        #expect(warnings.isEmpty && configuration == Configuration(), "\(warnings)")
    }

    @Test("Settings in effect come back as they were")
    func effective() {
        let text = """
            engine = "lab"
            thinking = false
            thinking_budget = 4000
            thinking_seconds = 60
            stop_repetition = true
            fold_paste = 20
            [capture]
            fps = 3
            [hotkeys]
            region = ""
            [engines.lab]
            url = "http://127.0.0.1:1/v1"
            model = "a \\"b\\" \\\\ c"
            kind = "vllm"
            api_key_env = "K"
            api_key_file = "~/k"
            api_key_keyring = true
            ca_file = "/etc/lab.pem"
            [keys]
            toggle-thinking = ["f9", "ctrl-y"]
            [privacy]
            never_capture = ["A", "B"]
            """
        let first = Configuration.parse(text, source: "x", environment: [:])
        #expect(first.warnings.isEmpty, "\(first.warnings)")
        var second = Configuration.parse(TOMLText.effective(first.configuration), source: "x", environment: [:])
            .configuration
        var wanted = first.configuration
        wanted.bindings = wanted.bindings.map { Configuration.Binding(command: $0.command, keys: $0.keys, line: nil) }
        second.bindings = second.bindings.map { Configuration.Binding(command: $0.command, keys: $0.keys, line: nil) }
        #expect(second == wanted)
    }

    @Test("A completion that takes too long is an empty one")
    func slowCompletion() async {
        let start = ContinuousClock.now
        let names = await Completions.first(within: .milliseconds(50)) {
            try? await Task.sleep(for: .seconds(3_000))
            return ["late"]
        }
        #expect(names.isEmpty && ContinuousClock.now - start < .seconds(60))
        #expect(await Completions.first(within: .seconds(3_000)) { ["soon"] } == ["soon"])
    }
}
