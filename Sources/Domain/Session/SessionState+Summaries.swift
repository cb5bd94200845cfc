public import Conversation
import Evidence

/// A recording that is to be told part by part.
public struct SummaryOrder: Sendable, Equatable {
    /// Which reply of the session it is.
    public var turn: Int
    /// The recording.
    public var recording: Attachment
    /// Whether no engine was shown it before this question.
    public var isFirst: Bool
    /// What the person wants to know above all; empty for nothing in particular.
    public var interest: String
    /// Who is asked.
    public var engine: EngineProfile
    /// The model that is asked.
    public var model: String
    /// What goes before every question; nil for nothing.
    public var system: String?
    /// Whether it thinks before it answers.
    public var thinks: Bool
    /// Tokens of an answer, at most.
    public var maxTokens: Int?
    /// How freely it chooses its words.
    public var temperature: Double?
}

/// A stretch of a recording that was told, and that a later question is about.
public struct RecordingExcerpt: Sendable, Equatable {
    /// What the recording is called.
    public var label: String
    /// The path of its file.
    public var file: String
    /// What was told of it.
    public var section: RecordingSection
}

/// Telling what happened in a whole recording, and asking about it afterwards.
extension SessionState {
    /// What a question that wants a whole recording told begins with, as it is typed.
    static let summaryWord = "/summarize"

    /// Asks for what happened in the recording that is attached, or else in the last one of the chat.
    mutating func summarize(_ interest: String) -> [SessionEffect] {
        guard !composer.isWaiting, recording?.isFinishing != true else {
            notice = Notice(.information, "The recording is not ready yet.")
            return []
        }
        guard !isOpenElsewhere else { return refuseElsewhere() }
        let attached = composer.parts.filter(\.isAttachment)
        let earlier = conversation.messages.flatMap(\.attachments)
        guard let recording = attached.compactMap(\.recordingOfFile).last ?? earlier.last(where: \.isRecordingOfFile)
        else {
            notice = Notice(
                .information, "There is no recording to tell of: record the screen with F5, or attach a video.")
            return []
        }
        if conversation.title.isEmpty { conversation.title = "Summary of \(recording.label)" }
        let words = interest.isEmpty ? Self.summaryWord : "\(Self.summaryWord) \(interest)"
        return post(attached + [.text(words)], words: words)
    }

    /// Whether a question wants a whole recording told.
    func isSummary(_ question: Message) -> Bool {
        let words = question.text.trimmingBlanks
        return question.role == .user
            && words.split(maxSplits: 1, whereSeparator: \.isWhitespace).first.map { $0 == Self.summaryWord } ?? false
    }

    /// What is to be done for a question; nil when it does not want a recording told.
    func summaryOrder(for place: Int, turn: Int) -> SummaryOrder? {
        let question = conversation.messages[place]
        guard isSummary(question), case .ready(let profile, let name) = engine,
            let recording = conversation.messages[...place].flatMap(\.attachments).last(where: \.isRecordingOfFile)
        else { return nil }
        return SummaryOrder(
            turn: turn, recording: recording, isFirst: question.attachments.contains { $0.id == recording.id },
            interest: String(question.text.trimmingBlanks.dropFirst(Self.summaryWord.count)).trimmingBlanks,
            engine: profile, model: name, system: settings.system, thinks: isThinkingOn,
            maxTokens: settings.maxTokens, temperature: settings.temperature)
    }

    mutating func begin(_ order: SummaryOrder) -> [SessionEffect] {
        reply?.isSummary = true
        reply?.phase = .working(step: "Reading the video", fraction: nil)
        return [.summarize(order)]
    }

    /// Takes in how far the telling of a recording is.
    mutating func followSummary(_ event: SessionEvent) -> [SessionEffect] {
        switch event {
        case .replyProgressed(let turn, let step, let fraction):
            if reply?.turn == turn { reply?.phase = .working(step: step, fraction: fraction) }
            return []
        case .recordingTold(let turn, let attachment):
            guard let reply, reply.turn == turn else { return [] }
            return replace([attachment], newIn: reply.questionID).map(save(at:))
        default: preconditionFailure("not an event of a summary")
        }
    }
}

extension Conversation {
    /// The stretches of a recording that was told before, that a question without pictures of its own is about.
    func excerpts(for place: Int) -> [RecordingExcerpt] {
        guard !messages[place].attachments.contains(where: \.isVisual) else { return [] }
        var earlier = self
        earlier.messages.removeSubrange(place...)
        return earlier.excerpts(for: messages[place].text)
    }

    /// The stretches of the last recording that was told, that a new question is about; none where the question has to do
    /// with none of them.
    public func excerpts(for question: String) -> [RecordingExcerpt] {
        let told = messages.flatMap(\.attachments).last { attachment in
            if case .recording(let recording) = attachment.content { recording.sections != nil } else { false }
        }
        guard let told, case .recording(let recording) = told.content, let file = recording.file,
            let sections = recording.sections, sections.count > 1
        else { return [] }
        return SectionChooser.choose(among: sections, for: question).map {
            RecordingExcerpt(label: told.label, file: file, section: sections[$0])
        }
    }
}

extension Attachment {
    /// Whether it is a recording whose file is known.
    var isRecordingOfFile: Bool {
        if case .recording(let recording) = content { recording.file != nil } else { false }
    }
}

extension Part {
    fileprivate var isAttachment: Bool { if case .attachment = self { true } else { false } }

    fileprivate var recordingOfFile: Attachment? {
        if case .attachment(let attachment) = self, attachment.isRecordingOfFile { attachment } else { nil }
    }
}
