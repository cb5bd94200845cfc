/// What is shown of a picture, and how large: all that its pixels on the screen depend on.
public struct PictureCut: Hashable, Sendable {
    /// Names the picture for good: the SHA-256 of its file.
    public var name: String
    /// How large the whole picture is.
    public var whole: PixelSize
    /// The part of it that is shown, in its own pixels.
    public var part: PixelRect
    /// How large that is drawn.
    public var drawn: PixelSize
    /// The cells that it takes; the last ones may be filled in part.
    public var cells: Size
    /// What is drawn upon it.
    public var marks: [PictureMark] = []

    /// Fits a part of a picture (nil: all of it) into at most so many cells.
    ///
    /// - Parameters:
    ///   - cell: How large a cell is.
    ///   - enlarging: How much larger than itself it may become; 1 never enlarges it.
    public init(
        of name: String, whole: PixelSize, part: PixelRect? = nil, into limit: Size, cell: PixelSize,
        enlarging: Double = 1
    ) {
        // A reference out of a broken history may say anything.
        let whole = PixelSize(
            width: min(max(1, whole.width), Self.longest), height: min(max(1, whole.height), Self.longest))
        let bounds = PixelRect(x: 0, y: 0, width: whole.width, height: whole.height)
        let part = (part ?? bounds).clamped(to: bounds)
        let columns = min(max(1, limit.columns), Self.mostCells)
        let rows = min(max(1, limit.rows), Self.mostCells)
        let cell = PixelSize(width: min(max(1, cell.width), 256), height: min(max(1, cell.height), 256))
        let scale = min(
            enlarging, Double(columns * cell.width) / Double(part.width),
            Double(rows * cell.height) / Double(part.height))
        self.name = name
        self.whole = whole
        self.part = part
        drawn = PixelSize(
            width: min(max(1, Int((Double(part.width) * scale).rounded())), columns * cell.width),
            height: min(max(1, Int((Double(part.height) * scale).rounded())), rows * cell.height))
        cells = Size(
            columns: (drawn.width + cell.width - 1) / cell.width,
            rows: (drawn.height + cell.height - 1) / cell.height)
    }

    /// Whether the whole picture is shown.
    public var isWhole: Bool {
        part == PixelRect(x: 0, y: 0, width: whole.width, height: whole.height)
    }

    private static let longest = 1_000_000
    /// Terminals count the cells of a picture up to 297.
    private static let mostCells = 297
}

/// A part of a picture that is marked.
public struct PictureMark: Hashable, Sendable {
    /// The part, in the whole picture's own pixels.
    public var part: PixelRect
    /// Whether nothing of it is shown; else only its edge is drawn.
    public var isCovered: Bool

    /// Makes a mark.
    public init(part: PixelRect, isCovered: Bool) {
        self.part = part
        self.isCovered = isCovered
    }
}

/// A rectangle of pixels.
public struct PixelRect: Hashable, Sendable {
    /// The column of its left edge.
    public var x: Int
    /// The row of its upper edge.
    public var y: Int
    /// The width.
    public var width: Int
    /// The height.
    public var height: Int

    /// Makes a rectangle.
    public init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }

    /// As much of it as there is, moved inside; never empty.
    func clamped(to bounds: PixelRect) -> PixelRect {
        let width = min(max(1, self.width), bounds.width)
        let height = min(max(1, self.height), bounds.height)
        return PixelRect(
            x: min(max(x, bounds.x), bounds.x + bounds.width - width),
            y: min(max(y, bounds.y), bounds.y + bounds.height - height), width: width, height: height)
    }
}
