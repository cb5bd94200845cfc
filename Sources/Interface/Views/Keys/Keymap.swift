public import Session

/// Which key asks for what.
///
/// It is made from the table of commands and from what the configuration changes in it.
public struct Keymap: Sendable {
    /// What is wrong with the configuration, a sentence each; the rest of it holds all the same.
    public let warnings: [String]

    private let commands: [Command.Context: [KeyChord: Command]]
    private let chords: [Command: [KeyChord]]

    /// Makes a keymap.
    ///
    /// - Parameter overrides: Names of commands with their keys, several separated by blanks or commas; "none" takes the
    ///   keys away. They replace the command's default keys, and take keys away from commands that have them by default.
    public init(overrides: [String: String] = [:]) {
        var warnings: [String] = []
        var chosen: [Command: [KeyChord]] = [:]
        for (name, value) in overrides.sorted(by: { $0.key < $1.key }) {
            guard let command = Command(rawValue: name) else {
                warnings.append("[keys] \(name): there is no such command\(Self.suggestion(for: name)).")
                continue
            }
            chosen[command] = Self.chords(in: value, of: command, warnings: &warnings)
        }
        // A letter may stand for something in the transcript, and be typed elsewhere.
        var commands: [Command.Context: [KeyChord: Command]] = [:]
        for command in Command.allCases {
            for chord in chosen[command] ?? [] {
                if let other = commands[command.context]?[chord] {
                    warnings.append(
                        "[keys] \(command.rawValue): \(chord) stands for \(other.rawValue) already; give one of them"
                            + " another key.")
                } else {
                    commands[command.context, default: [:]][chord] = command
                }
            }
        }
        for command in Command.allCases where chosen[command] == nil {
            for chord in command.description.keys.compactMap(KeyChord.init)
            where commands[command.context]?[chord] == nil {
                commands[command.context, default: [:]][chord] = command
            }
        }
        var chords: [Command: [KeyChord]] = [:]
        for command in Command.allCases {
            let candidates = chosen[command] ?? command.description.keys.compactMap(KeyChord.init)
            chords[command] = candidates.filter { commands[command.context]?[$0] == command }
            if chosen[command] == nil, candidates.count > 0, chords[command]?.isEmpty == true {
                warnings.append("[keys] \(command.rawValue) has no key left.")
            }
        }
        self.warnings = warnings
        self.commands = commands
        self.chords = chords
    }

    /// The command that a key asks for; nil when it types something or does nothing.
    public func command(for chord: KeyChord, in context: Command.Context = .everywhere) -> Command? {
        commands[context]?[chord] ?? commands[.everywhere]?[chord]
    }

    /// The keys of a command, the most important first.
    public func chords(for command: Command) -> [KeyChord] { chords[command] ?? [] }

    /// The key to show for a command ("Ctrl+T"); its slash command when it has no key, and empty when it has neither.
    public func label(for command: Command) -> String {
        if let chord = chords[command]?.first { return chord.label }
        return command.description.slash.map { "/" + $0 } ?? ""
    }

    // MARK: - Reading the configuration

    private static func chords(in value: String, of command: Command, warnings: inout [String]) -> [KeyChord] {
        let name = command.rawValue
        var chords: [KeyChord] = []
        for word in value.split(whereSeparator: { $0 == " " || $0 == "," }) where word.lowercased() != "none" {
            guard let chord = word.count == 1 ? word.first.flatMap(KeyChord.init(typing:)) : KeyChord(String(word))
            else {
                warnings.append(
                    "[keys] \(name): \(word) is no key; write it like ctrl-t, alt-enter, shift-up, f2 or pageup.")
                continue
            }
            guard !chord.isTyped || command.context == .transcript else {
                warnings.append("[keys] \(name): \(word) types a character; add ctrl- or alt-.")
                continue
            }
            if !chords.contains(chord) { chords.append(chord) }
        }
        return chords
    }

    private static func suggestion(for name: String) -> String {
        let near = Command.allCases.map { ($0.rawValue, distance(name, $0.rawValue)) }.min { $0.1 < $1.1 }
        guard let near, near.1 <= 3 else { return "" }
        return "; perhaps \(near.0) is meant"
    }

    /// How many letters to change, add or leave out until one word becomes the other.
    private static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.prefix(40))
        let right = Array(right)
        var row = Array(0...right.count)
        for (line, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for column in right.indices {
                let change = diagonal + (letter == right[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(change, diagonal + 1, row[column] + 1)
            }
        }
        return row[right.count]
    }
}
