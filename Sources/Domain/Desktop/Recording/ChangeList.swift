/// The parts of a picture that changed: a few boxes that may cover more than what did, never less.
public struct ChangeList: Sendable, Equatable {
    /// More boxes than this cost more in requests than they save in pixels.
    public static let limit = 16

    /// The boxes; they may touch or overlap a little.
    public private(set) var boxes: [Region] = []

    /// Makes a list of nothing.
    public init() {}

    /// Makes a list of what the boxes cover.
    public init(_ boxes: some Sequence<Region>) {
        for box in boxes { insert(box) }
    }

    /// Whether nothing changed.
    public var isEmpty: Bool { boxes.isEmpty }

    /// The pixels to read for all boxes.
    public var area: Int { boxes.reduce(0) { $0 + $1.area } }

    /// Adds a box, and joins boxes where that costs little.
    public mutating func insert(_ box: Region) {
        guard !box.isEmpty else { return }
        var box = box
        // A joined box can reach others that it did not touch before.
        while let index = boxes.firstIndex(where: { Self.isWorthJoining($0, box) }) {
            box = Self.union(boxes.remove(at: index), box)
        }
        boxes.append(box)
        if boxes.count > Self.limit { joinCheapestPair() }
    }

    /// Adds all boxes of another list.
    public mutating func formUnion(_ other: ChangeList) {
        for box in other.boxes { insert(box) }
    }

    /// The boxes cut to an area, and moved so that its corner becomes the origin.
    public func clipped(to area: Region) -> ChangeList {
        ChangeList(
            boxes.lazy.map { $0.intersection(area) }.filter { !$0.isEmpty }.map {
                Region(x: $0.x - area.x, y: $0.y - area.y, width: $0.width, height: $0.height)
            })
    }

    // MARK: - Joining

    private mutating func joinCheapestPair() {
        var best = (first: 0, second: 1, waste: Int.max)
        for first in boxes.indices {
            for second in boxes.indices where second > first {
                let waste = Self.waste(boxes[first], boxes[second])
                if waste < best.waste { best = (first, second, waste) }
            }
        }
        let second = boxes.remove(at: best.second)
        let first = boxes.remove(at: best.first)
        insert(Self.union(first, second))
    }

    /// A request costs about as much as reading some ten thousand pixels.
    private static func isWorthJoining(_ one: Region, _ other: Region) -> Bool { waste(one, other) <= 16_384 }

    private static func waste(_ one: Region, _ other: Region) -> Int {
        union(one, other).area - one.area - other.area
    }

    private static func union(_ one: Region, _ other: Region) -> Region {
        let x = min(one.x, other.x)
        let y = min(one.y, other.y)
        return Region(
            x: x, y: y, width: max(one.x + one.width, other.x + other.width) - x,
            height: max(one.y + one.height, other.y + other.height) - y)
    }
}
