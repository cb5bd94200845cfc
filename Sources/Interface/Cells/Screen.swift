/// Everything that a terminal shows: the cells, the pictures, where the cursor blinks, and the window's title.
public struct Screen: Equatable, Sendable {
    /// The cells.
    public var grid: Grid
    /// The pictures that are in sight, in whole or in part; no two overlap.
    public var pictures: [PicturePlace] = []
    /// Where the cursor is; hidden when `nil`.
    public var cursor: Point?
    /// The window title; `nil` leaves it alone.
    public var title: String?

    /// Makes a screen.
    public init(grid: Grid, cursor: Point? = nil, title: String? = nil) {
        self.grid = grid
        self.cursor = cursor
        self.title = title
    }

    /// Makes an empty screen.
    public init(size: Size) { self.init(grid: Grid(size: size)) }
}
