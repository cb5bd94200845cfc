import ArgumentParser
import Conversation
import EngineHost
import Evidence
import FoundationEssentials
import History

/// `scry summarize`: what happened in a recording of any length.
struct SummarizeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "summarize",
        abstract: "Tells what happened in a recording of any length, with times.",
        discussion: """
            The recording is cut where its picture changes most. The engine is shown the frames of each part, and asked for \
            the whole in the end; how often, is said before it begins. What it has said is kept: run again after a break, it \
            goes on where it was.

              scry summarize demo.mkv
              scry summarize --length short lesson.mp4 "what was the homework?"
              scry summarize --json build.mkv | jq -r '.timeline[] | select(.event | test("fail")) | .time'

            The chat is kept, with the frames: scry ask -c "when did the build fail?" goes on with it.
            """)

    /// How long a summary is.
    enum Length: String, ExpressibleByArgument, CaseIterable {
        case short, medium, long

        /// About so many words.
        var words: Int {
            switch self {
            case .short: 50
            case .medium: 150
            case .long: 400
            }
        }
    }

    @Argument(help: "The video.", completion: .file())
    var video: String

    @Argument(help: "What matters above all.")
    var interest: [String] = []

    @Option(help: "How long the summary is: short, medium or long.")
    var length = Length.medium

    @Option(help: ArgumentHelp("About so many words, instead.", valueName: "N"))
    var words: Int?

    @OptionGroup(title: "Who answers")
    var engine: EngineOptions

    @Flag(help: "Print one JSON object.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print no notes; errors are told.")
    var quiet = false

    @Flag(help: "Print which frames would be shown, and how often the engine would be asked.")
    var dryRun = false

    @Flag(help: "Leave no trace in the history.")
    var noSave = false

    @Option(help: ArgumentHelp("Give up after so long.", valueName: "seconds"))
    var timeout: Double?

    func validate() throws {
        if let words, words < 1 { throw ValidationError("--words takes a number from 1.") }
        if let timeout, timeout <= 0 { throw ValidationError("--timeout takes seconds, more than 0.") }
    }

    func run() async throws {
        try await running { try await Deadline.run(seconds: timeout) { try await summarize() } }
    }

    private func summarize() async throws {
        let services = try Services(saves: !noSave && !dryRun)
        if !quiet { services.printWarnings() }
        let line = ProgressLine()
        defer { line.clear() }
        let link = EngineLink(services: services, model: engine.model)
        do {
            let found = try await find(link, line)
            try await summarize(with: found, services, line)
        } catch {
            await link.host.stop()
            throw error
        }
        await link.host.stop()
    }

    private func find(_ link: EngineLink, _ line: ProgressLine) async throws -> FoundEngine {
        let isQuiet = quiet
        defer { line.clear() }
        return try await withTaskCancellationHandler {
            try await link.find(engine: engine.engine, model: engine.model) { step, fraction in
                if !isQuiet { line.show(step, fraction: fraction) }
            }
        } onCancel: {
            Task { await link.host.stop() }
        }
    }

    private func summarize(with found: FoundEngine, _ services: Services, _ line: ProgressLine) async throws {
        let isQuiet = quiet
        var wishes = SummaryRun.Wishes()
        wishes.length = words ?? length.words
        wishes.interest = interest.joined(separator: " ")
        wishes.system = engine.system
        wishes.thinks = engine.think ?? services.configuration.thinking
        wishes.maxTokens = engine.maxTokens
        wishes.temperature = engine.temperature
        var sighted = found
        if !dryRun {
            let name = SafeOutput.text(found.model)
            sighted = await SightTester(services: services).completing(found) {
                if !isQuiet { line.show("Finding out whether \(name) can see", fraction: nil) }
            }
            sighted = await VideoFormTester(services: services).completing(sighted) {
                if !isQuiet { line.show("Finding out how many pictures \(name) takes", fraction: nil) }
            }
        }
        let run = SummaryRun(
            services: services, engine: sighted, wishes: wishes,
            progress: { step, fraction in if !isQuiet { line.show(step, fraction: fraction) } },
            note: { sentence in
                guard !isQuiet else { return }
                line.clear()
                Standard.error("scry: \(SafeOutput.text(sentence))\n")
            })
        if dryRun { return try preview(run) }
        if !quiet, !sighted.profile.isLocal { Standard.error("scry: the frames go to \(sighted.profile.url).\n") }
        let result = try await run.run(video)
        line.clear()
        let chat = noSave ? nil : try await keep(result, sighted, services)
        print(result, sighted, chat, services)
    }

    private func preview(_ run: SummaryRun) throws {
        let plans = run.plans(of: try VideoSurvey(video))
        for (index, part) in plans.enumerated() {
            let times = part.plan.frames.map { $0.time.clockText }.joined(separator: " ")
            Standard.output(
                "part \(index + 1)  \(part.start.clockText)–\(part.end.clockText)  \(part.plan.tokens) tokens  \(times)\n"
            )
        }
        Standard.output("\(plans.count + 1) calls to the engine\n")
    }

    // MARK: - Keeping and printing

    /// Stores the summary as a chat to go on with.
    private func keep(
        _ result: SummaryRun.Result, _ found: FoundEngine, _ services: Services
    ) async throws -> Conversation.ID {
        let name = video.split(separator: "/").last.map(String.init) ?? video
        let recording = Attachment(label: name, takenAt: Date(), content: .recording(result.recording))
        let words = wishesInWords(name)
        let question = Message(role: .user, parts: [.attachment(recording), .text(words)], createdAt: Date())
        let answer = Message(
            role: .assistant, parts: [.text(Self.text(result))], createdAt: Date(), engine: found.profile.name,
            model: found.model)
        let conversation = Conversation(title: "Summary of \(name)", createdAt: Date(), messages: [question, answer])
        try await services.history.save(conversation)
        return conversation.id
    }

    private func wishesInWords(_ name: String) -> String {
        let interest = interest.joined(separator: " ")
        return "Summarize the recording." + (interest.isEmpty ? "" : " \(interest)")
    }

    /// The summary and the timeline, as Markdown.
    static func text(_ result: SummaryRun.Result) -> String {
        let lines = result.timeline.events.map { "- [\(ClockTime.text($0.time))] \($0.event)" }
        return "\(result.summary)\n\n## Timeline\n\n\(lines.joined(separator: "\n"))\n"
    }

    private func print(
        _ result: SummaryRun.Result, _ found: FoundEngine, _ chat: Conversation.ID?, _ services: Services
    ) {
        if json { return Standard.output(JSONText.line(SummaryRecord(video, result, found, chat)) + "\n") }
        let text = Self.text(result)
        guard Standard.outputIsTerminal else { return Standard.output(text) }
        var printer = MarkdownPrinter(theme: services.printedTheme)
        Standard.output(printer.append(text) + printer.finish())
    }
}

/// What `scry summarize --json` prints; the property names are the keys of the contract.
struct SummaryRecord: Encodable {
    struct Part: Encodable {
        var start: Double
        var end: Double
        var frames: [Double]
        var text: String
    }

    var video: String
    var duration: Double
    var engine: String
    var model: String
    var calls: Int
    var parts: [Part]
    var timeline: [Timeline.Event]
    var summary: String
    @OrNull var chat: String?

    init(_ video: String, _ result: SummaryRun.Result, _ found: FoundEngine, _ chat: String?) {
        self.video = video
        duration = result.seconds
        engine = found.profile.name
        model = found.model
        calls = result.calls
        parts = result.parts.map { Part(start: $0.start, end: $0.end, frames: $0.frames, text: $0.text ?? "") }
        timeline = result.timeline.events
        summary = result.summary
        self.chat = chat
    }
}
