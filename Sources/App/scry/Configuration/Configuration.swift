import Conversation
import EngineClient
import EngineHost
import Session
import Terminal

/// What the person has set: config.toml, and the variables that override it.
///
/// Loading never fails. What is wrong is reported with its line and skipped, and everything else still counts:
///
///     let (configuration, warnings) = Configuration.load(path: places.configFile, environment: environment)
struct Configuration: Sendable, Equatable {
    /// Which engine is used.
    enum EngineChoice: Sendable, Equatable {
        /// The best that answers on this machine.
        case automatic
        /// The one that Scry runs itself.
        case own
        /// This one and no other.
        case engine(Engine)
    }

    /// An engine of `[engines.NAME]`, or one that was given by its URL.
    struct Engine: Sendable, Equatable {
        /// What the person calls it; its URL where it was given by that.
        var name: String
        /// Where its OpenAI-compatible interface is.
        var url: String
        /// The model to ask for; nil leaves it to the engine.
        var model: String?
        /// Its family; nil has it guessed.
        var kind: EngineProfile.Kind?
        /// The variable that holds its key.
        var keyVariable: String?
        /// The file that holds its key, where "~/" is the home.
        var keyFile: String?
        /// Whether the desktop's keyring is asked for its key.
        var asksKeyring = false
        /// The file of the authorities that vouch for it, in place of the system's.
        var certificateFile: String?
    }

    /// `[capture]`: how the screen is looked at.
    struct Capture: Sendable, Equatable {
        /// Which way the screen is reached.
        enum Source: Sendable, Equatable {
            /// The session's own.
            case auto
            case x11
            /// xdg-desktop-portal, as on Wayland.
            case portal
            /// A video node of PipeWire, by its name or number.
            case pipewire(String)

            /// What one can write, for messages.
            static let choices = ["auto", "x11", "portal", "pipewire:NODE"]

            /// What one writes for it.
            var rawValue: String {
                switch self {
                case .auto: "auto"
                case .x11: "x11"
                case .portal: "portal"
                case .pipewire(let node): "pipewire:\(node)"
                }
            }

            /// Reads one of them; nil for anything else.
            init?(_ text: String) {
                switch text {
                case "auto": self = .auto
                case "x11": self = .x11
                case "portal": self = .portal
                case _ where text.hasPrefix("pipewire:") && text != "pipewire:":
                    self = .pipewire(String(text.dropFirst("pipewire:".count)))
                default: return nil
                }
            }
        }

        var source = Source.auto
        /// Whether the pointer is in the picture.
        var cursor = true
        /// The most frames a second that a recording keeps.
        var framesPerSecond = 10
        /// What encodes recordings: "auto", or a name of `VideoEncoders`.
        var encoder = "auto"
        /// Whether the terminal in which Scry runs is left out.
        var hidesTerminal = false
    }

    /// `[hotkeys]`: keys that work in every window, as "Super+Shift+S"; nil for none.
    struct Hotkeys: Sendable, Equatable {
        var screen: String? = "Super+Shift+S"
        var window: String? = "Super+Shift+W"
        var region: String? = "Super+Shift+A"
        var record: String? = "Super+Shift+V"
        /// `[hotkeys.prompts]`: prompts that are asked at once about the monitor, by their names.
        var prompts: [String: String] = [:]
    }

    /// `[popup]`: the small terminal that a hotkey opens where no chat runs.
    struct Popup: Sendable, Equatable {
        /// The terminal with its options, up to the program that it runs; nil for the one of the session.
        var terminal: String?
        /// The class of its window, for rules of the window manager.
        var className = "scry-popup"
        /// How wide it is, in characters.
        var columns = 90
        /// How high it is, in lines.
        var rows = 24
    }

    /// A line of `[keys]`.
    struct Binding: Sendable, Equatable {
        /// What the keys do.
        var command: Command
        /// The keys in place of the default ones, as "ctrl-t"; none unbinds the command.
        var keys: [String]
        /// The line of the file, for a warning about a key that does not exist.
        var line: Int?
    }

    /// `[privacy]`: what is never seen, and how long pictures stay.
    struct Privacy: Sendable, Equatable {
        /// Applications whose windows are never captured.
        var neverCapture = ["KeePassXC", "1Password"]
        /// After how many days stored pictures and recordings are removed; 0 keeps them.
        var keepMediaDays = 0
    }

