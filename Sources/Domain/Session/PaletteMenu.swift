/// Every command in one list, found by a few of its letters.
public struct PaletteMenu: Sendable, Equatable {
    /// What was typed.
    public internal(set) var query = ""
    /// Which of the commands is chosen.
    public internal(set) var selected = 0
    /// The commands that were used last, the newest first.
    let recent: [Command]

    /// How many commands there are before any letter is typed: the list keeps its height.
    public var total: Int { Command.allCases.filter(\.isInPalette).count }

    /// The commands that the letters name, the best first; those that were used last first, before any is typed.
    public var commands: [Command] {
        let rest = Command.allCases.filter { $0.isInPalette && !recent.contains($0) }
        let all = recent.filter(\.isInPalette) + rest
        guard !query.allSatisfy(\.isWhitespace) else { return all }
        return all.ranked(by: query) { command in
            let name = command.rawValue.split(separator: "-").joined(separator: " ")
            // What is shown comes first: who types what is read there finds it before what is only called so in files.
            return [command.description.help, command.description.slash, name].compactMap(\.self)
        }
    }
}

extension Command {
    /// Whether it makes sense to look for it by name: moving a cursor does not.
    var isInPalette: Bool {
        switch self {
        case .send, .newLine, .cancel, .interrupt, .endOfInput, .palette, .pageUp, .pageDown, .scrollUp, .scrollDown:
            false
        case .undo, .redo, .cut, .paste, .unfoldPaste, .editOutside: true
        default: description.topic != .writing && description.topic != .transcript
        }
    }
}

extension SessionState {
    mutating func openPalette() { overlay = .palette(PaletteMenu(recent: recentCommands)) }

    /// Handles a command while the palette is open.
    mutating func perform(_ command: Command, in menu: PaletteMenu) -> [SessionEffect] {
        var menu = menu
        switch command {
        case .send:
            let commands = menu.commands
            guard commands.indices.contains(menu.selected) else { return [] }
            overlay = nil
            return run(commands[menu.selected])
        case .palette:
            overlay = nil
            return []
        case .deleteBackward: return look(for: String(menu.query.dropLast()), in: menu)
        case .deleteWord, .deleteToLineStart: return look(for: "", in: menu)
        default: menu.selected = min(max(0, menu.selected + command.overlayStep), max(0, menu.commands.count - 1))
        }
        overlay = .palette(menu)
        return []
    }

    /// Narrows the list to what these letters name.
    mutating func look(for query: String, in menu: PaletteMenu) -> [SessionEffect] {
        var menu = menu
        menu.query = String(query.prefix(100))
        menu.selected = 0
        overlay = .palette(menu)
        return []
    }

    private mutating func run(_ command: Command) -> [SessionEffect] {
        if command == .attach, composer.isEmpty, let slash = command.description.slash {
            composer.insert("/\(slash) ", as: .other)
            return complete(opens: true)
        }
        return perform(command)
    }

    /// Remembers that a command was used.
    mutating func remember(_ command: Command) {
        guard command.isInPalette else { return }
        recentCommands.removeAll { $0 == command }
        recentCommands.insert(command, at: 0)
        if recentCommands.count > 8 { recentCommands.removeLast() }
    }
}
