/// A theme that can be chosen.
public struct ThemeListing: Sendable, Equatable {
    /// What the configuration calls it.
    public var name: String
    /// What it is, in a few words.
    public var about: String

    /// Makes a listing.
    public init(name: String, about: String) {
        self.name = name
        self.about = about
    }
}

/// The list of themes to choose from; the one that is moved to is shown at once.
public struct ThemeMenu: Sendable, Equatable {
    /// All themes.
    public internal(set) var listings: [ThemeListing] = []
    /// What was typed to narrow the list.
    public internal(set) var filter = ""
    /// The theme that was in use when the list was opened.
    public internal(set) var original = ""
    /// The theme that is shown.
    public internal(set) var chosen = ""

    /// The themes whose name or description has every word of the filter.
    public var entries: [ThemeListing] {
        let words = filter.lowercased().split(whereSeparator: \.isWhitespace)
        return listings.filter { listing in
            let text = "\(listing.name) \(listing.about)".lowercased()
            return words.allSatisfy { text.contains($0) }
        }
    }

    /// Which of the entries is chosen; nil when it is not among them.
    public var selected: Int? { entries.firstIndex { $0.name == chosen } }

    /// Moves by lines; the first entry follows where the chosen one is not among them any more.
    mutating func move(by step: Int) {
        let entries = entries
        guard !entries.isEmpty else { return }
        let place = selected.map { $0 + step } ?? 0
        chosen = entries[min(max(0, place), entries.count - 1)].name
    }
}

extension SessionState {
    /// Takes in the themes that there are; letters that were typed before them narrow them.
    mutating func list(_ listings: [ThemeListing], current: String) -> [SessionEffect] {
        themeNames = listings.map(\.name)
        listThemeNames()
        guard case .themes(var menu) = overlay else { return [] }
        menu.listings = listings
        menu.original = current
        menu.chosen = current
        return show(menu, after: menu)
    }

    /// Narrows the list.
    mutating func narrow(_ menu: ThemeMenu, by text: String) -> [SessionEffect] {
        var new = menu
        new.filter += text
        return show(new, after: menu)
    }

    /// Shows an entry of the list; keeps it when it is shown already.
    mutating func choose(_ entry: ThemeListing, in menu: ThemeMenu) -> [SessionEffect] {
        guard entry.name != menu.chosen else { return perform(.send, in: menu) }
        var new = menu
        new.chosen = entry.name
        return show(new, after: menu)
    }

    /// Handles a command while the list is open.
    mutating func perform(_ command: Command, in menu: ThemeMenu) -> [SessionEffect] {
        var new = menu
        switch command {
        case .send:
            overlay = nil
            return menu.selected == nil ? [.showTheme(menu.original)] : [.keepTheme(menu.chosen)]
        case .chooseTheme, .cancel, .interrupt, .help:
            overlay = nil
            return menu.chosen == menu.original ? [] : [.showTheme(menu.original)]
        case .deleteBackward: new.filter = String(menu.filter.dropLast())
        case .deleteWord, .deleteToLineStart: new.filter = ""
        default: new.move(by: command.overlayStep)
        }
        return show(new, after: menu)
    }

    private mutating func show(_ menu: ThemeMenu, after old: ThemeMenu) -> [SessionEffect] {
        var menu = menu
        if menu.selected == nil { menu.move(by: 0) }
        overlay = .themes(menu)
        return menu.chosen == old.chosen ? [] : [.showTheme(menu.chosen)]
    }
}
