public import Cells

/// What one theme file says: names for colours, and how the parts of the screen look.
///
///     let theme = Theme(sheets: [dark, base])
///
/// The first sheet is the theme itself, each following one what it inherits from. Names are looked up when all sheets are
/// known, so that a theme that changes nothing but its palette changes every part that uses it.
public struct ThemeSheet: Equatable, Sendable {
    /// Which backgrounds a theme is made for.
    public enum Ground: String, CaseIterable, Sendable {
        /// Dark ones, light ones, or all.
        case dark, light, any
    }

    /// A colour as it is written: by name, or as it is.
    public enum Paint: Equatable, Sendable {
        /// A name of the palette.
        case named(String)
        /// A colour.
        case color(Color)
    }

    /// How a part looks.
    public struct Look: Equatable, Sendable {
        /// The colour of its words; nil for what is behind it.
        public var foreground: Paint?
        /// What is behind its words.
        public var background: Paint?
        /// Bold, underlined and so on.
        public var attributes: Style.Attributes

        /// Makes a look.
        public init(foreground: Paint? = nil, background: Paint? = nil, attributes: Style.Attributes = []) {
            self.foreground = foreground
            self.background = background
            self.attributes = attributes
        }
    }

    /// What it is, in a few words.
    public var about: String?
    /// Which backgrounds it is for.
    public var ground: Ground?
    /// Colours by name.
    public var palette: [String: Color] = [:]
    /// Looks by the names of `Theme.roles`.
    public var looks: [String: Look] = [:]

    /// Makes an empty sheet.
    public init() {}
}

extension Theme {
    /// Makes a theme of sheets: the first is the theme, each following one what it inherits from.
    ///
    /// A name that no palette has is the terminal's own colour.
    public init(sheets: [ThemeSheet]) {
        self.init()
        var palette: [String: Color] = [:]
        for sheet in sheets.reversed() { palette.merge(sheet.palette) { $1 } }
        func color(_ paint: ThemeSheet.Paint?) -> Color {
            switch paint {
            case .named(let name): palette[name] ?? .standard
            case .color(let color): color
            case nil: .standard
            }
        }
        for (name, style) in Self.roles {
            guard let look = sheets.lazy.compactMap({ $0.looks[name] }).first else { continue }
            self[keyPath: style] = Style(
                foreground: color(look.foreground), background: color(look.background), attributes: look.attributes)
        }
    }

    /// The names that looks use and no palette has: what is wrong with the sheets.
    public static func unknownNames(in sheets: [ThemeSheet]) -> [(role: String, name: String)] {
        let known = Set(sheets.flatMap { $0.palette.keys })
        return sheets.first?.looks.sorted { $0.key < $1.key }.flatMap { role, look in
            [look.foreground, look.background].compactMap { paint in
                if case .named(let name) = paint, !known.contains(name) { (role, name) } else { nil }
            }
        } ?? []
    }
}
