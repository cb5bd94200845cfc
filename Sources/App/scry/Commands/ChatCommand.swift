import ArgumentParser
import Conversation
import FoundationEssentials
import History
import ProcessMemory
import Session
import Terminal
import Views

/// `scry`: the chat.
struct ChatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "chat", abstract: "Opens the chat (the default).")

    @OptionGroup(title: "Who answers")
    var engine: EngineOptions

    @Flag(name: .shortAndLong, help: "Go on with the last chat.")
    var `continue` = false

    @Option(
        name: [.customShort("C"), .long],
        help: ArgumentHelp("Go on with this chat; the first digits of its id do.", valueName: "id"),
        completion: Completions.chats)
    var chat: String?

    @Flag(help: "Shows no pictures in the terminal, only what they are.")
    var noPictures = false

    @Flag(help: "Print lines instead of drawing a screen: for screen readers, dumb terminals and pipes.")
    var plain = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("A picture, recording or text to begin with; may be repeated.", valueName: "path"),
        completion: .file())
    var attach: [String] = []

    @Option(help: .hidden)
    var parcel: [String] = []

    @MainActor
    func run() async throws {
        try await running { try await open() }
    }

    @MainActor
    private func open() async throws {
        guard plain || Standard.inputIsTerminal && Standard.outputIsTerminal else {
            throw CommandFailure(
                .usage, "The chat needs a terminal; ask one question with: scry ask \"what is on my screen?\" --screen")
        }
        Heap.shareAmongThreads()
        let services = try Services(saves: true)
        let keymap = services.configuration.keymap
        var start = SessionState(settings: settings(services.configuration), now: .now)
        var effects: [SessionEffect] = []
        if let draft = try? await services.history.takeAbandonedDraft() {
            effects += start.handle(.draftRestored(text: draft.text, attachments: draft.attachments), at: .now)
        }
        if let opened = try await conversation(services) {
            effects += start.handle(
                opened.isElsewhere ? .chatOpenedElsewhere(opened.chat) : .chatOpened(opened.chat), at: .now)
        } else {
            services.history.claim(start.conversation.id)
        }
        for path in attach { effects += start.handle(.fileNamed(path), at: .now) }
        let warnings = services.warnings + services.themeWarnings + keymap.warnings
        // That the chat cannot be asked in is worth more.
        if let warning = warnings.first, !start.isOpenElsewhere {
            let more = warnings.count > 1 ? " (and \(warnings.count - 1) more; see scry doctor)" : ""
            let notice = Notice(.problem, warning + more)
            effects += start.handle(.noticed(notice), at: .now)
        }
        if plain || PlainChat.isWanted(services.environment) {
            return await chatPlainly(start, effects, services)
        }
        let hasColor = (services.environment["NO_COLOR"] ?? "").isEmpty
        guard let terminal = try openTerminal(services, usesColor: hasColor) else {
            return await chatPlainly(start, effects, services)
        }
        let loop = EventLoop(
            state: start, terminal: terminal, keymap: keymap,
            pictures: PictureLoader(worker: PictureWorker(store: services.media)),
            manners: services.configuration.terminal, environment: services.environment)
        loop.looks = Looks(
            services, colorCount: terminal.colorCount, report: loop.report, onChange: loop.reportThemes)
        let runner = EffectRunner(services: services, options: engine, report: loop.report)
        for effect in effects { runner.perform(effect, start) }
        runner.perform(.findEngine, start)
        for path in parcel { runner.attach(try PictureParcel.take(path), start) }
        let guests = ChatGuests(services: services) { delivery in
            Task { @MainActor in
                switch delivery {
                case .picture(let parcel): runner.attach(parcel, loop.state)
                case .toggleRecording: loop.report(.command(.toggleRecording))
                }
            }
        }
        defer { guests.close() }
        loop.onFocus = { guests.noteUse() }
        let keepDays = services.configuration.privacy.keepMediaDays
        // What cannot be removed today is removed another day.
        Task.detached { try? await services.history.sweep(now: Date(), keepDays: keepDays) }
        await loop.run { effect, state in runner.perform(effect, state) }
        terminal.close()
        await runner.close(loop.state)
    }

    /// Takes the terminal; nil for one of which nothing is known, so that only lines can be printed on it.
    @MainActor
    private func openTerminal(_ services: Services, usesColor: Bool) throws -> CursesTerminal? {
        do {
            return try CursesTerminal.open(
                usesColor: usesColor, pictures: noPictures ? .none : services.configuration.pictures,
                environment: services.environment)
        } catch {
            guard case .unknown = error else { throw error }
            Standard.error("scry: \(SafeOutput.line(error.description))\n")
            return nil
        }
    }

    @MainActor
    private func chatPlainly(_ start: SessionState, _ effects: [SessionEffect], _ services: Services) async {
        let chat = PlainChat(start, services: services)
        let runner = EffectRunner(services: services, options: engine, report: chat.report)
        for effect in effects + [.findEngine] { runner.perform(effect, start) }
        for path in parcel { if let parcel = try? PictureParcel.take(path) { runner.attach(parcel, start) } }
        await chat.run { effect, state in runner.perform(effect, state) }
        await runner.close(chat.state)
    }

    private func settings(_ configuration: Configuration) -> SessionSettings {
        var settings = SessionSettings(
            startsThinking: engine.think ?? configuration.thinking, system: engine.system, maxTokens: engine.maxTokens,
            temperature: engine.temperature, thinkingBudget: configuration.thinkingBudget,
            thinkingSeconds: configuration.thinkingSeconds, stopsRepetition: configuration.stopsRepetition)
        settings.foldedPasteLines = configuration.foldedPasteLines
        settings.engineNames = ["auto", "own"] + configuration.engines.map(\.name)
        return settings
    }

    private func conversation(_ services: Services) async throws -> (chat: Conversation, isElsewhere: Bool)? {
        if let chat {
            let id = try await ChatFinder.id(chat, in: services.history)
            guard let opened = try await services.history.open(id) else {
                throw CommandFailure(.usage, "There is no chat \(chat).")
            }
            return opened
        }
        guard self.continue, let latest = try await services.history.latest() else { return nil }
        return try await services.history.open(latest.id)
    }
}
