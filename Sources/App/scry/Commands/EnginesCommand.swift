import ArgumentParser
import Conversation
import EngineClient

/// `scry engines`: what answers on this machine, and what it can do.
struct EnginesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engines", abstract: "Lists the engines that answer, and what they can do.")

    @Flag(help: "Print JSON.")
    var json = false

    private struct Record: Encodable {
        struct Model: Encodable {
            var id: String
            @OrNull var context: Int?
            @OrNull var vision: Bool?
            @OrNull var video: Bool?
            @OrNull var thinking: Bool?
        }
        var name: String
        var kind: String
        var url: String
        @OrNull var version: String?
        var status: String
        var models: [Model]
    }

    func run() async throws {
        try await running {
            let services = try Services(saves: false)
            services.printWarnings()
            let records = await EngineLink(services: services).survey().map(Self.record)
            if json { return Standard.output(JSONText.line(records) + "\n") }
            if records.isEmpty {
                Standard.output("No engine answers. `scry` starts one of its own when it is needed.\n")
            }
            for record in records {
                let version = record.version.map { " \($0)" } ?? ""
                let line = "\(record.name)  \(record.kind)\(version)  \(record.url)  \(record.status)"
                Standard.output(SafeOutput.text(line) + "\n")
                for model in record.models { Standard.output("    \(Self.line(model))\n") }
            }
        }
    }

    private static func record(_ entry: EngineLink.Survey) -> Record {
        switch entry {
        case .answers(let profile):
            Record(
                name: profile.name, kind: profile.kind.rawValue, url: profile.url, version: profile.version,
                status: "ready",
                models: profile.models.map {
                    Record.Model(
                        id: $0.id, context: $0.contextLength, vision: $0.vision, video: $0.video, thinking: $0.thinking)
                })
        case .silent(let engine, let sentence):
            Record(
                name: engine.name, kind: (engine.kind ?? .openai).rawValue, url: engine.url, version: nil,
                status: sentence, models: [])
        }
    }

    private static func line(_ model: Record.Model) -> String {
        func word(_ ability: Bool?, _ name: String) -> String {
            switch ability {
            case true?: name
            case false?: "no \(name)"
            case nil: "\(name)?"
            }
        }
        let context = model.context.map { "\($0) tokens, " } ?? ""
        return "\(SafeOutput.text(model.id)): \(context)\(word(model.vision, "sees")), "
            + "\(word(model.video, "video")), \(word(model.thinking, "thinking"))"
    }
}
