import FoundationEssentials
import Logging
import Synchronization

/// Fetches files with the Python part of the engine host, which goes on where a download was cut.
struct ModelFetcher: Sendable {
    /// The interpreter; the standard library is enough.
    var python: String
    /// The Python part of the engine host.
    var launcher: String
    var report: EngineHostProgress.Report = { _ in }
    /// Seconds before the first new try after a cut; each fruitless one doubles them.
    var pause = 0.5

    /// Asks the hub for the true sizes and checksums of what is offered; nil where it does not answer within three seconds.
    func confirmed(_ offer: ModelOffer) async -> ModelOffer? {
        let said = LineCollector()
        let status = try? await GuardedChild.run(
            [python, launcher, "look"] + offer.files.map(\.url), output: .lines { said.add($0) })
        guard status == 0 else { return nil }
        var offer = offer
        for fact in said.lines.compactMap(Line.init) {
            guard let index = offer.files.firstIndex(where: { $0.url == fact.url }) else { continue }
            offer.files[index].bytes = fact.bytes ?? offer.files[index].bytes
            offer.files[index].sha256 = fact.sha256 ?? offer.files[index].sha256
        }
        offer.bytes = offer.files.reduce(0) { $0 + $1.bytes }
        return offer
    }

    /// Fetches what is missing of a model into its directory.
    ///
    /// A file has its name only when it is whole and its checksum is right; until then it ends in `.part`.
    func fetch(_ offer: ModelOffer, into directory: String) async throws(EngineHostFailure) {
        try PrivateFile.makeDirectory(directory)
        guard let lock = try FileLock.take(directory + "/fetch.lock") else {
            throw EngineHostFailure(.fetchFailed, "Another Scry is fetching \(offer.title) already.")
        }
        defer { withExtendedLifetime(lock) {} }
        var before = 0
        for file in offer.files {
            let path = directory + "/" + file.name
            if ModelStore.size(path) == 0 { try await fetch(file, to: path, of: offer, before: before) }
            before += file.bytes
        }
        report(EngineHostProgress("Fetching \(offer.title)", bytesDone: offer.bytes, bytesTotal: offer.bytes))
    }

    private func fetch(_ file: ModelOffer.File, to path: String, of offer: ModelOffer, before: Int)
        async throws(EngineHostFailure)
    {
        var command = [python, launcher, "fetch", file.url, "--to", path, "--pause", String(pause)]
        if file.bytes > 0 { command += ["--bytes", String(file.bytes)] }
        if let checksum = file.sha256 { command += ["--sha256", checksum] }
        let said = LineCollector(limit: 20)
        let status = try await Self.run(
            command, for: offer,
            output: .lines { text in
                said.add(text)
                guard let done = Line(text)?.done else { return }
                report(
                    EngineHostProgress(
                        "Fetching \(offer.title)", bytesDone: before + done, bytesTotal: max(offer.bytes, before + done)
                    ))
            })
        if Task.isCancelled { throw Self.cancelled(offer) }
        guard status != 0 else { return }
        let last = said.lines.compactMap(Line.init).last { $0.error != nil }
        let why = last?.error ?? said.complaint ?? "status \(status)"
        let hint = last?.kept == false ? "What came was removed; try again." : "What came is kept; try again."
        throw EngineHostFailure(.fetchFailed, "\(offer.title) could not be fetched from \(file.url): \(why). \(hint)")
    }

    /// Runs the Python part; a cancelled task ends it.
    private static func run(_ command: [String], for offer: ModelOffer, output: GuardedChild.Output)
        async throws(EngineHostFailure) -> Int32
    {
        do { return try await GuardedChild.run(command, output: output) } catch {
            throw error.kind == .stopped ? cancelled(offer) : error
        }
    }

    private static func cancelled(_ offer: ModelOffer) -> EngineHostFailure {
        EngineHostFailure(
            .stopped, "Fetching \(offer.title) was stopped; what came is kept, and the next time goes on there.")
    }

    /// A line that the Python part reports.
    private struct Line: Decodable {
        var url: String?
        var bytes: Int?
        var sha256: String?
        var done: Int?
        var error: String?
        var kept: Bool?

        init?(_ text: String) {
            guard text.hasPrefix("{"), let line = try? JSONDecoder().decode(Line.self, from: Data(text.utf8)) else {
                return nil
            }
            self = line
        }
    }
}
