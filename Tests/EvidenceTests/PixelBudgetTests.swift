import Evidence
import Testing

@Suite struct PixelBudgetTests {
    @Test(
        "counts GLM's tokens as its processor does",
        arguments: [
            (1920, 1080, 2691), (2560, 1440, 4641), (3840, 2160, 6032), (1280, 720, 1196), (640, 480, 391),
            (5120, 1440, 6027), (100, 100, 16),
        ])
    func countsTokens(width: Int, height: Int, cells: Int) {
        #expect(PixelBudget.glm.tokens(width: width, height: height) == cells + 2)
    }

    @Test(
        "knows families by the names that engines give them",
        arguments: [
            ("zai-org/GLM-4.5V", PixelBudget.glm), ("glm-4.1v-9b-thinking:q4", .glm),
            ("/models/GLM-4.6V-Flash-Q4_K_M.gguf", .glmInLlama), ("Qwen/Qwen2.5-VL-7B-Instruct", .qwen2),
            ("Qwen2-VL-2B-Instruct-Q4_K_M.gguf", .qwen2), ("qwen2.5vl:7b", PixelBudget.qwen2.limited(toTokens: 1_280)),
            ("qwen3-vl:8b", .qwen3), ("Qwen/Qwen3-VL-30B-A3B-Instruct", .qwen3), ("qwen3.5:9b", .qwen3),
            ("gemma3:4b", .gemma3), ("google/gemma-3-12b-it", .gemma3), ("gemma3n:e4b", .generic),
            ("llava:7b", .generic), ("", .generic),
        ])
    func knows(model: String, budget: PixelBudget) {
        #expect(PixelBudget.forModel(model) == budget)
    }

    @Test("keeps to the limits of other families")
    func others() {
        #expect(PixelBudget.qwen2.tokens(width: 1920, height: 1080) == 2693)
        #expect(PixelBudget.qwen3.tokens(width: 1920, height: 1080) == 60 * 34 + 2)
        #expect(PixelBudget.qwen3.resized(width: 3840, height: 2160) == (2720, 1536))
        #expect(PixelBudget.glmInLlama.tokens(width: 3840, height: 2160) <= 4_098)
        #expect(PixelBudget.gemma3.tokens(width: 3840, height: 2160) == 260)
        #expect(PixelBudget.gemma3.resized(width: 100, height: 3_000) == (896, 896))
        #expect(PixelBudget.gemma3.fit(width: 640, height: 2_000) == (640, 2_000))
        let ollama = PixelBudget.forModel("qwen2.5vl:7b").fit(width: 1920, height: 1080)
        #expect(ollama.width * ollama.height <= 1_280 * 784 && ollama.width * ollama.height > 1_200 * 784)
    }

    @Test("says how much of a picture a model sees")
    func seen() {
        #expect(PixelBudget.glm.seenScale(width: 3840, height: 2160, sentWidth: 1920) == 0.5)
        #expect(PixelBudget.gemma3.seenScale(width: 1792, height: 896, sentWidth: 1792) == 0.5)
        #expect(PixelBudget.gemma3.keeps(width: 896, height: 896) && !PixelBudget.gemma3.keeps(width: 897, height: 10))
        #expect(PixelBudget.glm.keeps(width: 1920, height: 1080) && !PixelBudget.glm.keeps(width: 3840, height: 2160))
    }

    @Test("resizes as GLM's processor does")
    func resizes() {
        #expect(PixelBudget.glm.resized(width: 1920, height: 1080) == (1932, 1092))
        #expect(PixelBudget.glm.resized(width: 3840, height: 2160) == (2912, 1624))
        // 994 / 28 is 35.5, 714 / 28 is 25.5, 1022 / 28 is 36.5: halves go to the even number.
        #expect(PixelBudget.glm.resized(width: 980 + 14, height: 700 + 14) == (1008, 728))
        #expect(PixelBudget.glm.resized(width: 1008 + 14, height: 728 - 14) == (1008, 728))
    }

    @Test("fits pictures of every shape under every cap, on the grid and never enlarged")
    func fits() {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<4000 {
            let width = Int.random(in: 28...8000, using: &random)
            let height = Int.random(in: max(28, width / 150)...min(8000, width * 150), using: &random)
            let cap = Int.random(in: 20...9000, using: &random)

            let fit = PixelBudget.glm.fit(width: width, height: height, tokens: cap)

            #expect(fit.width <= width && fit.height <= height)
            #expect(PixelBudget.glm.tokens(width: fit.width, height: fit.height) <= max(cap, 18))
            if fit == (width, height) { continue }
            #expect(fit.width % 28 == 0 && fit.height % 28 == 0 && fit.width > 0 && fit.height > 0)
            let cells = fit.width / 28 * (fit.height / 28)
            #expect(cells + 2 <= cap && cells <= 6144, "\(width)x\(height) in \(cap)")
            if cells * 784 * 2 >= 12544 {
                #expect(PixelBudget.glm.resized(width: fit.width, height: fit.height) == fit)
                #expect(PixelBudget.glm.tokens(width: fit.width, height: fit.height) == cells + 2)
            }
        }
    }

    @Test("uses most of the cap and keeps the aspect")
    func usesTheCap() {
        for cap in stride(from: 300, through: 6000, by: 100) {
            let fit = PixelBudget.glm.fit(width: 3840, height: 2160, tokens: cap)
            let used = PixelBudget.glm.tokens(width: fit.width, height: fit.height)
            #expect(Double(used) > 0.85 * Double(cap))
            let stretch = Double(fit.width) / Double(fit.height) / (3840.0 / 2160.0)
            #expect(abs(stretch - 1) < 0.06)
        }
    }

    @Test("leaves a picture that fits as it is, for scaling by a few pixels blurs text")
    func leavesAlone() {
        #expect(PixelBudget.glm.fit(width: 1920, height: 1080) == (1920, 1080))
        #expect(PixelBudget.glm.fit(width: 1920, height: 1080, tokens: 2691 + 2) == (1920, 1080))
        #expect(PixelBudget.glm.fit(width: 1920, height: 1080, tokens: 2691) != (1920, 1080))
    }

    @Test("bears sizes and caps that make no sense")
    func bearsNonsense() {
        #expect(PixelBudget.glm.fit(width: 20, height: 500, tokens: 1000) == (20, 500))
        #expect(PixelBudget.glm.fit(width: 100, height: 100, tokens: 0) == (28, 28))
        #expect(PixelBudget.glm.fit(width: 100, height: 100, tokens: -5) == (28, 28))
        #expect(PixelBudget.glm.fit(width: 1, height: 1) == (1, 1))
        #expect(PixelBudget.glm.tokens(width: 0, height: 0) > 2)
        #expect(PixelBudget.generic.tokens(width: 100_000, height: 100) <= 4098)
    }

    @Test("knows the families by the models' names")
    func knowsFamilies() {
        #expect(PixelBudget.forModel("zai-org/GLM-4.5V") == .glm)
        #expect(PixelBudget.forModel("glm-4.1v-9b-thinking:q4_k_m") == .glm)
        #expect(PixelBudget.forModel("llava") == .generic)
        #expect(PixelBudget.forModel("") == .generic)
    }
}

/// Random numbers that are the same in every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state &* 0x2545_f491_4f6c_dd1d
    }
}
