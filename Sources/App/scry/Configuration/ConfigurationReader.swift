import TOMLKit

/// Reads the values of a TOML table one by one, and collects what is wrong with them.
struct ConfigurationReader {
    private let source: String
    private let lines: TOMLLines
    private(set) var warnings: [ConfigurationWarning] = []

    init(source: String, text: String, faults: [TOMLDocument.Fault]) {
        self.source = source
        lines = TOMLLines(text)
        for fault in faults {
            let reason = fault.reason.hasSuffix(".") ? String(fault.reason.dropLast()) : fault.reason
            warn(line: fault.line, "this is not TOML and was skipped: \(Self.printable(reason)).")
        }
    }

    /// The line of a key.
    func line(of path: [String]) -> Int? { lines.line(of: path) }

    /// Notes that a key is wrong; what was expected follows the words "expected".
    mutating func warn(_ path: [String], _ problem: String, expected: String) {
        warn(line: lines.line(of: path), "\(Self.name(path)) \(problem); expected \(expected).")
    }

    // MARK: - Values

    /// The names in a table, with a warning for each that is not among the known ones.
    mutating func checkNames(in table: TOMLTable, at path: [String], known: [String]) {
        for name in table.keys.sorted() where !known.contains(name) {
            if name.contains("api") && name.contains("key") || name == "key" || name == "token" {
                warn(
                    path + [name], "was skipped: keys do not belong into this file",
                    expected: "api_key_env = \"NAME\", the environment variable that holds the key, or api_key_file")
                continue
            }
            let guess = Self.nearest(to: name, among: known).map { "\"\($0)\"" }
            let list = known.isEmpty ? "nothing here" : "one of " + known.joined(separator: ", ")
            warn(path + [name], "is not known", expected: guess ?? list)
        }
    }

    /// A table inside a table; an empty one when it is missing or something else.
    mutating func table(_ name: String, in table: TOMLTable, at path: [String]) -> TOMLTable? {
        guard let value = table[name] else { return nil }
        if let inner = value.table { return inner }
        warn(
            path + [name], "is \(Self.kind(of: value))",
            expected: "a table, as [\((path + [name]).joined(separator: "."))]")
        return nil
    }

    mutating func bool(_ name: String, in table: TOMLTable, at path: [String], into value: inout Bool) {
        guard let found = table[name] else { return }
        guard let bool = found.bool else {
            return warn(path + [name], "is \(Self.kind(of: found))", expected: "true or false")
        }
        value = bool
    }

    mutating func integer(
        _ name: String, in table: TOMLTable, at path: [String], from range: ClosedRange<Int>, into value: inout Int
    ) {
        guard let found = table[name] else { return }
        let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        guard found.type == .int, let number = found.int else {
            return warn(path + [name], "is \(Self.kind(of: found))", expected: expected)
        }
        guard range.contains(number) else { return warn(path + [name], "is \(number)", expected: expected) }
        value = number
    }

    /// A number above which something is not to go; 0 takes the limit away.
    mutating func limit(_ name: String, in table: TOMLTable, at path: [String], upTo most: Int, into value: inout Int?)
    {
        var number = value ?? 0
        integer(name, in: table, at: path, from: 0...most, into: &number)
        value = number == 0 ? nil : number
    }

    /// A text that is not empty.
    mutating func string(_ name: String, in table: TOMLTable, at path: [String], expected: String) -> String? {
        guard let found = table[name] else { return nil }
        guard let text = found.string else {
            warn(path + [name], "is \(Self.kind(of: found))", expected: expected)
            return nil
        }
        guard !text.isEmpty else {
            warn(path + [name], "is empty", expected: expected)
            return nil
        }
        return text
    }

    /// A text that is one of a few words.
    mutating func word<Choice: RawRepresentable & CaseIterable>(
        _ name: String, in table: TOMLTable, at path: [String], as type: Choice.Type
    ) -> Choice? where Choice.RawValue == String {
        let expected = "one of " + Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        guard let text = string(name, in: table, at: path, expected: expected) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        warn(path + [name], "is \"\(Self.printable(text))\"", expected: expected)
        return nil
    }

    /// A list of texts; a single text stands for a list of one.
    mutating func strings(_ name: String, in table: TOMLTable, at path: [String], expected: String) -> [String]? {
        guard let found = table[name] else { return nil }
        if let text = found.string { return text.isEmpty ? [] : [text] }
        guard let array = found.array else {
            warn(path + [name], "is \(Self.kind(of: found))", expected: expected)
            return nil
        }
        var texts: [String] = []
        for element in array {
            guard let text = element.string, !text.isEmpty else {
                warn(path + [name], "holds \(Self.kind(of: element))", expected: expected)
                continue
            }
            texts.append(text)
        }
        return texts
    }

    // MARK: - Words

    /// A text that can be shown: without control characters, and not long.
    static func printable(_ text: String) -> String {
        let shown = text.prefix(60).map { character -> Character in
            character.unicodeScalars.contains {
                $0.properties.generalCategory == .control || $0.properties.isBidiControl
            }
                ? "\u{FFFD}" : character
        }
        return String(shown) + (text.count > 60 ? "…" : "")
    }

    // MARK: - Private

    private mutating func warn(line: Int?, _ message: String) {
        warnings.append(ConfigurationWarning(source: source, line: line, message: message))
    }

    private static func name(_ path: [String]) -> String { "\"\(printable(path.joined(separator: ".")))\"" }

    private static func kind(of value: any TOMLValueConvertible) -> String {
        switch value.type {
        case .table: "a table"
        case .array: "a list"
        case .string: value.string?.isEmpty == true ? "an empty text" : "a text"
        case .int: "a whole number"
        case .double: "a number"
        case .bool: "true or false"
        case .date, .time, .dateTime: "a date or time"
        }
    }

    /// The known name that somebody probably meant: at most two letters away.
    private static func nearest(to name: String, among known: [String]) -> String? {
        let near = known.map { ($0, distance(Array(name.utf8.prefix(40)), Array($0.utf8))) }.min { $0.1 < $1.1 }
        return near.flatMap { $0.1 <= min(2, $0.0.utf8.count / 2) ? $0.0 : nil }
    }

    /// How many letters must be added, dropped or changed to get from one word to the other.
    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var row = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, y) in b.enumerated() {
                let changed = diagonal + (x == y ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(changed, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[b.count]
    }
}
