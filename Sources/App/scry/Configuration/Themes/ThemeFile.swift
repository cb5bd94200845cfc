import Cells
import TOMLKit
import Views

/// A theme as it is written: a sheet, what it inherits from, and what is wrong with it.
struct ThemeFile: Sendable, Equatable {
    /// What it says, without what could not be used.
    var sheet = ThemeSheet()
    /// The theme that fills in what it does not say; nil for none.
    var inherits: String?
    /// What could not be used, with the line and what was expected.
    var warnings: [ConfigurationWarning]
    /// The lines of roles, for warnings that need other files.
    private var lines: [String: Int] = [:]

    /// Reads the text of a file.
    ///
    /// - Parameter source: What warnings call it: its path.
    init(_ text: String, source: String) {
        let text = Configuration.normalized(text)
        let document = TOMLDocument(text)
        var reader = ConfigurationReader(source: source, text: text, faults: document.faults)
        warnings = []
        read(document.root, &reader)
        warnings = reader.warnings
    }

    /// The line of a role's look.
    func line(of role: String) -> Int? { lines[role] }

    // MARK: - Parts

    private mutating func read(_ root: TOMLTable, _ reader: inout ConfigurationReader) {
        reader.checkNames(in: root, at: [], known: ["about", "ground", "inherits", "palette", "roles"])
        sheet.about = reader.string("about", in: root, at: [], expected: "a few words")
        sheet.ground = reader.word("ground", in: root, at: [], as: ThemeSheet.Ground.self)
        inherits = reader.string("inherits", in: root, at: [], expected: "the name of a theme")
        if let palette = reader.table("palette", in: root, at: []) { readPalette(palette, &reader) }
        guard let roles = reader.table("roles", in: root, at: []) else { return }
        reader.checkNames(in: roles, at: ["roles"], known: Theme.roles.map(\.name))
        for (name, _) in Theme.roles {
            guard let value = roles[name] else { continue }
            lines[name] = reader.line(of: ["roles", name])
            if let look = look(value, at: ["roles", name], &reader) { sheet.looks[name] = look }
        }
    }

    private mutating func readPalette(_ palette: TOMLTable, _ reader: inout ConfigurationReader) {
        for name in palette.keys.sorted() {
            let path = ["palette", name]
            guard let value = palette[name] else { continue }
            if let number = value.int, value.type == .int {
                if let index = UInt8(exactly: number) {
                    sheet.palette[name] = .palette(index)
                } else {
                    reader.warn(path, "is \(number)", expected: Self.expectedColor)
                }
                continue
            }
            guard let text = reader.string(name, in: palette, at: ["palette"], expected: Self.expectedColor) else {
                continue
            }
            if let color = Color(written: text) {
                sheet.palette[name] = color
            } else {
                reader.warn(path, "is \"\(ConfigurationReader.printable(text))\"", expected: Self.expectedColor)
            }
        }
    }

    private func look(
        _ value: any TOMLValueConvertible, at path: [String], _ reader: inout ConfigurationReader
    ) -> ThemeSheet.Look? {
        if let paint = Self.paint(value) { return ThemeSheet.Look(foreground: paint) }
        guard let table = value.table else {
            reader.warn(path, "is no colour", expected: "a colour, or a table { fg, bg, style }")
            return nil
        }
        reader.checkNames(in: table, at: path, known: ["fg", "bg", "style"])
        var look = ThemeSheet.Look()
        look.foreground = paint("fg", in: table, at: path, &reader)
        look.background = paint("bg", in: table, at: path, &reader)
        let names = Self.attributes.map(\.name)
        let expected = "a list of " + names.map { "\"\($0)\"" }.joined(separator: ", ")
        for name in reader.strings("style", in: table, at: path, expected: expected) ?? [] {
            if let attribute = Self.attributes.first(where: { $0.name == name })?.attribute {
                look.attributes.insert(attribute)
            } else {
                reader.warn(
                    path + ["style"], "has \"\(ConfigurationReader.printable(name))\"", expected: expected)
            }
        }
        return look
    }

    private func paint(
        _ name: String, in table: TOMLTable, at path: [String], _ reader: inout ConfigurationReader
    ) -> ThemeSheet.Paint? {
        guard let value = table[name] else { return nil }
        if let paint = Self.paint(value) { return paint }
        reader.warn(path + [name], "is no colour", expected: Self.expectedColor)
        return nil
    }

    private static func paint(_ value: any TOMLValueConvertible) -> ThemeSheet.Paint? {
        if value.type == .int { return value.int.flatMap { UInt8(exactly: $0) }.map { .color(.palette($0)) } }
        guard let text = value.string, !text.isEmpty else { return nil }
        if let color = Color(written: text) { return .color(color) }
        return text.hasPrefix("#") ? nil : .named(text)
    }

    private static let attributes: [(name: String, attribute: Style.Attributes)] = [
        ("bold", .bold), ("dim", .dim), ("italic", .italic), ("underline", .underline), ("reverse", .reverse),
        ("strike", .strikethrough),
    ]

    private static let expectedColor =
        "a colour, as \"#7db4ff\", a number from 0 to 255, or one of the terminal's, as \"bright-blue\""
}

extension Color {
    /// Reads a colour that is no name of a palette: "#rgb", "#rrggbb", "default", or one of the sixteen by name.
    init?(written text: String) {
        if text == "default" {
            self = .standard
        } else if let index = Self.names.firstIndex(of: text) {
            self = .palette(UInt8(index))
        } else {
            guard text.hasPrefix("#") else { return nil }
            var digits = text.dropFirst().compactMap(\.hexDigitValue)
            guard digits.count == text.count - 1 else { return nil }
            if digits.count == 3 { digits = digits.flatMap { [$0, $0] } }
            guard digits.count == 6 else { return nil }
            let values = stride(from: 0, to: 6, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
            self = .rgb(values[0], values[1], values[2])
        }
    }

    private static let names: [String] = {
        let plain = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"]
        return plain + plain.map { "bright-" + $0 }
    }()
}
