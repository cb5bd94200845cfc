import Conversation
import Media
import Session
import Terminal

/// A setting of config.toml, for the manual and for `scry config`.
///
/// The one table of settings: what is not in it is not documented, and a test sees to it that the program reads all of it.
struct ConfigurationSetting: Sendable {
    /// The table it stands in; empty at the top.
    var table: String
    var name: String
    /// What may be written there.
    var values: String
    var help: String
    /// The value in use, as TOML; nil where nothing is set.
    var value: @Sendable (Configuration) -> String?

    private init(
        _ table: String, _ name: String, _ values: String, _ help: String,
        _ value: @escaping @Sendable (Configuration) -> String?
    ) {
        self.table = table
        self.name = name
        self.values = values
        self.help = help
        self.value = value
    }

    /// Those that stand in fixed places; `[engines.NAME]` and `[keys]` follow.
    static let all: [ConfigurationSetting] = [
        Self("", "engine", "\"auto\", \"own\", a URL, or a name below [engines]", "Which engine answers.") {
            switch $0.engine {
            case .automatic: TOMLText.string("auto")
            case .own: TOMLText.string("own")
            case .engine(let engine): TOMLText.string(engine.name)
            }
        },
        Self("", "thinking", "true, false", "Whether the engine is asked to think when a chat begins.") {
            "\($0.thinking)"
        },
        Self(
            "", "thinking_budget", "a number of tokens, 0 for no limit",
            "After how many tokens the thinking is ended and the answer asked for."
        ) { "\($0.thinkingBudget ?? 0)" },
        Self(
            "", "thinking_seconds", "a number of seconds, 0 for no limit",
            "After how many seconds the thinking is ended and the answer asked for."
        ) { "\($0.thinkingSeconds ?? 0)" },
        Self("", "stop_repetition", "true, false", "Whether an answer that repeats itself is stopped.") {
            "\($0.stopsRepetition)"
        },
        Self(
            "", "fold_paste", "a number of lines, 0 for never",
            "Longer pastes are folded in the composer, and sent unfolded."
        ) { "\($0.foldedPasteLines ?? 0)" },
        Self("", "theme", "\"auto\", or a name that scry themes lists", "The colours; auto follows the background.") {
            TOMLText.string($0.theme)
        },
        Self("", "theme_dark", "the name of a theme", "What auto takes on a dark background.") {
            TOMLText.string($0.darkTheme)
        },
        Self("", "theme_light", "the name of a theme", "What auto takes on a light background.") {
            TOMLText.string($0.lightTheme)
        },
        Self(
            "", "pictures", "\"auto\", \"kitty\", \"sixel\", \"blocks\", \"none\"",
            "How pictures are shown in the chat; scry doctor says what auto takes."
        ) { TOMLText.string($0.pictures.rawValue) },
        Self(
            "terminal", "fps", "1 to 120",
            "The most frames a second that are drawn while an answer streams; half of them where it comes faster."
        ) { "\($0.terminal.framesPerSecond)" },
        Self(
            "terminal", "notify", "\"auto\", \"off\", \"bell\", \"osc9\", \"osc777\", \"desktop\"",
            "How one is told of a long answer that ends while the terminal has no focus."
        ) {
            TOMLText.string($0.terminal.notification.rawValue)
        },
        Self("terminal", "notify_after", "a number of seconds", "Answers that took less are not told of.") {
            "\($0.terminal.notifyAfter)"
        },
        Self("terminal", "reduced_motion", "true, false", "Whether nothing moves that need not.") {
            "\($0.terminal.reducesMotion)"
        },
        Self(
            "capture", "source", "\"auto\", \"x11\", \"portal\", \"pipewire:NODE\"", "Which way the screen is reached."
        ) {
            TOMLText.string($0.capture.source.rawValue)
        },
        Self("capture", "cursor", "true, false", "Whether the pointer is in pictures.") { "\($0.capture.cursor)" },
        Self("capture", "fps", "1 to 60", "The most frames a second that a recording keeps.") {
            "\($0.capture.framesPerSecond)"
        },
        Self(
            "capture", "encoder", (["auto"] + VideoEncoders.names).map { "\"\($0)\"" }.joined(separator: ", "),
            "What encodes recordings; auto tries hardware first."
        ) { TOMLText.string($0.capture.encoder) },
        Self("capture", "hide_terminal", "true, false", "Whether the terminal in which Scry runs is left out.") {
            "\($0.capture.hidesTerminal)"
        },
        Self("hotkeys", "screen", "a chord, or \"\"", "A picture of the screen, from every window.") {
            TOMLText.string($0.hotkeys.screen ?? "")
        },
        Self("hotkeys", "window", "a chord, or \"\"", "A picture of the active window.") {
            TOMLText.string($0.hotkeys.window ?? "")
        },
        Self("hotkeys", "region", "a chord, or \"\"", "A picture of a part of the screen.") {
            TOMLText.string($0.hotkeys.region ?? "")
        },
        Self("hotkeys", "record", "a chord, or \"\"", "Starts and stops a recording.") {
            TOMLText.string($0.hotkeys.record ?? "")
        },
        Self(
            "popup", "terminal", "a terminal with its options, as \"xterm -e\"",
            "The terminal that a hotkey opens where no chat runs; the session's own without it."
        ) { $0.popup.terminal.map(TOMLText.string) },
        Self("popup", "class", "a word", "The class of its window, for rules of the window manager.") {
            TOMLText.string($0.popup.className)
        },
        Self("popup", "columns", "20 to 500", "How wide it is.") { "\($0.popup.columns)" },
        Self("popup", "rows", "5 to 200", "How high it is.") { "\($0.popup.rows)" },
        Self(
            "documents", "languages", "a list as [\"deu\", \"chi_sim\"]",
            "In which languages text in pictures is looked for, beside English; those installed where it is empty."
        ) {
            "[" + $0.documentLanguages.map(TOMLText.string).joined(separator: ", ") + "]"
        },
        Self(
            "documents", "search_pictures", "true or false",
            "Whether text in pictures is read in the background, so that searches find it."
        ) { "\($0.readsPictures)" },
        Self(
            "privacy", "never_capture", "a list of applications",
            "No picture is taken while a window of theirs is in sight."
        ) {
            "[" + $0.privacy.neverCapture.map(TOMLText.string).joined(separator: ", ") + "]"
        },
        Self("privacy", "keep_media_days", "a number of days, 0 for ever", "After how many days pictures are removed.")
        {
            "\($0.privacy.keepMediaDays)"
        },
    ]

