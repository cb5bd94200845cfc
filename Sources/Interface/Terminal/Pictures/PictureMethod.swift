/// How a terminal is made to show pictures.
public enum PictureMethod: String, Hashable, Sendable {
    /// It has not said yet what it can do: room is kept, and nothing drawn.
    case undecided
    /// Not at all.
    case none
    /// By characters with colours.
    case blocks
    /// By sixels, painted over blank cells after each frame that changed them.
    case sixel
    /// By the kitty protocol, with cells that stand for pieces of the picture; tmux moves them like any text.
    case kitty
    /// By the kitty protocol of terminals that do not know such cells: put over blank ones.
    case kittyPlaced = "kitty-placed"

    /// Whether it is painted over blank cells, and not by them.
    var isPainted: Bool { self == .sixel || self == .kittyPlaced }
}

/// What a person can ask for.
public enum PictureSetting: String, Hashable, Sendable, CaseIterable {
    /// What the terminal can do best.
    case auto
    /// These and nothing else.
    case kitty, sixel, blocks, none
}
