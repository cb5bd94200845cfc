/// One place of a grid: a glyph in a style.
///
/// A wide glyph takes two cells: the first has width 2, the second is a continuation of width 0. Only a `Grid` makes
/// cells other than blanks, and it lets no control character in.
public struct Cell: Hashable, Sendable {
    let glyph: Grapheme
    /// How it is drawn.
    public internal(set) var style: Style
    /// The columns that the glyph takes: 1, 2, or 0 for the right half of a wide one.
    public let width: UInt8

    init(_ glyph: Grapheme, style: Style, width: UInt8) {
        self.glyph = glyph
        self.style = style
        self.width = width
    }

    /// An empty cell.
    public static let blank = Cell.blank(Style())

    /// An empty cell in a style.
    public static func blank(_ style: Style) -> Cell { Cell(.blank, style: style, width: 1) }

    /// A cell that is left to a picture; only what knows the terminal draws it.
    static let picture = Cell(Grapheme(CollectionOfOne(picturePlaceholder)), style: Style(), width: 1)
    /// Stands for a piece of a picture, in terminals too; no text can bring it in.
    static let picturePlaceholder: Unicode.Scalar = "\u{10EEEE}"

    static func continuation(_ style: Style) -> Cell { Cell(.blank, style: style, width: 0) }

    /// What is drawn; a blank in a continuation.
    public var grapheme: Character { glyph.character }

    /// What is drawn, if it is one printable ASCII character.
    public var ascii: UInt8? { glyph.ascii }

    /// Whether this is the right half of a wide glyph.
    public var isContinuation: Bool { width == 0 }

    /// Whether it is left to a picture.
    public var isPicture: Bool { self == .picture }
}
