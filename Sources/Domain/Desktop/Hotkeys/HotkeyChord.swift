/// A key with modifiers that works in every window, as "Super+Shift+S".
public struct HotkeyChord: Sendable, Hashable, CustomStringConvertible {
    /// The keys that are held down with it.
    public struct Modifiers: OptionSet, Sendable, Hashable {
        /// The bits.
        public let rawValue: Int

        /// Makes a set of bits.
        public init(rawValue: Int) { self.rawValue = rawValue }

        /// Ctrl.
        public static let control = Modifiers(rawValue: 1)
        /// Alt.
        public static let alt = Modifiers(rawValue: 2)
        /// Shift.
        public static let shift = Modifiers(rawValue: 4)
        /// The key with the logo.
        public static let `super` = Modifiers(rawValue: 8)
    }

    /// The keys that are held down with it.
    public let modifiers: Modifiers
    /// The key: a capital letter, another character, or a name, as "F4", "Print", "XF86Launch1".
    public let key: String

    /// Reads "Super+Shift+S"; names of keys may be written in any case.
    ///
    /// - Returns: nil for what is no chord, and for a letter without Super, Ctrl or Alt: no program could be written in.
    public init?(_ text: String) {
        let words = text.split(separator: "+", omittingEmptySubsequences: false).map { word in
            word.trimmingPrefix { $0 == " " }.reversed().trimmingPrefix { $0 == " " }.reversed()
        }.map { String($0) }
        guard let last = words.last, let key = Self.key(last) else { return nil }
        var modifiers = Modifiers()
        for word in words.dropLast() {
            guard let modifier = Self.modifiers[word.lowercased()], !modifiers.contains(modifier) else { return nil }
            modifiers.insert(modifier)
        }
        guard key.count > 1 && key != "Space" || !modifiers.isDisjoint(with: [.super, .control, .alt]) else {
            return nil
        }
        self.modifiers = modifiers
        self.key = key
    }

    /// The form that `init` reads, in one order and spelling.
    public var description: String {
        let names: [(Modifiers, String)] = [(.super, "Super"), (.control, "Ctrl"), (.alt, "Alt"), (.shift, "Shift")]
        return (names.filter { modifiers.contains($0.0) }.map(\.1) + [key]).joined(separator: "+")
    }

    // MARK: - Words

    private static let modifiers: [String: Modifiers] = [
        "super": .super, "win": .super, "windows": .super, "mod4": .super, "logo": .super,
        "ctrl": .control, "control": .control, "alt": .alt, "mod1": .alt, "shift": .shift,
    ]

    private static let names: [String: String] = {
        var names = [
            "esc": "Escape", "enter": "Return", "prtsc": "Print", "printscreen": "Print", "del": "Delete",
            "ins": "Insert", "pgup": "PageUp", "pgdn": "PageDown", "plus": "Plus",
        ]
        let plain = [
            "Print", "Pause", "Insert", "Delete", "Home", "End", "PageUp", "PageDown", "Left", "Right", "Up", "Down",
            "Space", "Tab", "Return", "Escape", "BackSpace", "Menu",
        ]
        for name in plain + (1...24).map({ "F\($0)" }) { names[name.lowercased()] = name }
        return names
    }()

    private static func key(_ word: String) -> String? {
        if let name = names[word.lowercased()] { return name }
        if word.hasPrefix("XF86"), word.utf8.count > 4, word.utf8.count < 40,
            word.utf8.allSatisfy({
                (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 95
            })
        {
            return word
        }
        guard word.unicodeScalars.count == 1, let scalar = word.unicodeScalars.first, scalar.value > 0x20,
            scalar.properties.generalCategory != .control, !scalar.properties.isWhitespace
        else { return nil }
        let capital = word.uppercased()
        return capital.unicodeScalars.count == 1 ? capital : word
    }
}
