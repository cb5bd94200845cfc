public import Session

/// A program around the chat that takes some keys for itself: a multiplexer, a terminal.
public struct KeyRival: Sendable, Equatable {
    /// What people call it.
    public let name: String
    /// The variable that is set for programs that run inside it; nil where none tells.
    public let variable: String?
    /// Keys that it takes, and what for.
    let keys: [String: String]

    /// Whether the chat would run inside it.
    public func isHere(_ environment: [String: String]) -> Bool {
        variable.map { environment[$0]?.isEmpty == false } ?? false
    }

    /// All that are known, with the keys that they have before anybody changes them.
    public static let all = [
        KeyRival(name: "tmux", variable: "TMUX", keys: ["ctrl-b": "its prefix"]),
        KeyRival(name: "screen", variable: "STY", keys: ["ctrl-a": "its prefix"]),
        KeyRival(
            name: "zellij", variable: "ZELLIJ",
            keys: [
                "ctrl-p": "panes", "ctrl-t": "tabs", "ctrl-n": "resizing", "ctrl-h": "moving", "ctrl-s": "scrolling",
                "ctrl-o": "its session", "ctrl-g": "locking", "ctrl-q": "quitting", "ctrl-b": "its tmux mode",
                "alt-n": "a new pane", "alt-f": "floating panes", "alt-h": "focus", "alt-j": "focus", "alt-k": "focus",
                "alt-l": "focus", "alt-left": "focus", "alt-right": "focus", "alt-up": "focus", "alt-down": "focus",
                "alt-i": "moving a tab", "alt-o": "moving a tab", "alt-p": "marking a pane", "alt-[": "layouts",
                "alt-]": "layouts", "alt-+": "resizing", "alt--": "resizing", "alt-=": "resizing",
            ]),
        KeyRival(
            name: "terminals", variable: nil,
            keys: [
                "ctrl-i": "the same byte as Tab", "ctrl-m": "the same byte as Enter", "ctrl-[": "the same byte as Esc",
                "ctrl-s": "may stop the output", "ctrl-q": "may start it again", "ctrl-h": "may be Backspace",
                "ctrl-enter": "many send Enter alone", "shift-enter": "many send Enter alone",
                "ctrl-tab": "switches tabs in many", "f1": "help of GNOME Terminal", "f10": "the menu in many",
                "f11": "the full screen in many", "alt-f": "the menu in some", "alt-e": "the menu in some",
                "alt-v": "the menu in some", "alt-s": "the menu in some", "ctrl-shift-left": "switches tabs in some",
                "ctrl-shift-right": "switches tabs in some", "shift-pageup": "scrolls in most",
                "shift-pagedown": "scrolls in most", "shift-up": "scrolls in Konsole",
                "shift-down": "scrolls in Konsole",
                "ctrl-/": "the same byte as Ctrl+_ in many",
            ]),
    ]
}

/// A key of the chat that something around it may take.
public struct KeyCollision: Sendable, Equatable {
    /// Who takes it.
    public let rival: KeyRival
    /// The key.
    public let chord: KeyChord
    /// What for.
    public let purpose: String
    /// What it should do in the chat.
    public let command: Command
    /// What does the same: another key, or a slash command; nil when there is nothing else.
    public let instead: String?
}

extension Keymap {
    /// The keys that others may take, in the order of the rivals and of the table.
    public var collisions: [KeyCollision] {
        KeyRival.all.flatMap { rival in
            let taken = Dictionary(
                rival.keys.compactMap { key, purpose in KeyChord(key).map { ($0, purpose) } }, uniquingKeysWith: { $1 })
            return Command.allCases.flatMap { command -> [KeyCollision] in
                let chords = chords(for: command)
                let free = chords.first { taken[$0] == nil }?.label
                let instead = free ?? command.description.slash.map { "/" + $0 }
                return chords.compactMap { chord in
                    taken[chord].map {
                        KeyCollision(rival: rival, chord: chord, purpose: $0, command: command, instead: instead)
                    }
                }
            }
        }
    }
}
