/// How much of the words of a screen a reader found.
///
/// Every line is looked for where the reader's text has it best, with the fewest characters changed, missing or added:
/// in which order columns are read does not matter. Blanks do not count, nor does what was read beside the lines.
struct CharacterAccuracy {
    private(set) var characters = 0
    private(set) var wrong = 0

    /// The share that was found, 0…1.
    var share: Double { characters == 0 ? 1 : 1 - Double(wrong) / Double(characters) }

    /// Counts the lines of a screen in what was read of it.
    mutating func add(lines: [String], read text: String) {
        let read = Self.signs(text)
        for line in lines {
            let line = Self.signs(line)
            characters += line.count
            wrong += Self.distance(of: line, within: read)
        }
    }

    /// Counts what was counted elsewhere.
    mutating func add(_ other: CharacterAccuracy) {
        characters += other.characters
        wrong += other.wrong
    }

    private static func signs(_ text: String) -> [UInt32] {
        text.unicodeScalars.filter { !$0.properties.isWhitespace }.map { same[$0] ?? $0 }.map(\.value)
    }

    /// Signs that look alike in print, of which readers give one for the other.
    private static let same: [Unicode.Scalar: Unicode.Scalar] = [
        "‘": "'", "’": "'", "“": "\"", "”": "\"", "—": "-", "–": "-", "，": ",", "：": ":", "（": "(", "）": ")",
    ]

    /// The fewest changes that make a line of any stretch of a text.
    private static func distance(of line: [UInt32], within text: [UInt32]) -> Int {
        guard !line.isEmpty else { return 0 }
        var column = Array(0...line.count)
        var best = column[line.count]
        column.withUnsafeMutableBufferPointer { column in
            for sign in text {
                // It may begin anywhere: nothing was changed before.
                var diagonal = 0
                for row in 1...line.count {
                    let left = column[row]
                    column[row] = min(diagonal + (line[row - 1] == sign ? 0 : 1), min(left, column[row - 1]) + 1)
                    diagonal = left
                }
                best = min(best, column[line.count])
            }
        }
        return best
    }
}
