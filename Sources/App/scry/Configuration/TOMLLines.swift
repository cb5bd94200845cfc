/// Finds the lines on which the keys of a TOML document stand, which the parser does not tell.
///
/// It reads table headers and the beginnings of lines, not values; a line inside a text of several lines may be taken for
/// a key, which at worst names a wrong line in a warning.
struct TOMLLines {
    /// The first line of a key's path, counted from 1.
    private var lines: [[String]: Int] = [:]

    init(_ text: String) {
        var table: [String] = []
        var number = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            var rest = line.drop { $0 == " " || $0 == "\t" }
            let isHeader = rest.first == "["
            if isHeader { rest = rest.drop { $0 == "[" } }
            guard let path = Self.readPath(&rest), rest.first == (isHeader ? "]" : "=") else { continue }
            if isHeader { table = path }
            note(isHeader ? path : table + path, number)
        }
    }

    /// The line of a key, or of the table that it is in when it stands in an inline table.
    func line(of path: [String]) -> Int? {
        var path = path
        while !path.isEmpty {
            if let line = lines[path] { return line }
            path.removeLast()
        }
        return nil
    }

    // MARK: - Private

    private mutating func note(_ path: [String], _ number: Int) {
        // `a.b.c = 1` and `[a.b]` are where `a` and `a.b` stand, too, unless they were named before.
        for length in 1...path.count where lines[Array(path.prefix(length))] == nil {
            lines[Array(path.prefix(length))] = number
        }
    }

    /// Reads `a."b c".d` and the blanks after it, or nothing.
    private static func readPath(_ rest: inout Substring) -> [String]? {
        var path: [String] = []
        while true {
            rest = rest.drop { $0 == " " || $0 == "\t" }
            guard let key = readKey(&rest) else { return nil }
            path.append(key)
            rest = rest.drop { $0 == " " || $0 == "\t" }
            guard rest.first == "." else { return path }
            rest.removeFirst()
        }
    }

    private static func readKey(_ rest: inout Substring) -> String? {
        if let quote = rest.first, quote == "\"" || quote == "'" {
            let key = rest.dropFirst().prefix { $0 != quote }
            rest = rest.dropFirst(key.count + 2)
            return String(key)
        }
        let key = rest.prefix { $0 == "_" || $0 == "-" || ($0.isASCII && ($0.isLetter || $0.isNumber)) }
        rest = rest.dropFirst(key.count)
        return key.isEmpty ? nil : String(key)
    }
}
