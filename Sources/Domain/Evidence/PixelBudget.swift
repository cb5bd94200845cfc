/// How a family of models turns pixels into tokens.
///
/// The vision tower resizes every picture to a grid of cells and spends one token a cell. Knowing the rule, a picture can
/// be made to fit before it is sent, and the tokens be told beforehand:
///
///     let budget = PixelBudget.forModel("glm-4.5v")
///     budget.tokens(width: 1920, height: 1080)                 // 2693
///     budget.fit(width: 1920, height: 1080, tokens: 1000)      // (1176, 644)
public struct PixelBudget: Sendable, Hashable {
    /// The side of a cell, in pixels.
    public let cell: Int
    /// How often the family counts a picture's pixels against its limits: 2 where a still is two frames of a video.
    public let copies: Int
    /// Pixels, copies counted, below which the model enlarges a picture.
    public let minimumPixels: Int
    /// Pixels, copies counted, above which the model shrinks a picture.
    public let maximumPixels: Int
    /// Tokens that mark where a picture begins and ends.
    public let markerTokens: Int

    /// GLM-4.1V, GLM-4.5V and their kin.
    public static let glm = PixelBudget(
        cell: 28, copies: 2, minimumPixels: 112 * 112, maximumPixels: 28 * 28 * 2 * 6144, markerTokens: 2)

    /// A family that is not known: cautious enough for most.
    public static let generic = PixelBudget(
        cell: 28, copies: 1, minimumPixels: 56 * 56, maximumPixels: 28 * 28 * 4096, markerTokens: 2)

    /// Makes a rule.
    public init(cell: Int, copies: Int, minimumPixels: Int, maximumPixels: Int, markerTokens: Int) {
        precondition(cell > 0 && copies > 0 && maximumPixels >= cell * cell * copies, "a cell fits into the limits")
        self.cell = cell
        self.copies = copies
        self.minimumPixels = minimumPixels
        self.maximumPixels = maximumPixels
        self.markerTokens = markerTokens
    }

    /// The rule for a model, by the name that its engine gives it, as "zai-org/GLM-4.5V" or "glm-4.1v-9b-thinking:q4".
    public static func forModel(_ id: String) -> PixelBudget {
        id.lowercased().contains("glm") ? .glm : .generic
    }

    /// The tokens that a picture of this size costs, after the model has resized it.
    public func tokens(width: Int, height: Int) -> Int {
        let resized = resized(width: width, height: height)
        return (resized.width / cell) * (resized.height / cell) + markerTokens
    }

    /// The size to which the model itself resizes a picture.
    ///
    /// A side shorter than a cell counts as one cell; engines refuse such a picture.
    public func resized(width: Int, height: Int) -> (width: Int, height: Int) {
        let width = max(cell, width)
        let height = max(cell, height)
        var columns = max(1, rounded(width))
        var rows = max(1, rounded(height))
        let gridPixels = copies * rows * columns * cell * cell
        let area = Double(copies) * Double(width) * Double(height)
        if gridPixels > maximumPixels {
            let shrink = (area / Double(maximumPixels)).squareRoot()
            columns = max(1, Int(Double(width) / shrink / Double(cell)))
            rows = max(1, Int(Double(height) / shrink / Double(cell)))
        } else if gridPixels < minimumPixels {
            let growth = (Double(minimumPixels) / area).squareRoot()
            columns = Int((Double(width) * growth / Double(cell)).rounded(.up))
            rows = Int((Double(height) * growth / Double(cell)).rounded(.up))
        }
        return (columns * cell, rows * cell)
    }

    /// The largest size for a picture that costs at most `tokens`: never enlarged, with its aspect kept.
    ///
    /// A picture that fits as it is stays as it is: scaling it by a few pixels would only blur its text. One that does not
    /// is brought onto the family's grid, so that the model does not resize it once more. A side shorter than a cell stays as it is; a budget below one cell gives one cell.
    public func fit(width: Int, height: Int, tokens: Int = .max) -> (width: Int, height: Int) {
        if copies * width * height <= maximumPixels, self.tokens(width: width, height: height) <= tokens {
            return (width, height)
        }
        let limit = max(1, min(tokens - min(tokens, markerTokens), maximumPixels / (copies * cell * cell)))
        let isWide = width >= height
        let long = max(1, isWide ? width : height)
        let short = max(1, isWide ? height : width)
        let longest = max(1, long / cell)
        let shortest = max(1, short / cell)
        // The product grows with `steps`, so the largest that fits is found by halving.
        func across(_ steps: Int) -> Int {
            min(shortest, max(1, Int((Double(steps) * Double(short) / Double(long)).rounded())))
        }
        var low = 1
        var high = min(longest, limit)
        while low < high {
            let middle = (low + high + 1) / 2
            if middle * across(middle) <= limit { low = middle } else { high = middle - 1 }
        }
        let fitLong = min(long, low * cell)
        let fitShort = min(short, across(low) * cell)
        return isWide ? (fitLong, fitShort) : (fitShort, fitLong)
    }

    /// Whole cells in a length, halves to the even number as the reference implementation rounds.
    private func rounded(_ length: Int) -> Int {
        Int((Double(length) / Double(cell)).rounded(.toNearestOrEven))
    }
}
