/// How a cell looks: two colours, attributes, and the link that it belongs to.
public struct Style: Hashable, Sendable {
    /// What a terminal can do to a glyph; unknown ones are left out by the terminal.
    public struct Attributes: OptionSet, Hashable, Sendable {
        /// The bits, as in the static members.
        public let rawValue: UInt8

        /// Makes a set of attributes from its bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Heavier strokes or a brighter colour.
        public static let bold = Attributes(rawValue: 1)
        /// A fainter colour.
        public static let dim = Attributes(rawValue: 2)
        /// Slanted.
        public static let italic = Attributes(rawValue: 4)
        /// A line below.
        public static let underline = Attributes(rawValue: 8)
        /// Foreground and background exchanged.
        public static let reverse = Attributes(rawValue: 16)
        /// A line through the middle.
        public static let strikethrough = Attributes(rawValue: 32)
    }

    private var foregroundCode: UInt32
    private var backgroundCode: UInt32
    /// Bold, underline and so on.
    public var attributes: Attributes
    /// Where a click leads, if anywhere.
    public var link: Link?

    /// Makes a style; without arguments, plain text in the terminal's own colours.
    public init(
        foreground: Color = .standard, background: Color = .standard, attributes: Attributes = [], link: Link? = nil
    ) {
        foregroundCode = foreground.code
        backgroundCode = background.code
        self.attributes = attributes
        self.link = link
    }

    /// The colour of the glyph.
    public var foreground: Color {
        get { Color(code: foregroundCode) }
        set { foregroundCode = newValue.code }
    }

    /// The colour behind the glyph.
    public var background: Color {
        get { Color(code: backgroundCode) }
        set { backgroundCode = newValue.code }
    }

    /// The style of something lying on a surface: colours and link that are not set come from below, attributes add up.
    public func over(_ base: Style) -> Style {
        Style(
            foreground: foreground == .standard ? base.foreground : foreground,
            background: background == .standard ? base.background : background,
            attributes: attributes.union(base.attributes),
            link: link ?? base.link)
    }

    /// The same style with more attributes.
    public func adding(_ attributes: Attributes) -> Style {
        var style = self
        style.attributes.formUnion(attributes)
        return style
    }
}
