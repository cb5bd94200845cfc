/// A key as the configuration writes it: "ctrl-t", "alt-enter", "shift-up", "f2", "wheel-up".
///
/// It knows nothing of terminals; what reads keys from one says which chord was pressed.
public struct KeyChord: Hashable, Sendable, CustomStringConvertible {
    /// Keys that are held while another is pressed.
    public struct Modifiers: OptionSet, Hashable, Sendable {
        /// The bits, as in the static members.
        public let rawValue: UInt8

        /// Makes a set of modifiers from its bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Control.
        public static let control = Modifiers(rawValue: 1)
        /// Alt, or Escape typed just before.
        public static let alt = Modifiers(rawValue: 2)
        /// Shift, for keys that make no character and for capital letters.
        public static let shift = Modifiers(rawValue: 4)
    }

    /// What is held.
    public let modifiers: Modifiers
    /// A character in lower case, or a name: "enter", "pageup", "f2", "wheel-up".
    public let key: String

    /// The key that types a character: a capital letter is its small one with Shift.
    public init?(typing character: Character) {
        self.init(character.isUppercase ? "shift-" + String(character) : character == " " ? "space" : String(character))
    }

    /// Reads a chord; nil when there is no such key.
    public init?(_ text: String) {
        var rest = text.lowercased()[...]
        var modifiers: Modifiers = []
        var found = true
        while found {
            found = false
            for (prefix, modifier) in Self.prefixes where rest.hasPrefix(prefix) && rest.count > prefix.count {
                rest = rest.dropFirst(prefix.count)
                modifiers.insert(modifier)
                found = true
            }
        }
        let name = Self.synonyms[String(rest)] ?? String(rest)
        let isCharacter = name.count == 1 && name.allSatisfy { !$0.isWhitespace && !$0.isNewline }
        guard isCharacter || Self.names[name] != nil || Self.isFunctionKey(name) else { return nil }
        self.modifiers = modifiers
        key = name
    }

    /// Whether pressing it types a character, so that it cannot stand for a command.
    public var isTyped: Bool {
        (key.count == 1 || key == "space") && modifiers.isDisjoint(with: [.control, .alt])
    }

    /// The form that the configuration writes.
    public var description: String {
        Self.prefixes.reduce("") { modifiers.contains($1.1) ? $0 + $1.0 : $0 } + key
    }

    /// The form that people read: "Ctrl+T", "Shift+↑".
    public var label: String {
        var text = ""
        if modifiers.contains(.control) { text += "Ctrl+" }
        if modifiers.contains(.alt) { text += "Alt+" }
        // A letter that is typed is shown as it is typed.
        if isTyped, key.count == 1 { return modifiers.contains(.shift) ? key.uppercased() : key }
        if modifiers.contains(.shift) { text += "Shift+" }
        return text + (Self.names[key] ?? key.uppercased())
    }

    // MARK: - Tables

    private static let prefixes: [(String, Modifiers)] = [("ctrl-", .control), ("alt-", .alt), ("shift-", .shift)]

    private static let names = [
        "enter": "Enter", "escape": "Esc", "tab": "Tab", "backspace": "Backspace", "delete": "Del", "insert": "Ins",
        "up": "↑", "down": "↓", "left": "←", "right": "→", "home": "Home", "end": "End", "pageup": "PgUp",
        "pagedown": "PgDn", "space": "Space", "wheel-up": "Wheel↑", "wheel-down": "Wheel↓",
    ]

    private static let synonyms = [
        "esc": "escape", "return": "enter", "pgup": "pageup", "page-up": "pageup", "pgdn": "pagedown",
        "page-down": "pagedown", "del": "delete", "ins": "insert", " ": "space",
    ]

    private static func isFunctionKey(_ name: String) -> Bool {
        guard name.hasPrefix("f"), let number = Int(name.dropFirst()) else { return false }
        return (1...24).contains(number) && name == "f\(number)"
    }
}
