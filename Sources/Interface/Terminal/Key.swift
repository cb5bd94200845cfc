/// A key as the user pressed it, whatever bytes the terminal sent for it.
public struct Key: Hashable, Sendable {
    /// Which key.
    public enum Code: Hashable, Sendable {
        /// A key that types something: one scalar, a letter in the case that it types. A blank is the space bar.
        case character(Character)
        /// Keys with a name of their own.
        case enter, tab, backTab, escape, backspace, delete, insert
        /// Arrows.
        case up, down, left, right
        /// Keys that move further.
        case home, end, pageUp, pageDown
        /// F1 and so on.
        case function(Int)
    }

    /// Keys held down meanwhile.
    public struct Modifiers: OptionSet, Hashable, Sendable {
        /// The bits, as in the static members.
        public let rawValue: UInt8

        /// Makes a set of modifiers from its bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Shift; for characters set only together with control, since their case tells it already.
        public static let shift = Modifiers(rawValue: 1)
        /// Alt, or Meta, or Escape pressed just before.
        public static let alt = Modifiers(rawValue: 2)
        /// Control; the character is in lower case then.
        public static let control = Modifiers(rawValue: 4)
    }

    /// Which key.
    public var code: Code
    /// What was held down.
    public var modifiers: Modifiers

    /// Makes a key.
    public init(_ code: Code, _ modifiers: Modifiers = []) {
        self.code = code
        self.modifiers = modifiers
    }

    /// Makes a key that types a character.
    public init(_ character: Character, _ modifiers: Modifiers = []) {
        self.init(.character(character), modifiers)
    }
}
