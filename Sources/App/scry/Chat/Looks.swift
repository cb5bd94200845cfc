import Cells
import FoundationEssentials
import Session
import Views

/// Which theme the chat is drawn with: the configured one, the one that fits the terminal's background, or the one that is
/// looked at just now; and again when its file changes.
@MainActor
final class Looks {
    /// What everything is drawn with.
    private(set) var theme = Theme()
    /// The theme that is shown.
    private(set) var name = ""

    private let library: ThemeLibrary
    private let places: Places
    private let hasColor: Bool
    private let report: @Sendable (SessionEvent) -> Void
    private var choice: ThemeChoice
    private var previewed: String?
    private var watcher: FileWatcher?
    private let onChange: @Sendable () -> Void

    /// Makes the theme as far as it is known before the terminal has said anything.
    ///
    /// - Parameter onChange: Called on any thread when files have changed; `filesChanged` is to follow.
    init(
        _ services: Services, colorCount: Int, report: @escaping @Sendable (SessionEvent) -> Void,
        onChange: @escaping @Sendable () -> Void
    ) {
        places = services.places
        library = services.themes
        choice = ThemeChoice(services.configuration, environment: services.environment)
        choice.colorCount = colorCount
        hasColor = colorCount > 0
        self.report = report
        self.onChange = onChange
        show()
    }

    /// Whether the terminal's background matters.
    var followsBackground: Bool { choice.isAutomatic && hasColor }

    // MARK: - What changes it

    /// The terminal told its background.
    func take(background: RGB) { take(isDark: background.luminance < 0.36) }

    /// The terminal is dark now, or light.
    func take(isDark: Bool) {
        guard choice.isDark != isDark else { return }
        choice.isDark = isDark
        if followsBackground, previewed == nil { show() }
    }

    /// A file was written.
    func filesChanged() { show(isAgain: true) }

    /// Tells which themes there are.
    func list() {
        let entries = library.entries().map { ThemeListing(name: $0.name, about: $0.about) }
        let automatic = ThemeListing(
            name: ThemeChoice.automatic, about: "dark or light, as the terminal's background is")
        report(.themesListed([automatic] + entries, current: choice.name))
    }

    /// Shows a theme until another one is shown.
    func preview(_ name: String) {
        previewed = name == choice.name ? nil : name
        show()
    }

    /// Shows a theme from now on, and writes it into the configuration.
    func keep(_ name: String) {
        guard name == ThemeChoice.automatic || library.has(name) else {
            let names = library.entries().map(\.name).joined(separator: ", ")
            return report(.noticed(Notice(.problem, "There is no theme \(SafeOutput.line(name)); there are \(names).")))
        }
        previewed = nil
        choice.name = name
        show()
        do {
            try ThemeSetting.write(name, to: places.configFile, making: { try places.make(places.config) })
            report(.noticed(Notice(.information, "\(name) is the theme from now on.")))
        } catch {
            let words = "\(name) is the theme of this chat; it cannot be kept: \(CommandFailure(error).description)"
            report(.noticed(Notice(.problem, words)))
        }
    }

    // MARK: - Showing

    private func show(isAgain: Bool = false) {
        let loaded = ThemeChoice.load(previewed ?? choice.name, of: choice, in: library)
        name = loaded.name
        theme = hasColor ? loaded.theme : .monochrome
        watch(loaded.files)
        if isAgain, let warning = loaded.warnings.first {
            report(.noticed(Notice(.problem, SafeOutput.line(warning.description))))
        }
    }

    private func watch(_ files: [String]) {
        let folders = Set(files.map { String($0.prefix(upTo: $0.lastIndex(of: "/") ?? $0.startIndex)) })
        let wanted = folders.union([places.themes]).filter { !$0.isEmpty }
        guard watcher?.folders != wanted else { return }
        watcher = FileWatcher(folders: wanted, suffix: ".toml", onChange: onChange)
    }
}
