public import Cells

/// How each part of the screen looks.
public struct Theme: Hashable, Sendable {
    // MARK: The transcript

    /// Words of the person and of the engine.
    public var text = Style()
    /// What matters less: hints, ends of answers, sizes.
    public var dim = Style(attributes: .dim)
    /// The bar beside what the person said.
    public var userBar = Style()
    /// What the person said.
    public var userText = Style()
    /// What the engine thinks.
    public var reasoning = Style(attributes: .dim)
    /// The line above the thoughts.
    public var reasoningHeading = Style(attributes: .dim)
    /// An attachment.
    public var chip = Style()
    /// An attachment that is not there yet.
    public var chipPending = Style(attributes: .dim)
    /// A recording that runs.
    public var recording = Style(attributes: .bold)
    /// How many lines are below.
    public var scrollChip = Style(attributes: .reverse)

    // MARK: Markdown

    /// Headings.
    public var heading = Style(attributes: .bold)
    /// Code within a line.
    public var code = Style()
    /// Blocks of code.
    public var codeBlock = Style()
    /// The bar and the language of a block of code.
    public var codeBar = Style(attributes: .dim)
    /// The bar beside a quote.
    public var quoteBar = Style(attributes: .dim)
    /// The words of a quote.
    public var quote = Style()
    /// Bullets and numbers.
    public var marker = Style()
    /// Links.
    public var link = Style(attributes: .underline)
    /// The lines of tables, and rules.
    public var line = Style(attributes: .dim)
    /// Raw HTML, shown as it is.
    public var html = Style(attributes: .dim)

    // MARK: Around it

    /// What is being done, and what was done.
    public var notice = Style()
    /// What went wrong.
    public var problem = Style(attributes: .bold)
    /// The filled part of a progress bar.
    public var progress = Style()
    /// What is being written.
    public var composer = Style()
    /// The mark in front of it.
    public var prompt = Style(attributes: .bold)
    /// The line above the composer.
    public var separator = Style(attributes: .dim)
    /// The status bar.
    public var status = Style(attributes: .reverse)
    /// What stands out in the status bar.
    public var statusStrong = Style(attributes: [.reverse, .bold])
    /// What the status bar warns of.
    public var statusWarning = Style(attributes: [.reverse, .bold])
    /// The frame of the help and of lists.
    public var frame = Style()
    /// Titles in them.
    public var title = Style(attributes: .bold)
    /// Keys in the help and in hints.
    public var key = Style(attributes: .bold)
    /// The chosen line of a list.
    public var selection = Style(attributes: .reverse)
    /// The bar beside the message that was chosen.
    public var chosenBar = Style(attributes: .bold)
    /// Words that were looked for, at the place that was gone to.
    public var currentHit = Style(attributes: [.bold, .reverse])
    /// Words that were looked for.
    public var hit = Style(attributes: [.bold, .underline])

    /// Makes the theme without colours.
    public init() {}

    /// Without colours, for `NO_COLOR`: attributes only.
    public static let monochrome = Theme()

    /// For a dark background.
    public static let dark = colored(
        accent: .palette(12), bar: .palette(235), code: .palette(236), faint: .palette(245), warm: .palette(3))

    /// For a light background.
    public static let light = colored(
        accent: .palette(4), bar: .palette(254), code: .palette(255), faint: .palette(243), warm: .palette(130))

    /// The theme of a name ("dark", "light", "monochrome"); nil when there is none.
    public static func named(_ name: String) -> Theme? {
        switch name {
        case "dark", "auto": dark
        case "light": light
        case "monochrome": monochrome
        default: nil
        }
    }

    // The first sixteen colours are the person's own, so that accents fit the terminal's scheme.
    private static func colored(accent: Color, bar: Color, code: Color, faint: Color, warm: Color) -> Theme {
        var theme = Theme()
        let dim = Style(foreground: faint)
        theme.dim = dim
        theme.userBar = Style(foreground: accent, attributes: .bold)
        theme.userText = Style(attributes: .bold)
        theme.reasoning = dim
        theme.reasoningHeading = Style(foreground: faint, attributes: .italic)
        theme.chip = Style(foreground: .palette(6))
        theme.chipPending = dim
        theme.recording = Style(foreground: .palette(1), attributes: .bold)
        theme.scrollChip = Style(foreground: accent, background: bar, attributes: .bold)
        theme.heading = Style(foreground: accent, attributes: .bold)
        theme.code = Style(foreground: .palette(6))
        theme.codeBlock = Style(background: code)
        theme.codeBar = Style(foreground: faint, background: code)
        theme.quoteBar = Style(foreground: .palette(2))
        theme.quote = Style(attributes: .italic)
        theme.marker = Style(foreground: accent)
        theme.link = Style(foreground: accent, attributes: .underline)
        theme.line = dim
        theme.html = dim
        theme.notice = Style(foreground: accent)
        theme.problem = Style(foreground: .palette(1), attributes: .bold)
        theme.progress = Style(foreground: .palette(2))
        theme.prompt = Style(foreground: accent, attributes: .bold)
        theme.separator = dim
        theme.status = Style(background: bar)
        theme.statusStrong = Style(foreground: accent, background: bar, attributes: .bold)
        theme.statusWarning = Style(foreground: warm, background: bar, attributes: .bold)
        theme.frame = Style(foreground: accent)
        theme.title = Style(attributes: .bold)
        theme.key = Style(foreground: accent, attributes: .bold)
        theme.selection = Style(background: bar, attributes: .bold)
        theme.chosenBar = Style(foreground: warm, attributes: .bold)
        theme.currentHit = Style(foreground: warm, attributes: [.bold, .reverse])
        theme.hit = Style(foreground: warm, attributes: [.bold, .underline])
        return theme
    }
}
