import Foundation

/// The graphics cards of a machine, as far as an engine's command line depends on them.
public struct GraphicsCards: Sendable, Equatable {
    /// How many there are.
    public var count: Int
    /// The memory of the smallest, in bytes.
    public var memory: Int
    /// What they are called; nil where only numbers were given.
    public var name: String?

    /// The memory of one as it is sold: "80 GB".
    var size: String { "\((memory + (1 << 29)) >> 30) GB" }

    /// Describes cards that are all alike.
    public init(count: Int, memory: Int, name: String? = nil) {
        self.count = count
        self.memory = memory
        self.name = name
    }

    /// Asks `nvidia-smi`; nil where there is none, or where it finds no card.
    public static func measured(searchPath: String) async -> GraphicsCards? {
        guard let path = EngineProgram.find("nvidia-smi", in: searchPath) else { return nil }
        let said = LineCollector()
        let status = try? await GuardedChild.run(
            [path, "--query-gpu=memory.total,name", "--format=csv,noheader,nounits"], output: .lines { said.add($0) })
        return status == 0 ? GraphicsCards(report: said.lines) : nil
    }

    /// Reads lines such as "81559, NVIDIA H100 80GB HBM3": mebibytes and a name.
    init?(report: [String]) {
        let cards = report.compactMap { line -> (Int, String)? in
            let fields = line.split(separator: ",", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard let first = fields.first, let mebibytes = Int(first), (1...(1 << 30)).contains(mebibytes) else {
                return nil
            }
            return (mebibytes << 20, fields.count > 1 ? fields[1] : "")
        }
        guard let smallest = cards.min(by: { $0.0 < $1.0 }) else { return nil }
        self.init(count: cards.count, memory: smallest.0, name: smallest.1.isEmpty ? nil : smallest.1)
    }
}
