import ArgumentParser
import Conversation

/// `scry models`: the models of all engines that answer, and what each can do.
struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "Lists the models of all engines that answer, and what each can do.")

    @Flag(help: "Print JSON.")
    var json = false

    private struct Record: Encodable {
        var id: String
        var engine: String
        var kind: String
        var url: String
        @OrNull var context: Int?
        @OrNull var vision: Bool?
        @OrNull var video: Bool?
        @OrNull var thinking: Bool?
        @OrNull var tools: Bool?
    }

    func run() async throws {
        try await running {
            let services = try Services(saves: false)
            services.printWarnings()
            let records = await EngineLink(services: services).survey().flatMap(Self.records)
            if json { return Standard.output(JSONText.line(records) + "\n") }
            guard !records.isEmpty else {
                Standard.output("No engine answers with a model. `scry` starts one of its own when it is needed.\n")
                return
            }
            let rows = records.map { [$0.id, $0.engine, Self.context($0.context), Self.abilities($0)] }
            for line in Self.columns(rows) { Standard.output(line + "\n") }
        }
    }

    private static func records(_ entry: EngineLink.Survey) -> [Record] {
        guard case .answers(let profile) = entry else { return [] }
        return profile.models.map {
            Record(
                id: $0.id, engine: profile.name, kind: profile.kind.rawValue, url: profile.url,
                context: $0.contextLength, vision: $0.vision, video: $0.video, thinking: $0.thinking, tools: $0.tools)
        }
    }

    private static func context(_ tokens: Int?) -> String { tokens.map { "\($0) tokens" } ?? "? tokens" }

    private static func abilities(_ model: Record) -> String {
        let abilities: [(Bool?, String, String)] = [
            (model.vision, "sees", "cannot see"), (model.video, "video", "no video"),
            (model.thinking, "thinking", "no thinking"), (model.tools, "tools", "no tools"),
        ]
        return abilities.map { can, yes, no in can.map { $0 ? yes : no } ?? yes + "?" }.joined(separator: ", ")
    }

    /// Rows as lines, every column but the last as wide as its widest cell.
    private static func columns(_ rows: [[String]]) -> [String] {
        let rows = rows.map { $0.map(SafeOutput.text) }
        var widths: [Int] = []
        for row in rows {
            for (index, cell) in row.dropLast().enumerated() {
                if index == widths.count { widths.append(0) }
                widths[index] = max(widths[index], cell.count)
            }
        }
        return rows.map { row in
            row.enumerated().map { index, cell in
                index < widths.count ? cell + String(repeating: " ", count: widths[index] - cell.count) : cell
            }.joined(separator: "  ")
        }
    }
}
