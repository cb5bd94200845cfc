public import Desktop

/// How a picture whose text would be lost is shown in parts beside an overview.
///
/// The parts cover all that is written on it and overlap by some lines of text, so that no line is cut in every part that
/// has it. What was measured to make text legible is tokens where text is, spent on pixels as they were taken: which filter
/// makes a picture smaller hardly matters, and sharpening or mixing colours in linear light does not help a reader.
///
///     DetailPlan(width: 3840, height: 2160, shownWidth: 2912, need: .reading, budget: .glm, tokens: 30_000)?.tiles
///     // two, each of half the screen with all of its pixels
public struct DetailPlan: Sendable, Equatable {
    /// The parts, in the picture's own pixels: from the left to the right, then down.
    public let tiles: [Region]
    /// The size in which each part is sent, in their order.
    public let sizes: [FrameSize]
    /// What all parts cost together.
    public let tokens: Int
    /// How much smaller than they are the parts are sent, 0…1.
    public let scale: Double

    /// A size in pixels.
    public struct FrameSize: Sendable, Equatable {
        /// Pixels across.
        public var width: Int
        /// Pixels down.
        public var height: Int
    }

    /// What an overview beside parts may cost: enough to see where things are.
    public static let overviewTokens = 1_600

    /// What the overview may cost of what there is for it and the parts together.
    public static func overviewTokens(of tokens: Int) -> Int { min(overviewTokens, max(64, tokens / 8)) }

    /// Below this scale small print may be lost.
    public static let legibleScale = 0.9
    /// Below this scale hardly any text is left, and parts go whatever is asked.
    public static let lostScale = 0.5
    /// The scale below which parts go for a question.
    public static func leastScale(for need: DetailNeed) -> Double { need == .overview ? lostScale : legibleScale }

    /// By how many pixels parts overlap at least.
    public static let overlap = 48
    /// Parts are no gain unless they show this much more.
    private static let gain = 1.15

    /// Plans the parts; nil where none are needed, or none that fit would show more than the picture itself.
    ///
    /// - Parameters:
    ///   - width: The width of the picture as it was taken.
    ///   - height: Its height.
    ///   - shownWidth: The width that it would be sent in, of whatever was shown before.
    ///   - need: What the question needs.
    ///   - budget: The model's rule.
    ///   - tokens: What the parts may cost together.
    ///   - maximumCount: How many pictures may go beside it.
    ///   - places: Where something is written, in the picture's own pixels; nil for all of it.
    public init?(
        width: Int, height: Int, shownWidth: Int, need: DetailNeed, budget: PixelBudget, tokens: Int,
        maximumCount: Int = .max, places: [Region]? = nil
    ) {
        guard width > 0, height > 0, maximumCount > 0 else { return nil }
        let whole = Region(x: 0, y: 0, width: width, height: height)
        let places = places?.map { $0.intersection(whole) }.filter { !$0.isEmpty } ?? [whole]
        guard !places.isEmpty else { return nil }
        let shown = budget.seenScale(width: width, height: height, sentWidth: shownWidth)
        guard shown < Self.leastScale(for: need) else { return nil }
        var scale = 1.0
        while scale >= shown * Self.gain {
            if let plan = Self.plan(places, of: whole, scale: scale, budget: budget),
                plan.tokens <= tokens, plan.tiles.count <= maximumCount
            {
                (tiles, sizes, self.tokens, self.scale) = (plan.tiles, plan.sizes, plan.tokens, scale)
                return
            }
            scale -= 0.05
        }
        return nil
    }

    private typealias Parts = (tiles: [Region], sizes: [FrameSize], tokens: Int)

    /// The fewest parts that keep a scale; nil where too many would be needed.
    private static func plan(_ places: [Region], of whole: Region, scale: Double, budget: PixelBudget) -> Parts? {
        var all: Parts = ([], [], 0)
        for place in places {
            guard let parts = parts(of: place, least: place == whole ? 2 : 1, scale: scale, budget: budget) else {
                return nil
            }
            all = (all.tiles + parts.tiles, all.sizes + parts.sizes, all.tokens + parts.tokens)
        }
        return all
    }

    private static func parts(of place: Region, least: Int, scale: Double, budget: PixelBudget) -> Parts? {
        var best: Parts?
        for rows in 1...8 {
            for columns in 1...8 where rows * columns >= least {
                if let best, rows * columns > best.tiles.count { break }
                guard let parts = grid(place, columns: columns, rows: rows, scale: scale, budget: budget),
                    best.map({ parts.tiles.count < $0.tiles.count || parts.tokens < $0.tokens }) ?? true
                else { continue }
                best = parts
            }
        }
        return best
    }

    /// A grid of parts; nil where the model would make one of them smaller.
    private static func grid(
        _ place: Region, columns: Int, rows: Int, scale: Double, budget: PixelBudget
    ) -> Parts? {
        let across = spans(place.width, count: columns)
        let down = spans(place.height, count: rows)
        var parts: Parts = ([], [], 0)
        for row in down {
            for column in across {
                let size = FrameSize(
                    width: max(1, Int(Double(column.length) * scale)), height: max(1, Int(Double(row.length) * scale)))
                guard budget.keeps(width: size.width, height: size.height),
                    max(size.width, size.height) < 200 * min(size.width, size.height)
                else { return nil }
                parts.tiles.append(
                    Region(x: place.x + column.start, y: place.y + row.start, width: column.length, height: row.length))
                parts.sizes.append(size)
                parts.tokens += budget.tokens(width: size.width, height: size.height)
            }
        }
        return parts
    }

    /// Overlapping pieces of a length, of nearly the same size.
    private static func spans(_ length: Int, count: Int) -> [(start: Int, length: Int)] {
        let overlap = count == 1 ? 0 : min(overlap, length / (2 * count))
        return (0..<count).map { index in
            let start = max(0, length * index / count - overlap / 2)
            let end = min(length, length * (index + 1) / count + (overlap + 1) / 2)
            return (start, max(1, end - start))
        }
    }
}
