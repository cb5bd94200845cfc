/// The choosing of a part of the desktop: what pointer and keys make of it, without any drawing.
///
///     var selection = RegionSelection(bounds: desktop, last: nil)
///     selection.press(x: 10, y: 10)
///     selection.move(x: 109, y: 59)
///     selection.release(x: 109, y: 59)   // 100x50+10+10: both pixels are inside
public struct RegionSelection: Sendable, Equatable {
    /// What is chosen so far, never empty; nil for nothing.
    public private(set) var region: Region?
    /// Where the pointer is.
    public private(set) var pointer: (x: Int, y: Int) {
        get { (pointerX, pointerY) }
        set { (pointerX, pointerY) = newValue }
    }

    private enum Drag: Sendable, Equatable {
        /// A corner follows the pointer; the other stays.
        case span(fromX: Int, fromY: Int)
        /// All of it follows the pointer, which holds it at this distance from its corner.
        case carry(atX: Int, atY: Int)
    }

    private let bounds: Region
    private let last: Region?
    private var drag: Drag?
    private var hasMoved = false
    private var pointerX: Int
    private var pointerY: Int

    /// Begins with nothing chosen.
    ///
    /// - Parameters:
    ///   - bounds: The desktop; nothing outside of it can be chosen.
    ///   - last: What was chosen the time before: what the arrow keys begin with.
    public init(bounds: Region, last: Region?) {
        self.bounds = bounds
        let visible = last?.intersection(bounds)
        self.last = visible.flatMap { $0.isEmpty ? nil : $0 }
        pointerX = bounds.x + bounds.width / 2
        pointerY = bounds.y + bounds.height / 2
    }

    /// Whether the button is down.
    public var isDragging: Bool { drag != nil }

    // MARK: - The pointer

    /// The button goes down: inside of what is chosen it is carried, outside another region is begun.
    public mutating func press(x: Int, y: Int) {
        place(x, y)
        hasMoved = false
        if let region, region.contains(x: pointerX, y: pointerY) {
            drag = .carry(atX: pointerX - region.x, atY: pointerY - region.y)
        } else {
            drag = .span(fromX: pointerX, fromY: pointerY)
        }
    }

    /// The pointer moves.
    public mutating func move(x: Int, y: Int) {
        let before = pointer
        place(x, y)
        guard let drag, hasMoved || before != pointer else { return }
        hasMoved = true
        switch drag {
        case .span(let fromX, let fromY):
            region = Region(
                x: min(fromX, pointerX), y: min(fromY, pointerY), width: abs(pointerX - fromX) + 1,
                height: abs(pointerY - fromY) + 1)
        case .carry(let atX, let atY):
            region.map { shift(to: pointerX - atX, pointerY - atY, from: $0) }
        }
    }

    /// The button goes up; whether that was a click into what is chosen, which takes it.
    ///
    /// A click beside it chooses nothing.
    public mutating func release(x: Int, y: Int) -> Bool {
        move(x: x, y: y)
        defer { drag = nil }
        guard !hasMoved else { return false }
        switch drag {
        case .carry: return true
        case .span:
            region = nil
            return false
        case nil: return false
        }
    }

    // MARK: - Keys

    /// Moves what is chosen; chooses something first where nothing is.
    public mutating func nudge(byX x: Int, y: Int) {
        guard let region else { return begin() }
        shift(to: region.x + x, region.y + y, from: region)
    }

    /// Moves the lower right corner; chooses something first where nothing is.
    public mutating func stretch(byX x: Int, y: Int) {
        guard let region else { return begin() }
        self.region = Region(
            x: region.x, y: region.y,
            width: min(max(1, region.width + x), bounds.x + bounds.width - region.x),
            height: min(max(1, region.height + y), bounds.y + bounds.height - region.y))
    }

    private mutating func begin() {
        if let last {
            region = last
            return
        }
        let width = max(1, bounds.width / 4)
        let height = max(1, bounds.height / 4)
        shift(
            to: pointerX - width / 2, pointerY - height / 2, from: Region(x: 0, y: 0, width: width, height: height))
    }

    private mutating func shift(to x: Int, _ y: Int, from region: Region) {
        self.region = Region(
            x: min(max(bounds.x, x), bounds.x + bounds.width - region.width),
            y: min(max(bounds.y, y), bounds.y + bounds.height - region.height), width: region.width,
            height: region.height)
    }

    private mutating func place(_ x: Int, _ y: Int) {
        pointerX = min(max(bounds.x, x), bounds.x + bounds.width - 1)
        pointerY = min(max(bounds.y, y), bounds.y + bounds.height - 1)
    }
}

extension Region {
    /// Whether a pixel is inside.
    public func contains(x: Int, y: Int) -> Bool {
        x >= self.x && y >= self.y && x < self.x + width && y < self.y + height
    }
}
