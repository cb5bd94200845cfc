public import Cells

/// How each part of the screen looks.
///
/// Made as it is here it has no colours; `Theme(sheets:)` makes the others, of what is written in theme files.
public struct Theme: Hashable, Sendable {
    // MARK: The screen

    /// What is behind everything, and the colour of words that have no other: the terminal's own unless it is set.
    public var surface = Style()

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

    // MARK: Code

    /// Words that belong to a language.
    public var syntaxKeyword = Style(attributes: .bold)
    /// Texts and characters in quotes.
    public var syntaxString = Style()
    /// Comments.
    public var syntaxComment = Style(attributes: .dim)
    /// Numbers.
    public var syntaxNumber = Style()
    /// Types and classes.
    public var syntaxType = Style(attributes: .bold)
    /// Functions, where they are called or made.
    public var syntaxFunction = Style()
    /// Names: variables, attributes, selectors, keys.
    public var syntaxName = Style()
    /// What is for the compiler or the preprocessor.
    public var syntaxMeta = Style(attributes: .dim)
    /// Signs and operators.
    public var syntaxSymbol = Style()
    /// Lines that a patch adds.
    public var syntaxAdded = Style()
    /// Lines that a patch takes away.
    public var syntaxRemoved = Style(attributes: .dim)

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

    /// Makes the theme without colours: attributes only, for `NO_COLOR` and for when nothing else is there.
    public init() {}

    /// Without colours.
    public static let monochrome = Theme()
}