    /// The keys of a table `[engines.NAME]`.
    static let engine: [(name: String, help: String)] = [
        ("url", "Where its OpenAI-compatible interface is, as \"http://127.0.0.1:8000/v1\"."),
        ("model", "The model to ask for; the engine's best without it."),
        ("kind", "vllm, sglang, llama-server, ollama, lmstudio, transformers, zai or openai; guessed without it."),
        ("api_key_env", "The variable that holds its key."),
        ("api_key_file", "A file that holds its key and that nobody else may read (mode 600)."),
        ("api_key_keyring", "true asks the desktop's keyring (secret-tool) for service = scry, engine = NAME."),
        ("ca_file", "The certificates (PEM) that it is trusted by, in place of the system's."),
    ]
}

/// Values as TOML.
enum TOMLText {
    /// A string in quotes.
    static func string(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            default:
                if scalar.value < 0x20 || scalar.value == 0x7F {
                    let digits = String(scalar.value, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }

    /// The settings in use, as a file that would set them.
    static func effective(_ configuration: Configuration) -> String {
        var text = ""
        var table = ""
        for setting in ConfigurationSetting.all {
            guard let value = setting.value(configuration) else { continue }
            if setting.table != table {
                table = setting.table
                text += "\n[\(table)]\n"
            }
            text += "\(setting.name) = \(value)\n"
        }
        for engine in configuration.engines {
            text += "\n[engines.\(string(engine.name))]\nurl = \(string(engine.url))\n"
            if let model = engine.model { text += "model = \(string(model))\n" }
            if let kind = engine.kind { text += "kind = \(string(kind.rawValue))\n" }
            if let variable = engine.keyVariable { text += "api_key_env = \(string(variable))\n" }
            if let file = engine.keyFile { text += "api_key_file = \(string(file))\n" }
            if engine.asksKeyring { text += "api_key_keyring = true\n" }
            if let file = engine.certificateFile { text += "ca_file = \(string(file))\n" }
        }
        if !configuration.hotkeys.prompts.isEmpty { text += "\n[hotkeys.prompts]\n" }
        for (name, keys) in configuration.hotkeys.prompts.sorted(by: { $0.key < $1.key }) {
            text += "\(string(name)) = \(string(keys))\n"
        }
        if !configuration.bindings.isEmpty { text += "\n[keys]\n" }
        for binding in configuration.bindings {
            let keys = binding.keys.isEmpty ? ["none"] : binding.keys
            text += "\(binding.command.rawValue) = [\(keys.map(string).joined(separator: ", "))]\n"
        }
        return text
    }
}
