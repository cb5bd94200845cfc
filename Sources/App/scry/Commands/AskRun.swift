import ArgumentParser
import Conversation
import Desktop
import EngineClient
import EngineHost
import Exchange
import FoundationEssentials
import History
import Session
import Views

/// One run of `scry ask`: gathers what goes with the question, finds an engine, streams the answer.
struct AskRun {
    let command: AskCommand

    func run() async throws {
        guard command.notify else { return try await start() }
        do {
            try await start()
        } catch {
            await DesktopNotifier(Services.processEnvironment).tell(
                "Scry could not answer", CommandFailure(error).description)
            throw error
        }
    }

    private func start() async throws {
        // A chat to go on with is read even where nothing is written.
        let services = try Services(
            saves: isKept || command.continue || command.chat != nil, source: command.source.way,
            redactions: command.source.redact.map(\.region))
        if !command.quiet {
            services.printWarnings()
            services.desktop.printQuestions()
        }
        if command.popup { return try await popUp(services) }
        let schema = try command.schema.map(JSONSchema.init(file:))
        try await Deadline.run(seconds: command.timeout) { try await ask(services, schema) }
    }

    /// Takes the picture before anything of ours is on the screen, and opens what it is asked about in.
    private func popUp(_ services: Services) async throws {
        guard let target = command.source.target else { return }
        if let delay = command.source.delay { try await Task.sleep(for: .seconds(delay)) }
        let picture = try await services.screen.capture(target, withCursor: cursor(services))
        _ = try await PictureDelivery(services: services).bring(PictureParcel(picture, takenAt: Date()))
    }

    private var isKept: Bool { !command.noSave && !command.dryRun }

    private func ask(_ services: Services, _ schema: JSONSchema?) async throws {
        let words = try await question(services)
        if words.isEmpty, command.attach.isEmpty, command.parcel.isEmpty, command.record == nil,
            command.source.target == nil
        {
            throw ValidationError("There is nothing to ask: write a question, or attach something.")
        }
        let conversation = try await conversationToContinue(services)
        let sight = try await look(services)
        let link = EngineLink(services: services, model: command.engine.model)
        do {
            let found = try await find(link)
            try await ask(words, about: sight, in: conversation, of: found, schema, services)
        } catch {
            await link.host.stop()
            throw error
        }
        await link.host.stop()
    }

    private func ask(
        _ words: String, about sight: Sight, in earlier: Conversation, of found: FoundEngine, _ schema: JSONSchema?,
        _ services: Services
    ) async throws {
        var attachments = try await gather(sight, services, model: found.modelProfile)
        if attachments.isEmpty {
            let excerpts = earlier.excerpts(for: words)
            attachments = ExcerptLoader(services: services).load(excerpts, for: found.modelProfile)
        }
        var conversation = earlier
        let all = earlier.messages.flatMap(\.attachments) + attachments
        let found = all.contains(where: \.isVisual) ? await sighted(found, all, services) : found
        let prepared = try await AttachmentPreparer(services: services).prepare(
            all, for: found.modelProfile, question: words)
        conversation.replace(prepared)
        attachments = attachments.map { old in prepared.first { $0.id == old.id } ?? old }

        var parts = attachments.map { Part.attachment($0) }
        if !words.isEmpty { parts.append(.text(words)) }
        let question = Message(role: .user, parts: parts, createdAt: Date())
        let changed = zip(earlier.messages, conversation.messages).filter { $0 != $1 }.map(\.1)
        conversation.messages.append(question)
        if conversation.title.isEmpty { conversation.title = conversation.suggestedTitle }
        let request = request(
            conversation.exchange(upTo: question.id), to: found, schema, configuration: services.configuration)
        let rules = AnswerRules(found, services.configuration)
        if command.dryRun {
            let (fitted, notice) = try rules.fitting(request)
            if let notice, !command.quiet { Standard.error("scry: \(notice)\n") }
            if !command.quiet { tellForms(of: fitted) }
            Standard.output(try services.client(for: found).dryRun(fitted) + "\n")
            return
        }
        if attachments.contains(where: \.isVisual) { tellAboutPictures(found, attachments) }
        let printer = AnswerPrinter(
            command: command, theme: services.printedTheme)
        var stream = AnswerStream(
            client: services.client(for: found), request: request, printer: printer, rules: rules,
            conversation: conversation, unsaved: changed + [question], history: isKept ? services.history : nil)
        // While the engine reads the question.
        let thumbnails = Thumbnails(media: services.media)
        async let drawn: Void = isKept ? thumbnails.make(for: question) : ()
        var end = await stream.run(emptyAnswer(of: found))
        await drawn
        if let schema, end.error == nil, let problem = schema.problem(inAnswer: end.answer.text) {
            end = await askAgain(&stream, because: problem, schema, found, services)
        }
        try printer.finish(end, chat: command.noSave ? nil : conversation.id, attachments: attachments, engine: found)
        if let error = end.error { throw error }
        if command.notify { await DesktopNotifier(services.environment).tell(conversation.title, end.answer.text) }
        if end.isCut, command.strict || command.extract || schema != nil {
            let reason = end.reason == .length ? "the engine reached its token limit" : "the engine repeated itself"
            throw CommandFailure(.notAsWanted, "The answer was cut: \(reason).")
        }
        if let schema, let problem = schema.problem(inAnswer: end.answer.text) {
            throw CommandFailure(.notAsWanted, "The answer does not match the schema: \(problem)")
        }
        if command.extract, CodeBlocks.first(in: end.answer.text) == nil {
            throw CommandFailure(.notAsWanted, "The answer has no block of code.")
        }
    }

