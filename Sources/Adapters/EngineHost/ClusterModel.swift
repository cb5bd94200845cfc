/// A model of the GLM-V family as vLLM and SGLang serve it, and what it asks of the graphics cards.
///
/// The numbers are for deciding, not for accounting: weights as the model cards and the engines' recipes give them, rounded
/// up, and the cache for a token as its layers and heads make it, taken at the larger figure where sources differ.
struct ClusterModel: Sendable, Equatable {
    /// How the weights are stored.
    enum Precision: Sendable, Equatable {
        /// As trained: 16 bits a weight.
        case full
        /// 8 bits a weight, from a checkpoint that was made so.
        case eightBits
        /// 8 bits a weight, rounded by the engine while it loads the 16-bit checkpoint.
        case rounded
    }

    /// What requests call it.
    var name: String
    /// The repository of the 16-bit weights.
    var repository: String
    /// The repository of the 8-bit weights, where the makers publish one.
    var eightBitRepository: String?
    /// The size of the weights with 16 bits, and with 8.
    var fullBytes: Int
    var eightBitBytes: Int
    /// The longest context it was trained for, in tokens.
    var context: Int
    /// Memory for one token of context, on all cards together.
    var bytesPerToken: Int
    /// Attention heads: tensor parallelism has to divide them.
    var heads: Int
    /// Whether it is a mixture of experts.
    var isMixture: Bool
    /// Whether it calls tools.
    var callsTools: Bool

    static let all = [
        ClusterModel(
            name: "glm-4.6v", repository: "zai-org/GLM-4.6V", eightBitRepository: "zai-org/GLM-4.6V-FP8",
            fullBytes: 216_000_000_000, eightBitBytes: 112_000_000_000, context: 131_072, bytesPerToken: 188_416,
            heads: 96, isMixture: true, callsTools: true),
        ClusterModel(
            name: "glm-4.5v", repository: "zai-org/GLM-4.5V", eightBitRepository: "zai-org/GLM-4.5V-FP8",
            fullBytes: 216_000_000_000, eightBitBytes: 112_000_000_000, context: 65_536, bytesPerToken: 188_416,
            heads: 96, isMixture: true, callsTools: true),
        ClusterModel(
            name: "glm-4.6v-flash", repository: "zai-org/GLM-4.6V-Flash", eightBitRepository: nil,
            fullBytes: 20_600_000_000, eightBitBytes: 12_400_000_000, context: 131_072, bytesPerToken: 163_840,
            heads: 32, isMixture: false, callsTools: true),
        ClusterModel(
            name: "glm-4.1v-9b", repository: "zai-org/GLM-4.1V-9B-Thinking", eightBitRepository: nil,
            fullBytes: 20_600_000_000, eightBitBytes: 12_400_000_000, context: 65_536, bytesPerToken: 163_840,
            heads: 32, isMixture: false, callsTools: false),
    ]

    /// The repository to load for a precision.
    func repository(_ precision: Precision) -> String {
        precision == .eightBits ? eightBitRepository ?? repository : repository
    }

    /// The size of the weights in memory.
    func bytes(_ precision: Precision) -> Int { precision == .full ? fullBytes : eightBitBytes }

    /// Finds what a person names: "glm-4.6v", "GLM-4.6V-FP8", "glm-4.5v-bf16", "zai-org/GLM-4.1V-9B-Thinking".
    ///
    /// - Returns: The model, and the precision where the name says one; nil for a name of something else.
    static func named(_ wanted: String) -> (model: ClusterModel, precision: Precision?)? {
        if wanted.hasPrefix("/") || wanted.hasPrefix(".") { return nil }
        let isRepository = wanted.contains("/")
        var name = wanted.lowercased()
        if isRepository {
            guard name.hasPrefix("zai-org/") else { return nil }
            name.removeFirst(8)
        }
        var precision: Precision?
        if name.hasSuffix("-fp8") {
            precision = .eightBits
            name.removeLast(4)
        } else if name.hasSuffix("-bf16") {
            precision = .full
            name.removeLast(5)
        } else if isRepository {
            precision = .full
        }
        if name.hasSuffix("-thinking") { name.removeLast(9) }
        if name == "glm-4.1v" { name = "glm-4.1v-9b" }
        guard let model = all.first(where: { $0.name == name }) else { return nil }
        if precision == .eightBits, model.eightBitRepository == nil { precision = .rounded }
        return (model, precision)
    }
}
