import ArgumentParser
import Conversation
import EngineHost
import Foundation

/// `scry engine status`: whether the engine runs, and what is on the disk for it.
struct EngineStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Says whether the engine that Scry runs itself runs, and which models are here.")

    @Flag(help: "Print one JSON object.")
    var json = false

    private struct Record: Encodable {
        struct Model: Encodable {
            var name: String
            var path: String
            var bytes: Int
            var total_bytes: Int
            var complete: Bool
            var vision: Bool
        }
        var running: Bool
        var ready: Bool
        var kept: Bool
        @OrNull var pid: Int32?
        @OrNull var owner: Int32?
        @OrNull var model: String?
        @OrNull var context: Int?
        @OrNull var url: String?
        @OrNull var socket: String?
        @OrNull var since: Date?
        @OrNull var memory_bytes: Int?
        var log: String
        var models: [Model]
    }

    func run() async throws {
        try await running {
            let services = try Services(saves: false)
            services.printWarnings()
            let directories = services.engineDirectories
            let status = await EngineHost.status(in: directories)
            let models = ModelStore(directories).entries.filter { $0.bytesHere > 0 }
            if json {
                Standard.output(JSONText.line(Self.record(status, models, log: directories.log)) + "\n")
            } else {
                Standard.output(Self.text(status, keyFile: directories.keyFile) + Self.text(models))
            }
        }
    }

    private static func record(_ status: EngineStatus?, _ models: [ModelStore.Entry], log: String) -> Record {
        let profile = status?.engine?.profile
        return Record(
            running: status != nil, ready: profile != nil, kept: status?.isKept ?? false, pid: status?.processID,
            owner: status?.owner, model: profile?.models.first?.id, context: profile?.models.first?.contextLength,
            url: profile?.url, socket: profile?.socket,
            since: status?.since.map(Date.init(timeIntervalSince1970:)), memory_bytes: status?.residentBytes, log: log,
            models: models.map {
                Record.Model(
                    name: $0.name, path: $0.path, bytes: $0.bytesHere, total_bytes: $0.bytes, complete: $0.isWhole,
                    vision: $0.sees)
            })
    }

    /// What people read about a running engine; `start` prints it, too.
    static func text(_ status: EngineStatus?, keyFile: String) -> String {
        guard let status else { return "Scry's own engine does not run.\n" }
        guard let profile = status.engine?.profile else {
            return "Scry's own engine is being started by process \(status.owner); its log is \(status.log).\n"
        }
        var lines = ["Scry's own engine runs" + (status.isKept ? "." : ", as long as process \(status.owner) does.")]
        if let model = profile.models.first {
            let context = model.contextLength.map { ", \($0) tokens" } ?? ""
            lines.append("  model    \(model.id)\(context), \(model.vision == true ? "sees" : "cannot see")")
        }
        if let socket = profile.socket {
            lines.append("  address  \(socket) (a unix socket)")
        } else {
            lines.append("  address  \(profile.url) (the key that it asks for is in \(keyFile))")
        }
        lines.append(
            "  process  \(status.processID ?? 0)" + (status.residentBytes.map { ", \(ByteCount.text($0))" } ?? ""))
        if let since = status.since.map(Date.init(timeIntervalSince1970:)) {
            let format = Date.ISO8601FormatStyle(timeZone: .current).dateSeparator(.dash).year().month().day()
                .dateTimeSeparator(.space).time(includingFractionalSeconds: false)
            lines.append("  since    \(since.formatted(format))")
        }
        lines.append("  log      \(status.log)")
        return SafeOutput.text(lines.joined(separator: "\n")) + "\n"
    }

    private static func text(_ models: [ModelStore.Entry]) -> String {
        guard !models.isEmpty else {
            return "No model is on this machine yet; scry engine fetch lists what there is.\n"
        }
        return "Models on this machine:\n"
            + models.map { model in
                let size = ByteCount.text(model.bytesHere)
                let part = model.isWhole ? "" : " of \(ByteCount.text(model.bytes)), not whole yet"
                return "  \(model.name)  \(size)\(part)  \(model.path)\n"
            }.joined()
    }
}
