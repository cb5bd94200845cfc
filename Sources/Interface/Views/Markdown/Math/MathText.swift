/// Formulas of LaTeX as text that can be read: Greek letters, small and raised figures, fractions, roots, sums.
///
///     MathText.rendered("x_1^2 + \\frac{a}{b} \\leq \\sqrt{2\\pi}")   // "x₁² + a/b ≤ √(2π)"
struct MathText {
    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var depth = 0

    // What is nested deeper is no formula that anybody would read.
    private static let deepest = 24

    /// The formula as text, in several lines where it has several; nil when something in it cannot be written so.
    static func rendered(_ formula: String) -> String? {
        var text = MathText(scalars: Array(formula.unicodeScalars))
        guard let result = try? text.sequence(until: []), text.index == text.scalars.count else { return nil }
        let lines = result.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.split(separator: " ").joined(separator: " ")
        }
        let shown = lines.joined(separator: "\n").trimmingBlanks
        return shown.isEmpty ? nil : shown
    }

    private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

    private struct Unknown: Error {}

    /// Something that a raised or lowered part may stand behind.
    private enum End: Equatable {
        case brace, bracket, environment(String), right
    }

    // MARK: - Sequences

    private var next: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    private mutating func sequence(until ends: [End]) throws -> String {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw Unknown() }
        var result = ""
        while let scalar = next {
            if scalar == "}" {
                if ends.contains(.brace) { return result }
                throw Unknown()
            }
            if scalar == "]", ends.contains(.bracket) { return result }
            if scalar == "\\", isEnd(ends) { return result }
            switch scalar {
            case "^", "_": try script(&result)
            case "'":
                index += 1
                result += "′"
            case "&":
                index += 1
                result += " "
            case "$", "#", "%": throw Unknown()
            default: result += try atom()
            }
        }
        guard ends.isEmpty else { throw Unknown() }
        return result
    }

    private func isEnd(_ ends: [End]) -> Bool {
        ends.contains { end in
            switch end {
            case .environment(let name): lies("\\end{\(name)}")
            case .right: lies("\\right")
            default: false
            }
        }
    }

    private func lies(_ text: String) -> Bool {
        let wanted = Array(text.unicodeScalars)
        return index + wanted.count <= scalars.count && Array(scalars[index..<index + wanted.count]) == wanted
    }

    private mutating func skipBlanks() {
        while let scalar = next, scalar == " " || scalar == "\n" || scalar == "\t" { index += 1 }
    }

    /// One thing: a character, a group, a command with what it takes.
    private mutating func atom() throws -> String {
        guard let scalar = next else { throw Unknown() }
        index += 1
        switch scalar {
        case "{":
            let inside = try sequence(until: [.brace])
            index += 1
            return inside
        case "\\": return try command()
        case "~", "\n", "\t": return " "
        case "-": return "−"
        case "*": return "∗"
        default: return String(Character(scalar))
        }
    }

    /// What a command takes: a group, or the next thing.
    private mutating func argument() throws -> String {
        skipBlanks()
        return try atom().trimmingBlanks
    }

    private mutating func option() throws -> String? {
        skipBlanks()
        guard next == "[" else { return nil }
        index += 1
        let inside = try sequence(until: [.bracket])
        index += 1
        return inside.trimmingBlanks
    }

    // MARK: - Raised and lowered

    private mutating func script(_ result: inout String) throws {
        let isRaised = next == "^"
        index += 1
        let words = try argument()
        while result.hasSuffix(" ") { result.removeLast() }
        if isRaised, words == "∘" || words == "°" {
            result += "°"
        } else if isRaised, words == "′" || words == "∗" || words == "†" {
            result += words
        } else if let small = MathSymbols.small(words, isRaised: isRaised) {
            result += small
        } else {
            result += (isRaised ? "^" : "_") + (words.count == 1 ? words : "(\(words))")
        }
    }

    // MARK: - Commands

    private mutating func command() throws -> String {
        guard let first = next else { throw Unknown() }
        guard first.isLetter else {
            index += 1
            switch first {
            case "\\":
                _ = try option()
                return "\n"
            case ",", ";", ":", " ", ">": return " "
            case "!", "/": return ""
            case "{", "}", "%", "$", "#", "&", "_": return String(Character(first))
            case "|": return "‖"
            case "(", ")", "[", "]": throw Unknown()
            default: throw Unknown()
            }
        }
        var name = ""
        while let scalar = next, scalar.isLetter {
            name.unicodeScalars.append(scalar)
            index += 1
        }
        if next == "*" { index += 1 }
        let words = try meaning(of: name)
        // The blank behind a command only ends its name, where a letter follows that would be read with it.
        if MathSymbols.spaced[name] == nil, !words.hasSuffix(" "), words.last?.isASCII == false {
            let start = index
            skipBlanks()
            if next.map({ $0.isLetter || $0.properties.numericType != nil }) != true { index = start }
        }
        return words
    }

    private mutating func meaning(of name: String) throws -> String {
        if let symbol = MathSymbols.spaced[name] { return " \(symbol) " }
        if let symbol = MathSymbols.plain[name] { return symbol }
        if let mark = MathSymbols.accents[name] { return try accented(argument(), mark) }
        if MathSymbols.functions.contains(name) { return function(name) }
        switch name {
        case "frac", "dfrac", "tfrac", "cfrac": return MathSymbols.fraction(try argument(), try argument())
        case "binom", "dbinom", "tbinom": return "(\(try argument()) over \(try argument()))"
        case "sqrt":
            let degree = try option()
            return try MathSymbols.root(of: argument(), degree: degree) ?? { throw Unknown() }()
        case "text", "textrm", "textbf", "textit", "mbox", "mathrm", "mathbf", "mathit", "mathsf", "mathtt",
            "boldsymbol",
            "bm", "operatorname", "displaystyle", "textstyle", "scriptstyle", "rm", "bf", "limits", "nolimits",
            "mathop",
            "mathbin", "mathrel", "boxed", "phantom", "hphantom", "vphantom", "tag", "label", "nonumber", "notag":
            return try wrapped(name)
        case "mathbb", "mathcal", "mathscr", "mathfrak":
            let letters = try argument()
            return name == "mathbb" ? letters.map { MathSymbols.doubled[$0] ?? String($0) }.joined() : letters
        case "left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "middle", "biggl", "biggr":
            return try delimiter()
        case "begin": return try environment()
        case "overset", "stackrel":
            let above = try argument()
            let base = try argument()
            return above == "def" || above == "Δ" ? " ≝ " : "\(base)^(\(above))"
        case "quad", "qquad": return "  "
        case "pmod": return " (mod \(try argument()))"
        case "not":
            let negated = try argument().trimmingBlanks
            return " \(negated)\u{338} "
        default: throw Unknown()
        }
    }

    private mutating func wrapped(_ name: String) throws -> String {
        switch name {
        case "displaystyle", "textstyle", "scriptstyle", "rm", "bf", "limits", "nolimits", "nonumber", "notag":
            return ""
        case "text", "textrm", "textbf", "textit", "mbox": return try words()
        case "phantom", "hphantom", "vphantom", "label":
            _ = try argument()
            return ""
        case "tag": return "  (\(try argument()))"
        case "boxed": return "▐ \(try argument()) ▌"
        default: return try argument()
        }
    }

    /// Words as they are, with their blanks.
    private mutating func words() throws -> String {
        skipBlanks()
        guard next == "{" else { return try argument() }
        index += 1
        var words = ""
        while let scalar = next, scalar != "}" {
            if scalar == "\\" || scalar == "$" || scalar == "{" { throw Unknown() }
            words.unicodeScalars.append(scalar == "\n" ? " " : scalar)
            index += 1
        }
        guard next == "}" else { throw Unknown() }
        index += 1
        return words
    }

    private func function(_ name: String) -> String {
        // "sin x", but "sin(x)" and "log₂".
        guard let next, next.isLetter || next == " " || next == "\\" || next.properties.numericType != nil else {
            return name
        }
        return name + " "
    }

    private mutating func delimiter() throws -> String {
        skipBlanks()
        guard let scalar = next else { throw Unknown() }
        if scalar == "." {
            index += 1
            return ""
        }
        return try atom().trimmingBlanks
    }

    private func accented(_ letters: String, _ mark: String) throws -> String {
        guard letters.count == 1 || mark == "\u{305}" && letters.count <= 12 else { throw Unknown() }
        return letters.map { String($0) + mark }.joined()
    }

    // MARK: - Environments

    private mutating func environment() throws -> String {
        guard next == "{" else { throw Unknown() }
        index += 1
        var name = ""
        while let scalar = next, scalar != "}" {
            name.unicodeScalars.append(scalar)
            index += 1
        }
        index += 1
        if name == "array" || name == "tabular" { _ = try argument() }
        let inside = try sequence(until: [.environment(name)])
        index += "\\end{\(name)}".unicodeScalars.count
        let rows = inside.split(separator: "\n").map { row in
            row.split(separator: " ").joined(separator: " ")
        }.filter { !$0.isEmpty }
        switch name.filter({ $0 != "*" }) {
        case "matrix", "smallmatrix", "array": return rows.joined(separator: "; ")
        case "pmatrix": return "(\(rows.joined(separator: "; ")))"
        case "bmatrix": return "[\(rows.joined(separator: "; "))]"
        case "vmatrix": return "|\(rows.joined(separator: "; "))|"
        case "cases": return "{ " + rows.joined(separator: "; ")
        case "aligned", "align", "gathered", "gather", "equation", "split", "eqnarray":
            return rows.joined(separator: "\n")
        default: throw Unknown()
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isLetter: Bool { properties.isAlphabetic && isASCII }
}

extension String {
    /// The text without blanks and line breaks around it.
    var trimmingBlanks: String {
        var rest = self[...]
        while let first = rest.first, first == " " || first == "\n" { rest.removeFirst() }
        while let last = rest.last, last == " " || last == "\n" { rest.removeLast() }
        return String(rest)
    }
}
