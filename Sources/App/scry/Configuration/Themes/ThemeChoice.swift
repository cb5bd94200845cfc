import Views

/// Which theme is wanted, and what is known of the terminal that decides about it.
struct ThemeChoice: Sendable {
    /// The name that follows the background.
    static let automatic = "auto"

    /// The theme's name, or "auto".
    var name: String
    /// Whether the terminal's background is dark.
    var isDark: Bool
    /// How many colours the terminal has; nil where nobody knows.
    var colorCount: Int?
    private let darkTheme: String
    private let lightTheme: String
    private let hasColor: Bool

    /// Reads the configuration, NO_COLOR, and the background that some terminals tell in COLORFGBG.
    init(_ configuration: Configuration, environment: [String: String]) {
        name = configuration.theme
        darkTheme = configuration.darkTheme
        lightTheme = configuration.lightTheme
        hasColor = (environment["NO_COLOR"] ?? "").isEmpty
        let background = environment["COLORFGBG"]?.split(separator: ";").last.flatMap { Int($0) }
        isDark = background.map { $0 != 7 && $0 != 15 } ?? true
    }

    var isAutomatic: Bool { name == Self.automatic }

    /// The theme that "auto" stands for now.
    var fitting: String {
        let wanted = isDark ? darkTheme : lightTheme
        // Sixteen colours are the person's own: what was made for them fits better than what is nearest.
        guard let colorCount, colorCount <= 16, wanted == "dark" || wanted == "light" else { return wanted }
        return "sixteen-" + wanted
    }

    /// Makes the theme that is wanted; where there is none of that name, the one that fits.
    static func load(_ name: String, of choice: ThemeChoice, in library: ThemeLibrary) -> ThemeLibrary.Loaded {
        let wanted = name == automatic ? choice.fitting : name
        if var loaded = library.load(wanted) {
            if !choice.hasColor { loaded.theme = .monochrome }
            return loaded
        }
        var loaded =
            library.load(choice.isDark ? "dark" : "light")
            ?? ThemeLibrary.Loaded(name: "monochrome", theme: .monochrome, ground: .any, files: [], warnings: [])
        if !choice.hasColor { loaded.theme = .monochrome }
        let names = library.entries().map(\.name).joined(separator: ", ")
        loaded.warnings.append(
            ConfigurationWarning(
                source: "theme", line: nil,
                message: "there is no theme \"\(ConfigurationReader.printable(wanted))\"; expected \"auto\" or one of "
                    + "\(names)."))
        return loaded
    }

    /// Makes the theme that is wanted.
    func load(from library: ThemeLibrary) -> ThemeLibrary.Loaded { Self.load(name, of: self, in: library) }
}

extension Services {
    /// The themes that there are.
    var themes: ThemeLibrary { ThemeLibrary(places: places, environment: environment) }

    /// The theme for what is printed outside of the chat.
    var printedTheme: Theme {
        ThemeChoice(configuration, environment: environment).load(from: themes).theme
    }

    /// What is wrong with the theme that is in use.
    var themeWarnings: [String] {
        ThemeChoice(configuration, environment: environment).load(from: themes).warnings.map(\.description)
    }
}