    /// The engine with what is found out about its sight, the first time that it is to look at something.
    private func sighted(
        _ found: FoundEngine, _ attachments: [Attachment], _ services: Services
    ) async -> FoundEngine {
        guard !command.dryRun else { return found }
        let progress = ProgressLine()
        defer { progress.clear() }
        let name = SafeOutput.text(found.model.isEmpty ? found.profile.name : found.model)
        func tell(_ question: String) {
            if !command.quiet { progress.show("Finding out \(question)", fraction: nil) }
        }
        let sighted = await SightTester(services: services).completing(found) { tell("whether \(name) can see") }
        return await VideoFormTester(services: services).completing(sighted, for: attachments) {
            tell("how \(name) takes recordings")
        }
    }

    /// Says in which form each recording goes.
    private func tellForms(of request: ChatRequest) {
        guard request.sendsPictures else { return }
        for attachment in request.messages.flatMap(\.attachments) {
            guard case .recording(let recording) = attachment.content else { continue }
            let form =
                switch recording.form(sendsVideo: request.sendsVideo) {
                case .video: "one video"
                case .frameList: "a list of \(recording.frameList?.count ?? 0) frames in one part"
                case .pictures: "\(recording.frames.count) pictures with their times"
                }
            Standard.error("scry: \(SafeOutput.text(attachment.label)) goes as \(form).\n")
        }
    }

    /// Tells the engine once what is wrong with its JSON.
    private func askAgain(
        _ stream: inout AnswerStream, because problem: String, _ schema: JSONSchema, _ found: FoundEngine,
        _ services: Services
    ) async -> AnswerStream.End {
        let words = "That does not match the schema: \(problem) Answer again, with JSON that does and nothing else."
        let question = Message(role: .user, parts: [.text(words)], createdAt: Date())
        var conversation = stream.conversation
        conversation.messages.append(question)
        stream.printer.retry()
        stream = AnswerStream(
            client: stream.client,
            request: request(
                conversation.exchange(upTo: question.id), to: found, schema, configuration: services.configuration),
            printer: stream.printer, rules: stream.rules, conversation: conversation, unsaved: [question],
            history: stream.history)
        return await stream.run(emptyAnswer(of: found))
    }

    private func emptyAnswer(of found: FoundEngine) -> Message {
        Message(
            role: .assistant, parts: [], createdAt: Date(), outcome: .streaming, engine: found.profile.name,
            model: found.model)
    }

    private func tellAboutPictures(_ found: FoundEngine, _ attachments: [Attachment]) {
        guard !command.quiet else { return }
        let visual = attachments.filter(\.isVisual)
        let documents = visual.count {
            if case .document = $0.content { true } else { false }
        }
        let what =
            switch documents {
            case 0: "pictures"
            case visual.count: documents == 1 ? "document" : "documents"
            default: "pictures and documents"
            }
        if found.modelProfile.vision == false {
            let name = SafeOutput.text(found.model)
            let sentence =
                switch documents {
                case 0: "the text of the pictures was read and sent instead"
                case visual.count: "the words of the \(what) were sent"
                default: "the text of the pictures was read and sent, with the words of the documents"
                }
            Standard.error("scry: \(name) cannot see: \(sentence).\n")
        }
        if !found.profile.isLocal {
            Standard.error("scry: the \(what) \(what == "document" ? "goes" : "go") to \(found.profile.url).\n")
        }
    }

