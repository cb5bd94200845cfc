public import Desktop

/// How a picture whose text would be lost is shown in parts beside an overview.
///
/// The parts cover all of it and overlap by some lines of text, so that no line is cut in every part that has it:
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
    /// Below this scale small print may be lost.
    public static let legibleScale = 0.9
    /// Below this scale hardly any text is left, and parts go whatever is asked.
    public static let lostScale = 0.5
    /// By how many pixels parts overlap at least.
    public static let overlap = 48
    /// Parts are no gain unless they show this much more.
    private static let gain = 1.25

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
    public init?(
        width: Int, height: Int, shownWidth: Int, need: DetailNeed, budget: PixelBudget, tokens: Int,
        maximumCount: Int = .max
    ) {
        guard width > 0, height > 0, maximumCount > 1 else { return nil }
        let shown = Double(shownWidth) / Double(width)
        guard shown < (need == .overview ? Self.lostScale : Self.legibleScale) else { return nil }
        var scale = 1.0
        while scale >= shown * Self.gain {
            if let plan = Self.plan(width, height, scale: scale, budget: budget),
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
    private static func plan(_ width: Int, _ height: Int, scale: Double, budget: PixelBudget) -> Parts? {
        var best: Parts?
        for rows in 1...8 {
            for columns in 1...8 where rows * columns > 1 {
                if let best, rows * columns > best.tiles.count { break }
                guard let parts = parts(width, height, columns: columns, rows: rows, scale: scale, budget: budget),
                    best.map({ parts.tiles.count < $0.tiles.count || parts.tokens < $0.tokens }) ?? true
                else { continue }
                best = parts
            }
        }
        return best
    }

    /// A grid of parts; nil where the model would make one of them smaller.
    private static func parts(
        _ width: Int, _ height: Int, columns: Int, rows: Int, scale: Double, budget: PixelBudget
    ) -> Parts? {
        let across = spans(width, count: columns)
        let down = spans(height, count: rows)
        var parts: Parts = ([], [], 0)
        for row in down {
            for column in across {
                let size = FrameSize(
                    width: max(1, Int(Double(column.length) * scale)), height: max(1, Int(Double(row.length) * scale)))
                guard budget.fit(width: size.width, height: size.height) == (size.width, size.height),
                    max(size.width, size.height) < 200 * min(size.width, size.height)
                else { return nil }
                parts.tiles.append(
                    Region(x: column.start, y: row.start, width: column.length, height: row.length))
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
