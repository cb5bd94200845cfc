import ArgumentParser
import Conversation
import Desktop
import EngineClient
import EngineHost
import FoundationEssentials
import History
import Views

/// One run of `scry ask`: gathers what goes with the question, finds an engine, streams the answer.
struct AskRun {
    let command: AskCommand

    func run() async throws {
        let services = try Services(saves: !command.noSave && !command.dryRun)
        services.printWarnings()
        try await Deadline.run(seconds: command.timeout) { try await ask(services) }
    }

    private func ask(_ services: Services) async throws {
        let words = try question()
        let link = EngineLink(services: services)
        let found = try await find(link)
        do {
            try await ask(words, of: found, services)
        } catch {
            await link.host.stop()
            throw error
        }
        await link.host.stop()
    }

    private func ask(_ words: String, of found: FoundEngine, _ services: Services) async throws {
        let model = found.modelProfile
        var attachments = try await gather(services, model: model)
        if words.isEmpty && attachments.isEmpty {
            throw ValidationError("There is nothing to ask: write a question, or attach something.")
        }
        var conversation = try await conversationToContinue(services)
        let earlier = conversation.messages.flatMap(\.attachments)
        let prepared = try await AttachmentPreparer(services: services).prepare(earlier + attachments, for: model)
        conversation.replace(prepared)
        attachments = attachments.map { old in prepared.first { $0.id == old.id } ?? old }

        var parts = attachments.map { Part.attachment($0) }
        if !words.isEmpty { parts.append(.text(words)) }
        let question = Message(role: .user, parts: parts, createdAt: Date())
        conversation.messages.append(question)
        if conversation.title.isEmpty { conversation.title = conversation.suggestedTitle }
        let request = request(conversation, to: found, configuration: services.configuration)
        if command.dryRun {
            Standard.output(try services.client(for: found).dryRun(request) + "\n")
            return
        }
        if model.vision == false, attachments.contains(where: { !$0.pictures.isEmpty }) {
            Standard.error("scry: \(model.id) cannot see: the text of the pictures was read and sent instead.\n")
        }
        if !found.profile.isLocal, attachments.contains(where: { !$0.pictures.isEmpty }) {
            Standard.error("scry: the pictures go to \(found.profile.url).\n")
        }
        let printer = AnswerPrinter(
            command: command, theme: Theme(services.configuration.theme, in: services.environment))
        var stream = AnswerStream(
            client: services.client(for: found), request: request, printer: printer, conversation: conversation,
            history: services.history)
        let (answer, reason) = try await stream.run(
            Message(
                role: .assistant, parts: [], createdAt: Date(), outcome: .streaming, engine: found.profile.name,
                model: found.model))
        printer.finish(
            answer, reason, chat: command.noSave ? nil : conversation.id, attachments: attachments, engine: found)
        if reason == .length, command.strict {
            throw CommandFailure(.cutByLength, "The answer was cut: the engine reached its token limit.")
        }
    }

    // MARK: - The parts of the question

    private func question() throws -> String {
        let words = command.words.joined(separator: " ")
        guard !Standard.inputIsTerminal, !command.attach.contains("-") else { return words }
        let bytes = Standard.readInput(limit: 4 << 20)
        let input = String(decoding: bytes, as: UTF8.self)
        if input.allSatisfy(\.isWhitespace) { return words }
        return words.isEmpty ? input : input + (input.hasSuffix("\n") ? "\n" : "\n\n") + words
    }

    private func gather(_ services: Services, model: ModelProfile) async throws -> [Attachment] {
        var attachments: [Attachment] = []
        let loader = AttachmentLoader(services: services)
        for path in command.attach { attachments.append(try await loader.load(path, for: model)) }
        if let delay = command.source.delay { try await Task.sleep(for: .seconds(delay)) }
        if let seconds = command.record {
            let recorder = ScreenRecorder(services: services)
            let recording = try await recorder.record(
                command.source.target ?? .screen, seconds: seconds, withCursor: cursor(services))
            attachments.append(try await recorder.attachment(of: recording, for: model))
        } else if let target = command.source.target {
            let taker = services.pictureTaker(withCursor: cursor(services))
            attachments.append(try await taker.take(target, for: model))
        }
        return attachments
    }

    private func cursor(_ services: Services) -> Bool { command.source.cursor ?? services.configuration.capture.cursor }

    private func conversationToContinue(_ services: Services) async throws -> Conversation {
        if let id = command.chat {
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
        defer { progress.clear() }
        return try await link.find(engine: command.engine.engine, model: command.engine.model) { step, fraction in
            progress.show(step, fraction: fraction)
        }
    }

    private func request(_ conversation: Conversation, to engine: FoundEngine, configuration: Configuration)
        -> ChatRequest
    {
        ChatRequest(
            model: engine.model, system: command.engine.system,
            messages: conversation.messages.filter { $0.role == .user || !$0.text.isEmpty },
            thinking: command.engine.think ?? configuration.thinking,
            sendsPictures: engine.modelProfile.vision != false, sendsVideo: engine.takesVideo,
            maxTokens: command.engine.maxTokens, temperature: command.engine.temperature)
    }
}