    // MARK: - The parts of the question

    private func question(_ services: Services) async throws -> String {
        var words = command.words.joined(separator: " ")
        if let name = command.prompt {
            words = try PromptLibrary(places: services.places).prompt(name).text(with: words)
        }
        guard !Standard.inputIsTerminal, !command.attach.contains("-") else { return words }
        let input = try await Standard.readText()
        if input.allSatisfy(\.isWhitespace) { return words }
        return words.isEmpty ? input : input + (input.hasSuffix("\n") ? "\n" : "\n\n") + words
    }

    /// What was on the screen when it was asked about.
    private enum Sight {
        case nothing
        case picture(CapturedPicture, takenAt: Date)
        case recording(ScreenRecorder.Result)
    }

    /// Looks at the screen before an engine is looked for or started: the screen does not wait.
    private func look(_ services: Services) async throws -> Sight {
        if let delay = command.source.delay { try await Task.sleep(for: .seconds(delay)) }
        if let seconds = command.record {
            return .recording(
                try await ScreenRecorder(services: services)
                    .record(command.source.target ?? .screen, seconds: seconds, withCursor: cursor(services)))
        }
        guard let target = command.source.target else { return .nothing }
        let taker = services.pictureTaker(withCursor: cursor(services))
        return .picture(try await taker.grab(target), takenAt: Date())
    }

    private func gather(_ sight: Sight, _ services: Services, model: ModelProfile) async throws -> [Attachment] {
        var attachments: [Attachment] = []
        let loader = AttachmentLoader(services: services)
        for path in command.attach { attachments.append(try await loader.load(path, for: model)) }
        let parcels = services.pictureTaker(withCursor: false)
        for path in command.parcel {
            let parcel = try PictureParcel.take(path)
            attachments.append(try parcels.attachment(of: parcel.picture, takenAt: parcel.takenAt, for: model))
        }
        switch sight {
        case .nothing: break
        case .picture(let picture, let takenAt):
            let taker = services.pictureTaker(withCursor: cursor(services))
            attachments.append(try taker.attachment(of: picture, takenAt: takenAt, for: model))
        case .recording(let recording):
            attachments.append(try await ScreenRecorder(services: services).attachment(of: recording, for: model))
        }
        return attachments
    }

    private func cursor(_ services: Services) -> Bool { command.source.cursor ?? services.configuration.capture.cursor }

    private func conversationToContinue(_ services: Services) async throws -> Conversation {
        if let id = command.chat {
            let id = try await ChatFinder.id(id, in: services.history)
            guard let conversation = try await services.history.conversation(id: id) else {
                throw CommandFailure(.usage, "There is no chat \(id).")
            }
            return conversation
        }
        if command.continue, let conversation = try await services.history.latest() { return conversation }
        return Conversation(createdAt: Date())
    }

    // MARK: - Who answers

    private func find(_ link: EngineLink) async throws -> FoundEngine {
        let progress = ProgressLine()
        let isQuiet = command.quiet
        defer { progress.clear() }
        return try await withTaskCancellationHandler {
            try await link.find(engine: command.engine.engine, model: command.engine.model) { step, fraction in
                if !isQuiet { progress.show(step, fraction: fraction) }
            }
        } onCancel: {
            // Fetching and starting go on for whoever else waits for them, until the host is stopped.
            Task { await link.host.stop() }
        }
    }

    private func request(
        _ messages: [Message], to engine: FoundEngine, _ schema: JSONSchema?, configuration: Configuration
    ) -> ChatRequest {
        // Engines that hold the answer to a schema do not tell the model why.
        let system = [command.engine.system, schema?.instruction].compactMap { $0 }
        let isThinking = command.engine.think ?? configuration.thinking
        return ChatRequest(
            model: engine.model, system: system.isEmpty ? nil : system.joined(separator: "\n\n"), messages: messages,
            thinking: isThinking,
            sendsPictures: engine.modelProfile.vision != false,
            sendsVideo: engine.profile.takesVideo(engine.modelProfile),
            maxTokens: command.engine.maxTokens, temperature: command.engine.temperature,
            thinkingBudget: isThinking ? configuration.thinkingBudget : nil, schema: schema?.text)
    }
}
