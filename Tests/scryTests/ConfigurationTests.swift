import Conversation
import EngineHost
import FoundationEssentials
import Session
import TestSupport
import Testing

@testable import scry

/// Reads a text as the configuration's file.
func parse(
    _ text: String, _ environment: [String: String] = [:]
) -> (configuration: Configuration, warnings: [String]) {
    let (configuration, warnings) = Configuration.parse(text, source: "config.toml", environment: environment)
    return (configuration, warnings.map(\.description))
}

@Suite struct ConfigurationTests {
    @Test("has sound defaults without a file") func defaults() {
        let (configuration, warnings) = Configuration.load(path: "/nonexistent/config.toml", environment: [:])

        #expect(configuration == Configuration())
        #expect(configuration.engine == .automatic)
        #expect(configuration.thinking)
        #expect(configuration.privacy.neverCapture == ["KeePassXC", "1Password"])
        #expect(warnings.isEmpty)
    }

    @Test("reads every key", arguments: ["\n", "\r\n"]) func everything(newline: String) {
        let (configuration, warnings) = parse(
            """
            engine = "lab"                  # or a name below, or a URL
            thinking = false
            theme = "paper"
            [engines.lab]
            url = "http://127.0.0.1:8000/v1"
            model = "glm-4.5v"
            kind = "vllm"
            api_key_env = "LAB_KEY"
            [engines."my box"]
            url = "https://box.example:8443/v1"
            [capture]
            source = "x11"
            cursor = false
            fps = 30
            hide_terminal = true
            [hotkeys]
            screen = "Super+S"
            window = ""
            [keys]
            toggle-thinking = "ctrl-g"
            new-line = ["alt-enter", "ctrl-j"]
            quit = []
            [privacy]
            never_capture = ["Vault"]
            keep_media_days = 30
            """.replacing("\n", with: newline))

        let lab = Configuration.Engine(
            name: "lab", url: "http://127.0.0.1:8000/v1", model: "glm-4.5v", kind: .vllm, keyVariable: "LAB_KEY")
        let box = Configuration.Engine(name: "my box", url: "https://box.example:8443/v1")
        #expect(warnings == [])
        #expect(configuration.engine == .engine(lab))
        #expect(configuration.engines == [lab, box])
        #expect(!configuration.thinking)
        #expect(configuration.theme == "paper")
        #expect(
            configuration.capture
                == Configuration.Capture(source: .x11, cursor: false, framesPerSecond: 30, hidesTerminal: true))
        #expect(configuration.hotkeys.screen == "Super+S")
        #expect(configuration.hotkeys.window == nil)
        #expect(configuration.hotkeys.record == "Super+Shift+V")
        #expect(
            configuration.bindings == [
                Configuration.Binding(command: .newLine, keys: ["alt-enter", "ctrl-j"], line: 21),
                Configuration.Binding(command: .quit, keys: [], line: 22),
                Configuration.Binding(command: .toggleThinking, keys: ["ctrl-g"], line: 20),
            ])
        #expect(configuration.privacy == Configuration.Privacy(neverCapture: ["Vault"], keepMediaDays: 30))
    }

    @Test(
        "names file, line and what was expected",
        arguments: [
            ("thinking = \"yes\"", "config.toml:1: \"thinking\" is a text; expected true or false."),
            ("\n\nthinkin = true", "config.toml:3: \"thinkin\" is not known; expected \"thinking\"."),
            (
                "[privacy]\nzzz = 1",
                "config.toml:2: \"privacy.zzz\" is not known; expected one of never_capture, keep_media_days."
            ),
            ("theme = 3", "config.toml:1: \"theme\" is a whole number; expected \"auto\" or the name of a theme."),
            ("theme = \"\"", "config.toml:1: \"theme\" is empty; expected \"auto\" or the name of a theme."),
            ("[capture]\nfps = 0", "config.toml:2: \"capture.fps\" is 0; expected a whole number from 1 to 60."),
            (
                "[capture]\nfps = 29.97",
                "config.toml:2: \"capture.fps\" is a number; expected a whole number from 1 to 60."
            ),
            (
                "[capture]\nfps = 9223372036854775807",
                "config.toml:2: \"capture.fps\" is 9223372036854775807; expected a whole number from 1 to 60."
            ),
            (
                "[capture]\nsource = \"wayland\"",
                "config.toml:2: \"capture.source\" is \"wayland\"; expected one of \"auto\", \"x11\", \"portal\", \"pipewire:NODE\"."
            ),
            ("capture = true", "config.toml:1: \"capture\" is true or false; expected a table, as [capture]."),
            ("capture = { fps = 99 }", "config.toml:1: \"capture.fps\" is 99; expected a whole number from 1 to 60."),
            (
                "[privacy]\nnever_capture = [\"a\", 5]",
                "config.toml:2: \"privacy.never_capture\" holds a whole number; expected a list of names of applications."
            ),
            ("[keys]\nfly = \"ctrl-f\"", "config.toml:2: \"keys.fly\" is not known; expected one of send, "),
            (
                "[keys]\nquit = 3",
                "config.toml:2: \"keys.quit\" is a whole number; expected a key, as \"ctrl-t\", or a list"
            ),
            (
                "engine = \"lab\"",
                "config.toml:1: \"engine\" is \"lab\"; expected \"auto\", \"own\", a URL, or the name of a table [engines.NAME]."
            ),
            (
                "[engines.lab]\nmodel = \"m\"",
                "config.toml:1: \"engines.lab\" has no url; expected an address, as \"http://127.0.0.1:8000/v1\"."
            ),
            (
                "[engines.lab]\nurl = \"localhost:8000\"",
                "config.toml:2: \"engines.lab.url\" is no address that begins with"
            ),
            (
                "[engines.lab]\nurl = \"http://h/v1\"\napi_key_keyring = \"yes\"",
                "config.toml:3: \"engines.lab.api_key_keyring\" is a text; expected true or false."
            ),
            (
                "[engines.lab]\nurl = \"http://h/v1\"\napi_key_file = \"lab.key\"",
                "config.toml:3: \"engines.lab.api_key_file\" is no path that begins with / or ~/; expected the file of "
                    + "the key, as \"~/.config/lab.key\"."
            ),
            (
                "[engines.lab]\nurl = \"http://h/v1\"\nca_file = 3",
                "config.toml:3: \"engines.lab.ca_file\" is a whole number; expected the file of a certificate (PEM), as"
            ),
            (
                "[engines.lab]\nurl = \"http://h/v1\"\nkind = \"vlm\"",
                "config.toml:3: \"engines.lab.kind\" is \"vlm\"; expected one of \"vllm\", \"sglang\", \"llama-server\","
            ),
        ])
    func warns(text: String, warning: String) {
        let found = parse(text).warnings

        #expect(found.count == 1)
        #expect(found.first?.hasPrefix(warning) == true, "\(found)")
    }

    @Test("keeps everything else when a value is wrong") func rest() {
        let (configuration, warnings) = parse(
            "thinking = 1\ntheme = \"paper\"\n[capture]\nfps = \"fast\"\ncursor = false\n[engines.a]\n[engines.b]\nurl = \"http://b/v1\""
        )

        #expect(warnings.count == 3)
        #expect(configuration.theme == "paper")
        #expect(!configuration.capture.cursor)
        #expect(configuration.capture.framesPerSecond == 10)
        #expect(configuration.engines.map(\.name) == ["b"])
    }

    @Test("skips lines that are no TOML, and reads those before and after") func syntax() {
        let (configuration, warnings) = parse(
            """
            thinking = false
            theme = paper
            [engines.lab
            url = "http://lab/v1"
            [capture]
            fps = 20
            fps = 25
            cursor = false
            """)

        #expect(warnings.count == 3)
        for (warning, line) in zip(warnings, [2, 3, 7]) {
            #expect(warning.hasPrefix("config.toml:\(line): this is not TOML and was skipped: "), "\(warning)")
        }
        #expect(!configuration.thinking)
        #expect(configuration.engines.isEmpty)
        #expect(configuration.capture.framesPerSecond == 20)
        #expect(!configuration.capture.cursor)
    }

    @Test("says that a file cannot be read") func unreadable() {
        let (configuration, warnings) = Configuration.load(path: "/tmp", environment: [:])

        #expect(configuration == Configuration())
        #expect(warnings.map(\.description) == ["/tmp: the file cannot be read; the defaults are used."])
    }

    // MARK: - The environment

    @Test("lets variables override the file") func environment() {
        let file = "engine = \"auto\"\n[engines.lab]\nurl = \"http://lab/v1\"\nmodel = \"file\""

        let (named, warnings) = parse(file, ["SCRY_ENGINE": "lab", "SCRY_MODEL": "other"])
        #expect(warnings == [])
        #expect(named.engine == .engine(named.engines[0]))
        #expect(named.model(for: named.engines[0]) == "other")
        #expect(parse(file).configuration.model(for: named.engines[0]) == "file")

        let (address, _) = parse(file, ["SCRY_ENGINE": "http://127.0.0.1:9/v1", "SCRY_MODEL": ""])
        #expect(
            address.engine
                == .engine(Configuration.Engine(name: "http://127.0.0.1:9/v1", url: "http://127.0.0.1:9/v1")))
        #expect(address.model == nil)

        #expect(
            parse(file, ["SCRY_ENGINE": "attic"]).warnings == [
                "SCRY_ENGINE: there is no engine \"attic\"; expected \"auto\", \"own\", a URL, or the name of a table [engines.NAME]."
            ])
    }

    @Test("knows an engine of the file by its address") func byAddress() {
        let (configuration, _) = parse("[engines.lab]\nurl = \"http://lab/v1\"\napi_key_env = \"K\"")

        #expect(configuration.choice(for: "http://lab/v1") == .engine(configuration.engines[0]))
        #expect(configuration.choice(for: "auto") == .automatic)
        #expect(configuration.choice(for: "nothing") == nil)
        #expect(configuration.choice(for: "http://") == nil)
        #expect(configuration.choice(for: "http://a b") == nil)
    }
}
