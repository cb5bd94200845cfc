public import Desktop

/// The marking of parts of a picture that waits to be sent: to cover them, or to cut one out.
public struct PictureMarking: Sendable, Equatable {
    /// What becomes of the parts.
    public enum Purpose: Sendable, Equatable {
        /// They are painted over, so that nothing of them can be worked out.
        case cover
        /// The one that is marked is all that stays.
        case crop
    }

    /// What becomes of the parts.
    public let purpose: Purpose
    /// The parts that are marked already, in the picture's own pixels.
    public internal(set) var parts: [Region] = []
    /// The part that is being marked.
    public internal(set) var selection: RegionSelection
    /// Whether it is being done: nothing can be changed or closed until the picture has come back.
    public internal(set) var isApplied = false

    /// Whether the picture was taken for this alone: with it, the view closes, and without a part, the picture goes.
    let isRegion: Bool
    /// Whether the picture stays as it is, and the part goes as a picture of its own.
    public let isDetail: Bool

    private let bounds: Region
    /// How far an arrow goes: some forty of them cross the picture.
    private let step: Int

    init(_ purpose: Purpose, width: Int, height: Int, isRegion: Bool = false, isDetail: Bool = false) {
        self.isDetail = isDetail
        self.purpose = purpose
        self.isRegion = isRegion
        bounds = Region(x: 0, y: 0, width: max(1, width), height: max(1, height))
        selection = RegionSelection(bounds: bounds, last: nil)
        selection.nudge(byX: 0, y: 0)
        step = max(1, max(width, height) / 40)
    }

    /// The part that is being marked; nil for none.
    public var part: Region? { selection.region }

    /// What would be done now.
    public var result: [Region] { parts + (part.map { [$0] } ?? []) }

    mutating func move(_ x: Int, _ y: Int) { selection.nudge(byX: x * step, y: y * step) }

    mutating func stretch(_ x: Int, _ y: Int) { selection.stretch(byX: x * step, y: y * step) }

    /// Keeps the part and begins another.
    mutating func keep() {
        guard purpose == .cover, let part, parts.count < 50 else { return }
        parts.append(part)
        selection = RegionSelection(bounds: bounds, last: part)
        selection.nudge(byX: 0, y: 0)
        // Beside the one before, where it can be seen.
        selection.nudge(byX: 0, y: part.y + 2 * part.height <= bounds.height ? part.height : -part.height)
    }

    /// Takes the last part back.
    mutating func takeBack() {
        guard let last = parts.popLast() else { return }
        selection = RegionSelection(bounds: bounds, last: last)
        selection.nudge(byX: 0, y: 0)
    }
}

/// What the mouse does to the part that is being marked.
public enum MarkingStroke: Sendable, Equatable {
    /// The button goes down.
    case press
    /// It moves.
    case move
    /// It goes up.
    case release
}
