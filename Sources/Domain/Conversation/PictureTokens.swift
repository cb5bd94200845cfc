/// What pictures and video cost, in tokens, by the rule of a model's family.
///
/// Every family resizes a picture to a grid and spends one token a cell; some always spend the same.
public struct PictureTokens: Sendable, Equatable {
    private enum Rule: Sendable, Equatable {
        /// One token a cell, between two limits of pixels; a still counts as so many frames against them.
        case grid(cell: Int, frames: Int, least: Int, most: Int)
        /// The same for every picture.
        case fixed(Int)
        /// So many tokens a tile of this side, with an overview when there is more than one, after the long side was made
        /// to fit.
        case tiles(side: Int, longest: Int, tokens: Int)
    }

    private let rule: Rule
    /// Tokens that say where a picture begins and ends.
    private let markers: Int

    /// Finds the rule for a model, by the name that its engine gives it; a cautious one for a model that is not known.
    public init(model id: String) {
        let id = id.lowercased()
        let isQwen = id.contains("qwen")
        switch true {
        case _ where id.contains("glm"):
            rule = .grid(cell: 28, frames: 2, least: 112 * 112, most: 28 * 28 * 2 * 6144)
            markers = 2
        case _ where isQwen && (id.contains("qwen3") || id.contains("qwen-3")):
            rule = .grid(cell: 32, frames: 1, least: 256 * 256, most: 4096 * 4096)
            markers = 2
        case _ where isQwen:
            rule = .grid(cell: 28, frames: 1, least: 56 * 56, most: 28 * 28 * 16384)
            markers = 2
        case _ where id.contains("gemma"):
            rule = .fixed(256)
            markers = 4
        case _ where id.contains("smolvlm"):
            rule = .tiles(side: 512, longest: 2048, tokens: 64)
            markers = 3
        case _ where id.contains("llava-1.5") || id.contains("llava-v1.5"):
            rule = .fixed(576)
            markers = 0
        default:
            rule = .grid(cell: 28, frames: 1, least: 56 * 56, most: 28 * 28 * 4096)
            markers = 2
        }
    }

    /// What a picture of this size costs.
    public func picture(width: Int, height: Int) -> Int {
        let width = min(max(1, width), 100_000)
        let height = min(max(1, height), 100_000)
        switch rule {
        case .grid(let cell, let frames, let least, let most):
            return cells(width, height, cell: cell, frames: frames, least: least, most: most) + markers
        case .fixed(let tokens):
            return tokens + markers
        case .tiles(let side, let longest, let tokens):
            // The long side is brought to a multiple of the tile, at most `longest`; the short one follows.
            let long = min((max(width, height) + side - 1) / side * side, longest)
            let short = max(1, min(width, height) * long / max(width, height))
            let count = (long / side) * ((short + side - 1) / side)
            return (count == 1 ? 1 : count + 1) * (tokens + markers)
        }
    }

    /// What a video costs: two frames a second up to five minutes, two frames a step, each step with its time.
    public func video(width: Int, height: Int, seconds: Double) -> Int {
        video(width: width, height: height, frames: framesSampled(seconds))
    }

    /// What a video of so many frames costs, all of which the model gets to see.
    public func video(width: Int, height: Int, frames: Int) -> Int {
        let count = max(2, min(frames, 100_000))
        let frames = count + count % 2
        guard case .grid(let cell, _, let least, _) = rule else {
            return frames * picture(width: width, height: height)
        }
        let grid = cells(
            min(max(1, width), 100_000), min(max(1, height), 100_000), cell: cell, frames: frames, least: least,
            most: 47_040_000)
        return frames / 2 * (grid + 3) + 2
    }

    private func framesSampled(_ seconds: Double) -> Int {
        let seconds = seconds.isFinite ? min(max(0, seconds), 300) : 300
        let frames = max(2, Int(seconds * 2))
        return frames + frames % 2
    }

    private func cells(_ width: Int, _ height: Int, cell: Int, frames: Int, least: Int, most: Int) -> Int {
        let width = max(width, cell)
        let height = max(height, cell)
        var columns = max(1, Int((Double(width) / Double(cell)).rounded(.toNearestOrEven)))
        var rows = max(1, Int((Double(height) / Double(cell)).rounded(.toNearestOrEven)))
        let pixels = frames * rows * columns * cell * cell
        let area = Double(frames) * Double(width) * Double(height)
        if pixels > most {
            let shrink = (area / Double(most)).squareRoot()
            columns = max(1, Int(Double(width) / shrink / Double(cell)))
            rows = max(1, Int(Double(height) / shrink / Double(cell)))
        } else if pixels < least {
            let growth = (Double(least) / area).squareRoot()
            columns = Int((Double(width) * growth / Double(cell)).rounded(.up))
            rows = Int((Double(height) * growth / Double(cell)).rounded(.up))
        }
        return columns * rows
    }
}
