import Conversation
import EngineClient
import FoundationEssentials

/// `scry doctor --engine`: what one engine really does.
extension DoctorCommand {
    /// The word of `--engine` without a name.
    static let configuredEngine = ""

    /// Tries out an engine; false when something about it is to be put right.
    func examineEngine(_ name: String) async throws -> Bool {
        let services = try Services(saves: false)
        services.printWarnings()
        let link = EngineLink(services: services, remembers: false)
        let found: FoundEngine
        do {
            let wanted = name == Self.configuredEngine ? nil : name
            guard let running = try await link.running(engine: wanted, model: model) else {
                report(
                    "engine", nil, "none answers; scry starts its own when it is needed, and scry engine start does now"
                )
                return false
            }
            found = running
        } catch {
            report("engine", nil, CommandFailure(error).description)
            return false
        }
        try services.places.make(services.places.cache)
        let samples = try EngineExamination.Samples.make(in: services.places.cache)
        let examination = EngineExamination(
            client: services.client(for: found), model: found.modelProfile, samples: samples)
        let failures = Failures()
        try await Deadline.run(seconds: nil) {
            let proven = await examination.run { finding in
                if finding.verdict == .fails { await failures.note() }
                Standard.output(SafeOutput.text(Self.line(finding)) + "\n")
            }
            try Task.checkCancellation()
            guard !proven.isEmpty else { return }
            do {
                try services.engineMemory.note(proven, by: .examination, model: found.model, of: found.profile)
            } catch {
                Standard.error("scry: what was found out cannot be kept: \(CommandFailure(error).description)\n")
            }
        }
        return await failures.count == 0
    }

    private static func line(_ finding: EngineExamination.Finding) -> String {
        let mark =
            switch finding.verdict {
            case .works: "✓"
            case .fails: "✗"
            case .open: "–"
            }
        let words = finding.words.hasSuffix(".") ? String(finding.words.dropLast()) : finding.words
        return "\(mark) \(finding.part): \(words)\(finding.help.map { " → \($0)" } ?? "")"
    }

    private actor Failures {
        private(set) var count = 0

        func note() { count += 1 }
    }
}
