import Testing

@testable import EngineHost

struct ClusterPlanTests {
    private func plan(_ name: String, _ count: Int, _ gigabytes: Int, context: Int? = nil, nodes: Int = 1) throws
        -> ClusterPlan
    {
        let (model, precision) = try #require(ClusterModel.named(name))
        return try ClusterPlan(
            model, precision: precision, context: context, on: GraphicsCards(count: count, memory: gigabytes << 30),
            nodes: nodes)
    }

    @Test(
        "names, repositories and precisions are understood",
        arguments: [
            ("glm-4.6v", "glm-4.6v", nil), ("GLM-4.6V-FP8", "glm-4.6v", .eightBits),
            ("glm-4.5v-bf16", "glm-4.5v", .full),
            ("zai-org/GLM-4.5V", "glm-4.5v", .full), ("zai-org/GLM-4.5V-FP8", "glm-4.5v", .eightBits),
            ("zai-org/GLM-4.1V-9B-Thinking", "glm-4.1v-9b", .full), ("glm-4.1v", "glm-4.1v-9b", nil),
            ("glm-4.6v-flash-fp8", "glm-4.6v-flash", .rounded),
        ] as [(String, String, ClusterModel.Precision?)])
    func names(wanted: String, name: String, precision: ClusterModel.Precision?) throws {
        let found = try #require(ClusterModel.named(wanted))
        #expect(found.model.name == name && found.precision == precision)
    }

    @Test(
        "what is none of them is not taken for one", arguments: ["", "glm", "qwen/GLM-4.6V", "/models/glm-4.6v", "./x"])
    func strangers(wanted: String) {
        #expect(ClusterModel.named(wanted) == nil)
    }

    @Test(
        "the large ones take all cards, with 8 bits a weight unless 16 are asked for",
        arguments: [
            ("glm-4.6v", 4, 80, ClusterModel.Precision.eightBits, 4, 131_072),
            ("glm-4.6v", 8, 80, .eightBits, 8, 131_072),
            ("glm-4.6v", 2, 80, .eightBits, 2, 131_072), ("glm-4.5v", 3, 80, .eightBits, 2, 65_536),
            ("glm-4.5v", 1, 141, .eightBits, 1, 65_536), ("glm-4.5v-bf16", 4, 80, .full, 4, 65_536),
        ])
    func large(
        name: String, count: Int, gigabytes: Int, precision: ClusterModel.Precision, cards: Int, context: Int
    ) throws {
        let plan = try self.plan(name, count, gigabytes)
        #expect(plan.precision == precision && plan.cards == cards && plan.context == context)
    }

    @Test(
        "the small ones take as few cards as will do, and fewer bits rather than another card's network",
        arguments: [
            ("glm-4.1v-9b", 8, 80, ClusterModel.Precision.full, 1), ("glm-4.6v-flash", 2, 24, .full, 2),
            ("glm-4.6v-flash", 1, 24, .rounded, 1), ("glm-4.6v-flash", 1, 80, .full, 1),
        ])
    func small(name: String, count: Int, gigabytes: Int, precision: ClusterModel.Precision, cards: Int) throws {
        let plan = try self.plan(name, count, gigabytes)
        #expect(plan.precision == precision && plan.cards == cards)
        #expect(plan.context % 4096 == 0 && plan.context >= ClusterPlan.leastContext)
    }

    @Test("two machines carry what one cannot")
    func nodes() throws {
        #expect(throws: EngineHostFailure.self) { try self.plan("glm-4.6v-bf16", 2, 80) }
        let plan = try self.plan("glm-4.6v-bf16", 2, 80, nodes: 2)
        #expect(plan.cards == 2 && plan.nodes == 2 && plan.context == 131_072)
    }

    @Test(
        "a machine that is too small is told how much would do, and what fits in its place",
        arguments: [
            ("glm-4.6v", 1, 24, "2 × 80 GB", "glm-4.6v-flash would fit here"),
            ("glm-4.6v-bf16", 4, 40, "4 × 80 GB", "glm-4.6v-fp8 would fit here"),
            ("glm-4.6v-flash", 1, 8, "1 × 24 GB", "scry engine start without --kind"),
        ])
    func tooSmall(name: String, count: Int, gigabytes: Int, enough: String, instead: String) {
        let failure = #expect(throws: EngineHostFailure.self) { try plan(name, count, gigabytes) }
        #expect(failure?.kind == .unsuitable)
        #expect(failure?.message.contains("there are \(count) × \(gigabytes) GB") == true, "\(failure?.message ?? "")")
        #expect(failure?.message.contains(enough) == true, "\(failure?.message ?? "")")
        #expect(failure?.message.contains(instead) == true, "\(failure?.message ?? "")")
    }

    @Test("a context that is asked for is kept or refused, never cut")
    func context() throws {
        #expect(try plan("glm-4.6v", 4, 80, context: 20_000).context == 20_000)
        #expect(throws: EngineHostFailure.self) { try plan("glm-4.5v", 4, 80, context: 100_000) }
        #expect(throws: EngineHostFailure.self) { try plan("glm-4.6v-flash", 1, 24, context: 131_072) }
    }

    @Test("whatever the cards, a plan fits them")
    func everyMachine() throws {
        for model in ClusterModel.all {
            for count in 1...16 {
                for gigabytes in [4, 8, 11, 16, 24, 40, 48, 80, 96, 141, 192] {
                    guard let plan = try? self.plan(model.name, count, gigabytes) else { continue }
                    #expect(plan.cards <= count && model.heads % plan.cards == 0)
                    let cache = plan.context * model.bytesPerToken
                    #expect(model.bytes(plan.precision) + cache < plan.cards * (gigabytes << 30))
                    #expect((1...model.context).contains(plan.context))
                }
            }
        }
    }

    @Test("nvidia-smi's lines are read, and its complaints are not taken for cards")
    func report() {
        let two = GraphicsCards(report: ["81559, NVIDIA H100 80GB HBM3", "24564, NVIDIA GeForce RTX 4090"])
        #expect(two == GraphicsCards(count: 2, memory: 24564 << 20, name: "NVIDIA GeForce RTX 4090"))
        #expect(two?.size == "24 GB")
        for odd in [[], [""], ["No devices were found"], ["[N/A], GPU"], ["-5, x"], ["99999999999999999999, x"]] {
            #expect(GraphicsCards(report: odd) == nil)
        }
    }
}
