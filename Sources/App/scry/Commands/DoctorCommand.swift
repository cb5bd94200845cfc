import ArgumentParser
import Conversation
import Desktop
import EngineHost
import FoundationEssentials
import History
import PortalDesktop
import Views

/// `scry doctor`: what works here, what does not, and what helps.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Says what works here, what does not, and what helps.")

    @Flag(help: "Puts right what is wrong with the history; a damaged one is kept beside the new one.")
    var repair = false

    @Option(
        defaultAsFlag: DoctorCommand.configuredEngine,
        help: ArgumentHelp("Tries out one engine: a name from the configuration, or a URL.", valueName: "name|URL"),
        completion: Completions.engines)
    var engine: String?

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The model to try out.", valueName: "name"),
        completion: Completions.models)
    var model: String?

    func run() async throws {
        try await running {
            if let engine {
                guard try await examineEngine(engine) else { throw ExitStatus.engineFailed.exit }
                return
            }
            if repair { try await repairHistory() }
            let services = try Services(saves: true)
            var isWell = report("configuration", services.warnings.isEmpty ? configurationFile(services) : nil)
            for warning in services.themeWarnings { isWell = report("theme", nil, warning) }
            for warning in services.warnings { isWell = report("configuration", nil, warning) }
            let seesScreen = await checkDesktop(services)
            isWell = seesScreen && isWell
            await checkDesktopKeys(services, seesScreen: seesScreen)
            isWell = await checkEngines(services) && isWell
            isWell = await checkRecognizer(services) && isWell
            checkDocuments(services)
            isWell = await checkHistory(services) && isWell
            checkTerminal(services)
            checkPictures(services)
            if !isWell { throw ExitStatus.engineFailed.exit }
        }
    }

    // MARK: - The parts

    private func configurationFile(_ services: Services) -> String {
        let path = services.places.configFile
        return FileManager.default.fileExists(atPath: path) ? path : "all as it comes; \(path) would be read"
    }

    private func checkDesktop(_ services: Services) async -> Bool {
        // A picture would ask the person what to share; doctors look first.
        if let portal = services.portal { return await checkPortal(portal) }
        do {
            let layout = try await services.screen.layout()
            let picture = try await services.screen.capture(.screen, withCursor: false)
            return report(
                "screen",
                "\(layout.session), \(count(layout.displays.count, "monitor")), \(count(layout.windows.count, "window")), "
                    + "\(picture.frame.width)x\(picture.frame.height) pixels")
        } catch {
            return report("screen", nil, CommandFailure(error).description)
        }
    }

    private func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    private func checkPortal(_ portal: PortalScreenSource) async -> Bool {
        var isWell = true
        for finding in await portal.survey() {
            isWell = report(finding.part, finding.isWell ? finding.sentence : nil, finding.sentence) && isWell
        }
        report(
            "never_capture", nil,
            Screens.blindness + " Close such windows first, or paint them over with --redact.")
        return isWell
    }

    private func checkEngines(_ services: Services) async -> Bool {
        let survey = await EngineLink(services: services).survey()
        var answers = false
        for entry in survey {
            switch entry {
            case .answers(let profile):
                answers = true
                let models = profile.models.map { "\($0.id)\($0.vision == true ? " (sees)" : "")" }
                report(
                    "engine \(profile.name)",
                    "\(profile.kind.rawValue) at \(profile.url): \(models.joined(separator: ", "))")
            case .silent(let engine, let sentence):
                report("engine \(engine.name)", nil, sentence)
            }
        }
        if survey.isEmpty { return report("engine", "none answers; scry starts its own when it is needed") }
        return answers
    }

    private func checkHistory(_ services: Services) async -> Bool {
        do {
            let chats = try await services.history.conversations(limit: 100_000)
            guard services.history.isKept else {
                return report("history", nil, "it cannot be kept; see the warning above")
            }
            let size = try await services.history.size()
            report(
                "history",
                "\(chats.count) chats in \(services.history.path), \(megabytes(size.databaseBytes)); "
                    + "\(size.mediaFiles) pictures and recordings, \(megabytes(size.mediaBytes))")
            var isWell = true
            for finding in try await services.history.check(now: Date()) {
                let help =
                    finding.isRepairable && !finding.message.contains("--repair") ? " See scry doctor --repair." : ""
                report("history", nil, finding.message + help)
                // What was removed because it grew old is as it should be.
                if finding.kind != .missingMedia { isWell = false }
            }
            return isWell
        } catch {
            return report("history", nil, CommandFailure(error).description)
        }
    }

    private func megabytes(_ bytes: Int) -> String { "\((bytes + 524_288) / 1_048_576) MB" }

    private func repairHistory() async throws {
        let places = Places(environment: ProcessInfo.processInfo.environment)
        guard try await isDamaged(places) else { return }
        let salvage = try History.salvage(path: places.historyFile, now: Date())
        report(
            "history",
            "\(salvage.messages) messages of \(salvage.conversations) chats were saved"
                + (salvage.isPartial ? ", some are lost" : "") + "; the damaged file is \(salvage.keptAt)")
    }

    /// Whether pages of the history are damaged; everything else is put right.
    private func isDamaged(_ places: Places) async throws(HistoryFailure) -> Bool {
        do {
            let history = try History(path: places.historyFile, media: MediaStore(directory: places.media))
            return try await history.repair(now: Date()).contains { $0.kind == .damagedFile }
        } catch {
            if error.kind == .damaged { return true }
            throw error
        }
    }

    private func checkTerminal(_ services: Services) {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { services.environment[$0] }.first { !$0.isEmpty }
        let isUTF8 = locale.map { $0.uppercased().contains("UTF-8") || $0.uppercased().contains("UTF8") } ?? false
        report(
            "colours of code", CodeColors.areInstalled ? "libsource-highlight knows the languages" : nil,
            "libsource-highlight is missing, code is plain (on Debian: apt install source-highlight)")
        report(
            "terminal", services.environment["TERM"],
            "TERM is not set: the chat does not know what the terminal can do")
        if !isUTF8 { report("locale", nil, "\(locale ?? "none") is no UTF-8 locale; the chat uses C.UTF-8 for itself") }
    }

    @discardableResult
    func report(_ part: String, _ good: String?, _ bad: String = "see the warnings below") -> Bool {
        Standard.output("\(good == nil ? "✗" : "✓") \(part): \(SafeOutput.text(good ?? bad))\n")
        return good != nil
    }
}
