import Conversation
import Testing

@Suite struct PictureTokensTests {
    /// Sizes, and what GLM's own preprocessing makes of them, without the two marks around a picture.
    static let table: [(width: Int, height: Int, tokens: Int)] = [
        (1920, 1080, 2691), (2560, 1440, 4641), (3840, 2160, 6032), (1280, 720, 1196), (640, 480, 391),
        (5120, 1440, 6027), (100, 100, 16),
    ]

    @Test("counts a picture as GLM does", arguments: table)
    func glm(width: Int, height: Int, tokens: Int) {
        for model in ["glm-4.5v", "GLM-4.1V-9B-Thinking", "tiny-glm41v"] {
            #expect(PictureTokens(model: model).picture(width: width, height: height) == tokens + 2)
        }
    }

    /// Seconds of 1280x720, and the tokens without marks and times.
    static let videos: [(seconds: Double, tokens: Int)] = [(10, 11_960), (30, 28_980), (60, 27_840), (300, 27_300)]

    @Test("counts a video as GLM does, its steps' marks and times beside it", arguments: videos)
    func video(seconds: Double, tokens: Int) {
        let steps = Int(seconds)
        let count = PictureTokens(model: "glm-4.5v").video(width: 1280, height: 720, seconds: seconds)
        #expect(count == tokens + 3 * steps + 2)
    }

    @Test("gives every model some count for every size, and never less for a larger picture of the same shape")
    func monotonous() {
        for model in ["glm-4.5v", "qwen2.5-vl-7b", "qwen3-vl-8b", "gemma-3-4b", "smolvlm", "llava-1.5", "unknown", ""] {
            let tokens = PictureTokens(model: model)
            var before = 0
            for scale in stride(from: 1, through: 64, by: 1) {
                let count = tokens.picture(width: 64 * scale, height: 48 * scale)
                // Rounding to whole cells at the limit of pixels takes away a row or a column.
                #expect(count > 0 && count >= before * 95 / 100, "\(model) at \(scale)")
                before = max(before, count)
            }
            for odd in [(0, 0), (-5, 7), (1, 100_000), (Int.max, Int.max)] {
                #expect(tokens.picture(width: odd.0, height: odd.1) > 0)
                #expect(tokens.video(width: odd.0, height: odd.1, seconds: .infinity) > 0)
            }
        }
    }
}