    /// `[terminal]`: how the chat behaves in its terminal.
    struct Terminal: Sendable, Equatable {
        /// How one is told of an answer that has come while one looked elsewhere.
        enum Notification: String, Sendable, CaseIterable {
            /// What fits the terminal and the desktop.
            case auto
            case off
            case bell
            /// The terminal's own notification.
            case osc9, osc777
            /// The desktop's, by notify-send.
            case desktop
        }

        /// The most frames a second that are drawn while an answer streams.
        var framesPerSecond = 30
        /// How one is told.
        var notification = Notification.auto
        /// Answers that took fewer seconds are not told of.
        var notifyAfter = 10
        /// Whether nothing moves that need not: no seconds are counted, and what streams comes twice a second.
        var reducesMotion = false

        /// How often a second an answer that streams is painted.
        var shownPerSecond: Int { reducesMotion ? 2 : framesPerSecond }
        /// How often a second it is taken in: however rarely somebody wants to see something move, what came is kept in time.
        var takenPerSecond: Int { max(shownPerSecond, 10) }
    }

    /// The languages in which text in pictures is looked for, as tesseract calls them; empty for those that are installed.
    var documentLanguages: [String] = []
    /// Whether text in pictures is read in the background, so that searches find it.
    var readsPictures = true
    /// The terminal for questions by hotkey.
    var popup = Popup()
    /// The engine to use.
    var engine = EngineChoice.automatic
    /// The engines of the file, in the order of their names.
    var engines: [Engine] = []
    /// The model that SCRY_MODEL asks for, whatever the engine; nil where it is not set.
    var model: String?
    /// Whether the engine is asked to think when a chat begins.
    var thinking = true
    /// After how many tokens the thinking is ended and the answer asked for; nil for never.
    var thinkingBudget: Int?
    /// After how many seconds the thinking is ended and the answer asked for; nil for never.
    var thinkingSeconds: Int?
    /// Whether a reply that repeats itself is stopped without asking.
    var stopsRepetition = false
    /// Pastes of more lines than this are folded; nil for never.
    var foldedPasteLines: Int? = 8
    /// The theme's name, or "auto" for one of the two below, as the terminal's background is.
    var theme = "auto"
    /// The theme for dark backgrounds.
    var darkTheme = "dark"
    /// The theme for light backgrounds.
    var lightTheme = "light"
    /// How pictures are shown in the chat.
    var pictures = PictureSetting.auto
    var terminal = Terminal()
    var capture = Capture()
    var hotkeys = Hotkeys()
    /// The keys that differ from the defaults, in the order of the commands' names.
    var bindings: [Binding] = []
    var privacy = Privacy()

    /// The engine that a name or a URL means, as for `-e`; nil when there is no engine of that name.
    func choice(for text: String) -> EngineChoice? {
        if text == "auto" { return .automatic }
        if text == "own" { return .own }
        if let known = engines.first(where: { $0.name == text }) { return .engine(known) }
        guard Self.isURL(text) else { return nil }
        return .engine(engines.first { $0.url == text } ?? Engine(name: text, url: text))
    }

    /// The model to ask an engine for, or nil to leave it to the engine.
    func model(for engine: Engine?) -> String? { model ?? engine?.model }

    /// Where the key of an engine is looked for, in this order; nil is an engine that was not configured.
    static func keySources(for engine: Engine?) -> [KeySource] {
        var sources = [KeySource.variable("SCRY_API_KEY")]
        guard let engine else { return sources }
        if let variable = engine.keyVariable { sources.append(.variable(variable)) }
        if let file = engine.keyFile { sources.append(.file(file)) }
        if engine.asksKeyring { sources.append(.keyring(engine: engine.name)) }
        return sources
    }

    /// The authorities' files by the addresses of the engines that they vouch for.
    var certificateFiles: [String: String] {
        Dictionary(engines.compactMap { engine in engine.certificateFile.map { (engine.url, $0) } }) { first, _ in first
        }
    }

    /// Whether a text is an address of the kind that engines have: of the network, or of a unix socket.
    static func isURL(_ text: String) -> Bool {
        guard !text.contains(where: { $0.isWhitespace || $0.unicodeScalars.contains { $0.value < 32 } }) else {
            return false
        }
        if text.hasPrefix("unix:") || text.hasPrefix("http+unix://") {
            return EngineAddress(text).socket.map { $0.hasPrefix("/") && $0.count > 1 } ?? false
        }
        return ["http://", "https://"].contains { scheme in
            text.hasPrefix(scheme) && text.dropFirst(scheme.count).first.map { $0 != "/" } ?? false
        }
    }
}
