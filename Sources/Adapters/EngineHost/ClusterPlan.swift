/// How a model is laid over graphics cards: with which precision, on how many of them, and with how much context.
struct ClusterPlan: Sendable, Equatable {
    var model: ClusterModel
    var precision: ClusterModel.Precision
    /// Cards of one machine that work on each token together.
    var cards: Int
    /// Machines.
    var nodes: Int
    /// The context, in tokens.
    var context: Int
    /// The cards that there are on each machine.
    var available: GraphicsCards

    /// The least context that is worth running a model that looks at screens with.
    static let leastContext = 16_384
    /// The share of a card's memory that the engine may take.
    static let share = 0.92
    /// What a card needs besides weights and context: the picture encoder's work, CUDA graphs, the network's buffers.
    static let overhead = 3_000_000_000

    /// Plans a model for machines that are all alike.
    ///
    /// - Parameters:
    ///   - precision: What the person's name for the model says; nil chooses.
    ///   - context: The context that is wanted; nil takes as much as fits.
    /// - Throws: A sentence that says how much would be enough, where the machine is too small.
    init(
        _ model: ClusterModel, precision: ClusterModel.Precision?, context: Int?, on available: GraphicsCards,
        nodes: Int
    ) throws(EngineHostFailure) {
        self.model = model
        self.nodes = nodes
        self.available = available
        let wanted = context ?? model.context
        guard wanted <= model.context else {
            throw EngineHostFailure(
                .unsuitable,
                "\(model.name) was trained for \(model.context) tokens; a context of \(wanted) is too long.")
        }
        let least = context ?? Self.leastContext
        let precisions: [ClusterModel.Precision] =
            if let precision { [precision] } else if model.isMixture { [.eightBits] } else { [.full, .rounded] }
        // All cards for a model that needs several anyway, as few as will do for one that does not.
        let counts = Self.counts(upTo: available.count, dividing: model.heads)
        let order = model.isMixture ? counts.reversed() : counts
        for precision in precisions {
            for (enough, counts) in [(wanted, order), (least, counts.reversed())] {
                for cards in counts {
                    let room = Self.room(for: model, precision, cards: cards * nodes, of: available.memory)
                    guard room >= enough else { continue }
                    self.precision = precision
                    self.cards = cards
                    self.context = min(wanted, Self.rounded(room))
                    return
                }
            }
        }
        throw Self.tooSmall(model, precisions[precisions.count - 1], least, available, nodes)
    }

    /// The tokens that have room beside the weights; negative where not even these do.
    static func room(
        for model: ClusterModel, _ precision: ClusterModel.Precision, cards: Int, of memory: Int
    ) -> Int {
        let usable = (Int(Double(memory) * share) - overhead) * cards
        return (usable - model.bytes(precision)) / model.bytesPerToken
    }

    /// Numbers of cards that can share the heads, the fewest first.
    private static func counts(upTo count: Int, dividing heads: Int) -> [Int] {
        [1, 2, 4, 8, 16].filter { $0 <= count && heads % $0 == 0 }
    }

    /// Down to a whole multiple of 4,096: an exact number would claim more than is known.
    private static func rounded(_ tokens: Int) -> Int { tokens / 4096 * 4096 }

    private static func tooSmall(
        _ model: ClusterModel, _ precision: ClusterModel.Precision, _ context: Int, _ available: GraphicsCards,
        _ nodes: Int
    ) -> EngineHostFailure {
        var enough = ["24", "32", "40", "48", "80", "141", "192"].compactMap { size -> String? in
            let memory = (Int(size) ?? 0) << 30
            let count = [1, 2, 4, 8].first { room(for: model, precision, cards: $0, of: memory) >= context }
            return count.map { "\($0) × \(size) GB" }
        }
        // Sizes at which fewer cards do not get fewer say nothing new.
        var seen: Set<Substring> = []
        enough = enough.filter { seen.insert($0.prefix { $0 != " " }).inserted }
        let here = "\(available.count * nodes) × \(available.size)"
        let smaller = alternative(to: model, precision, context, available, nodes)
        return EngineHostFailure(
            .unsuitable,
            "\(model.name) does not fit: its weights are \(ByteCount.text(model.bytes(precision))) and there are \(here) of "
                + "graphics memory. Enough would be \(enough.joined(separator: " or "))"
                + (smaller.map { "; \($0) would fit here." } ?? "; scry engine start without --kind runs a small one."))
    }

    /// What would fit in place of it: the same with fewer bits, else a smaller one.
    private static func alternative(
        to model: ClusterModel, _ precision: ClusterModel.Precision, _ context: Int, _ available: GraphicsCards,
        _ nodes: Int
    ) -> String? {
        func fits(_ other: ClusterModel, _ precision: ClusterModel.Precision, _ context: Int) -> Bool {
            counts(upTo: available.count, dividing: other.heads).contains {
                room(for: other, precision, cards: $0 * nodes, of: available.memory) >= context
            }
        }
        if precision == .full, fits(model, .eightBits, context) { return model.name + "-fp8" }
        return ClusterModel.all.first { $0.fullBytes < model.fullBytes && fits($0, .rounded, leastContext) }?.name
    }
}
