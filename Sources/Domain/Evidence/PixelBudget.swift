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
    /// The side of the square that every picture is squeezed or stretched into, whatever its shape; nil for a grid as large
    /// as the picture.
    public let square: Int?

    /// GLM-4.1V, GLM-4.5V and their kin.
    public static let glm = PixelBudget(
        cell: 28, copies: 2, minimumPixels: 112 * 112, maximumPixels: 28 * 28 * 2 * 6144, markerTokens: 2)

    /// GLM with the limit of llama.cpp, which takes 4,096 tokens a picture of it.
    public static let glmInLlama = glm.limited(toTokens: 4_096)

    /// Qwen2-VL and Qwen2.5-VL, with the limit of llama.cpp, which no other engine goes below but Ollama.
    public static let qwen2 = PixelBudget(
        cell: 28, copies: 1, minimumPixels: 56 * 56, maximumPixels: 28 * 28 * 4096, markerTokens: 2)

    /// Qwen3-VL and what came after it, with the limit of llama.cpp.
    public static let qwen3 = PixelBudget(
        cell: 32, copies: 1, minimumPixels: 256 * 256, maximumPixels: 32 * 32 * 4096, markerTokens: 2)

    /// Gemma 3: 256 tokens for a square, whatever is sent.
    public static let gemma3 = PixelBudget(
        cell: 56, copies: 1, minimumPixels: 896 * 896, maximumPixels: 896 * 896, markerTokens: 4, square: 896)

    /// A family that is not known: cautious enough for most.
    public static let generic = PixelBudget(
        cell: 28, copies: 1, minimumPixels: 56 * 56, maximumPixels: 28 * 28 * 4096, markerTokens: 2)

    /// Makes a rule.
    public init(
        cell: Int, copies: Int, minimumPixels: Int, maximumPixels: Int, markerTokens: Int, square: Int? = nil
    ) {
        precondition(cell > 0 && copies > 0 && maximumPixels >= cell * cell * copies, "a cell fits into the limits")
        self.cell = cell
        self.copies = copies
        self.minimumPixels = minimumPixels
        self.maximumPixels = maximumPixels
        self.markerTokens = markerTokens
        self.square = square
    }

    /// The same rule for an engine that takes fewer tokens a picture.
    public func limited(toTokens tokens: Int) -> PixelBudget {
        PixelBudget(
            cell: cell, copies: copies, minimumPixels: min(minimumPixels, maximumPixels),
            maximumPixels: min(maximumPixels, copies * cell * cell * max(1, tokens)), markerTokens: markerTokens,
            square: square)
    }

    /// The rule for a model, by the name that its engine gives it, as "zai-org/GLM-4.5V", "qwen2.5vl:7b" or
    /// "gemma-3-4b-it-Q4_K_M.gguf".
    public static func forModel(_ id: String) -> PixelBudget {
        let id = id.lowercased()
        let letters = id.filter { $0.isLetter || $0.isNumber }
        if id.contains("glm") { return letters.hasSuffix("gguf") ? .glmInLlama : .glm }
        if letters.contains("qwen3") { return .qwen3 }
        // As Ollama names it, whose own limit is that of the model's first examples.
        if id.contains("qwen2.5vl") { return qwen2.limited(toTokens: 1_280) }
        if letters.contains("qwen") { return .qwen2 }
        // Those of 270 million and of 1 billion see nothing, and those of the third with an "n" have other rules.
        if letters.contains("gemma3"), !letters.contains("gemma3n") { return .gemma3 }
        return .generic
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
        if let square { return (square, square) }
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
        if let square {
            // The square has use for so much; the model squeezes the longer side itself.
            let scale = min(1, Double(square) / Double(max(1, min(width, height))))
            return (max(1, Int(Double(width) * scale)), max(1, Int(Double(height) * scale)))
        }
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

    /// Whether a picture of this size reaches the model with all of its pixels.
    public func keeps(width: Int, height: Int) -> Bool {
        if let square { return max(width, height) <= square }
        return fit(width: width, height: height) == (width, height)
    }

    /// How much smaller than it was taken the model sees a picture that is sent in a width, along the side that loses most.
    public func seenScale(width: Int, height: Int, sentWidth: Int) -> Double {
        let sent = Double(sentWidth) / Double(max(1, width))
        guard let square else { return sent }
        return min(sent, Double(square) / Double(max(1, width, height)))
    }

    /// Whole cells in a length, halves to the even number as the reference implementation rounds.
    private func rounded(_ length: Int) -> Int {
        Int((Double(length) / Double(cell)).rounded(.toNearestOrEven))
    }
}
