import Terminal
import Views

extension KeyChord {
    /// The chord that a key of the terminal is; nil for keys that no configuration can name.
    init?(_ key: Key) {
        if case .character(let character) = key.code, key.modifiers.isDisjoint(with: [.alt, .control]) {
            self.init(typing: character)
            return
        }
        var name: String
        switch key.code {
        case .character(" "): name = "space"
        case .character(let character): name = String(character).lowercased()
        case .enter: name = "enter"
        case .tab: name = "tab"
        case .backTab: name = "shift-tab"
        case .escape: name = "escape"
        case .backspace: name = "backspace"
        case .delete: name = "delete"
        case .insert: name = "insert"
        case .up: name = "up"
        case .down: name = "down"
        case .left: name = "left"
        case .right: name = "right"
        case .home: name = "home"
        case .end: name = "end"
        case .pageUp: name = "pageup"
        case .pageDown: name = "pagedown"
        case .function(let number): name = "f\(number)"
        }
        var isCharacter = false
        if case .character = key.code { isCharacter = true }
        // Shift is part of a character: it makes another one.
        if key.modifiers.contains(.shift), !isCharacter { name = "shift-" + name }
        if key.modifiers.contains(.alt) { name = "alt-" + name }
        if key.modifiers.contains(.control) { name = "ctrl-" + name }
        self.init(name)
    }
}
