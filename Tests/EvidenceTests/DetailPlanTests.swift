import Desktop
import Evidence
import TestSupport
import Testing

@Suite("What of a picture goes beside it")
struct DetailPlanTests {
    private func plan(
        _ width: Int, _ height: Int, shown: Int, _ need: DetailNeed = .reading, budget: PixelBudget = .glm,
        tokens: Int = 30_000, most: Int = .max
    ) -> DetailPlan? {
        DetailPlan(
            width: width, height: height, shownWidth: shown, need: need, budget: budget, tokens: tokens,
            maximumCount: most)
    }

    @Test("a 4K screen that is to be read goes as two halves with all of its pixels")
    func halves() throws {
        let plan = try #require(self.plan(3840, 2160, shown: 2912))
        #expect(plan.tiles.count == 2 && plan.scale == 1)
        #expect(plan.tiles.allSatisfy { $0.height == 2160 } && plan.tiles[0].x == 0)
        #expect(plan.tiles[1].x + plan.tiles[1].width == 3840)
        #expect(plan.tiles[0].width + plan.tiles[1].width == 3840 + DetailPlan.overlap)
    }

    @Test("what is legible already, and what nobody wants to read, has no parts")
    func none() {
        #expect(plan(1920, 1080, shown: 1920) == nil)
        #expect(plan(3840, 2160, shown: 3700) == nil)
        #expect(plan(3840, 2160, shown: 2912, .overview) == nil)
        #expect(plan(3840, 2160, shown: 2912, tokens: 3_000) == nil)
        #expect(plan(3840, 2160, shown: 2912, most: 1) == nil)
        // A page of a mile: nothing is left of its text without parts.
        #expect(plan(1200, 20_000, shown: 500, .overview) != nil)
    }

    @Test("parts cover every pixel, overlap, fit into the budget, and show more than the picture itself")
    func holds() {
        var random = SeededRandom(seed: 77)
        var plans = 0
        for _ in 0..<3_000 {
            let width = Int.random(in: 1...9_000, using: &random)
            let height = Int.random(in: 1...9_000, using: &random)
            let budget: PixelBudget = Bool.random(using: &random) ? .glm : .generic
            let tokens = Int.random(in: 0...40_000, using: &random)
            let most = Int.random(in: 0...12, using: &random)
            let shown = budget.fit(width: width, height: height, tokens: Int.random(in: 50...6_000, using: &random))
            guard let plan = self.plan(width, height, shown: shown.width, budget: budget, tokens: tokens, most: most)
            else {
                continue
            }
            plans += 1
            #expect(plan.tokens <= tokens && plan.tiles.count <= most && plan.tiles.count == plan.sizes.count)
            #expect(plan.scale >= 1.14 * Double(shown.width) / Double(width))
            var cost = 0
            for (tile, size) in zip(plan.tiles, plan.sizes) {
                cost += budget.tokens(width: size.width, height: size.height)
                // Neither we nor the model make it any smaller.
                #expect(budget.fit(width: size.width, height: size.height) == (size.width, size.height))
                #expect(size.width <= tile.width && size.height <= tile.height)
                let inside = tile.intersection(Region(x: 0, y: 0, width: width, height: height))
                #expect(inside == tile && !tile.isEmpty)
            }
            #expect(cost == plan.tokens)
            let columns = Set(plan.tiles.map(\.x)).sorted()
            let rows = Set(plan.tiles.map(\.y)).sorted()
            #expect(columns.count * rows.count == plan.tiles.count)
            for (axis, starts, length) in [("x", columns, width), ("y", rows, height)] {
                var end = 0
                for start in starts {
                    #expect(start <= end, "a gap along \(axis)")
                    let tile = plan.tiles.first { axis == "x" ? $0.x == start : $0.y == start }
                    end = start + (axis == "x" ? tile?.width ?? 0 : tile?.height ?? 0)
                }
                #expect(end == length)
            }
        }
        #expect(plans > 200)
    }

    @Test("tokens go where something is written, and more of its pixels with them")
    func places() throws {
        let text = Region(x: 32, y: 32, width: 1_000, height: 1_000)
        let plan = try #require(
            DetailPlan(
                width: 1920, height: 1080, shownWidth: 1_344, need: .reading, budget: .generic, tokens: 1_280,
                places: [text]))
        #expect(plan.tiles == [text] && plan.tokens <= 1_280 && plan.scale > 0.9)
        // The same tokens for all of it show less than the picture itself does.
        #expect(
            DetailPlan(
                width: 1920, height: 1080, shownWidth: 1_344, need: .reading, budget: .generic, tokens: 1_280) == nil)
    }

    @Test("a model that squeezes every picture into a square gets parts that are no larger than it")
    func squares() throws {
        let shown = PixelBudget.gemma3.fit(width: 1920, height: 1080)
        #expect(shown == (1592, 896))
        let plan = try #require(self.plan(1920, 1080, shown: shown.width, budget: .gemma3, tokens: 4_000))
        #expect(plan.tiles.count == 6 && plan.scale == 1 && plan.tokens == 6 * 260)
        #expect(plan.sizes.allSatisfy { $0.width <= 896 && $0.height <= 896 })
    }

    @Test("an overview costs an eighth where there is little room")
    func overviews() {
        #expect(DetailPlan.overviewTokens(of: 39_000) == 1_600)
        #expect(DetailPlan.overviewTokens(of: 1_280) == 160)
        #expect(DetailPlan.overviewTokens(of: 0) == 64)
    }

    @Test(
        "words of a question tell what it needs",
        arguments: [
            ("What is this?", DetailNeed.overview), ("", .overview), ("Describe the picture", .overview),
            ("Read the text", .reading), ("what does the error say?", .reading),
            ("Where is the save button?", .reading),
            ("请把文字读出来", .reading), ("这个报错是什么意思", .reading),
            ("What changed?", .comparing), ("what changed since the last picture?", .comparing),
            ("Compare these two", .comparing), ("Is there a difference between them?", .comparing),
            ("有什么变化？", .comparing), ("Was hat sich zwischen den beiden geändert?", .comparing),
            (
                "The first picture was taken before the second one. Say what changed between them that matters.",
                .comparing
            ),
        ])
    func understands(question: String, need: DetailNeed) {
        #expect(DetailNeed(question: question) == need)
    }
}
