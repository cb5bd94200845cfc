import Conversation
import FoundationEssentials

/// The lines of Scry's own format, JSON a line: a chat, then its messages, each after the media that it shows.
///
/// The property names are the keys of the format. Times are seconds since 1970; everything else is as the person said it
/// and as the engine answered it, so that an import gives the same conversation.
enum ChatRecord {
    static let format = "scry-chats"
    static let version = 1

    /// What tells the kinds of lines apart.
    struct Kind: Codable {
        var type: String
    }

    struct Chat: Codable {
        var type = "chat"
        var format = ChatRecord.format
        var version = ChatRecord.version
        var id: String
        var title: String
        var created_at: Double
    }

    /// The bytes behind the references of the messages that follow.
    struct Medium: Codable {
        var type = "media"
        var sha256: String
        var data: String
    }

    struct Message: Codable {
        var type = "message"
        var chat: String
        var id: String
        var role: String
        var created_at: Double
        var outcome: String
        var error: String?
        var engine: String?
        var model: String?
        var usage: Usage?
        var timing: Timing?
        var mark: Mark?
        /// The message that it follows, in chats with branches.
        var parent: String?
        /// False on a branch that is not shown.
        var shown: Bool?
        var parts: [Part]
    }

    struct Mark: Codable {
        var verdict: String?
        var correction: String?
    }

    struct Usage: Codable {
        var prompt_tokens: Int
        var completion_tokens: Int
        var cached_tokens: Int?
        var reasoning_tokens: Int?
        var tokens_per_second: Double?
        var prefill_seconds: Double?
    }

    struct Timing: Codable {
        var first_token_seconds: Double?
        var total_seconds: Double?
    }

    /// One part of a message; which members there are depends on its type.
    struct Part: Codable {
        var type: String
        var id: String?
        var label: String?
        var taken_at: Double?
        var text: String?
        var seconds: Double?
        /// About how many tokens were thought when the thinking was ended.
        var cut_at: Int?
        var picture: Reference?
        var frames: [Frame]?
        var frame_list: [Frame]?
        var form: String?
        var video: Reference?
        var recognized_text: [String]?
        var window_title: String?
        var pages: [Page]?
        var page_count: Int?
        var document: Reference?
    }

    struct Page: Codable {
        var number: Int
        var width: Double
        var height: Double
        var text: String
        var form: String?
        var picture: Reference?
    }

    struct Frame: Codable {
        var time: Double
        var why: String
        var picture: Reference
    }

    struct Reference: Codable {
        var sha256: String
        var media_type: String
        var bytes: Int
        var width: Int
        var height: Int
    }
}

// MARK: - From the conversation

extension ChatRecord.Message {
    init(_ message: Message, of chat: Conversation.ID) {
        let (outcome, error) = Self.words(for: message.outcome)
        self.init(
            chat: chat, id: message.id, role: message.role.rawValue,
            created_at: message.createdAt.timeIntervalSince1970,
            outcome: outcome, error: error, engine: message.engine, model: message.model,
            usage: message.usage.map {
                ChatRecord.Usage(
                    prompt_tokens: $0.promptTokens, completion_tokens: $0.completionTokens,
                    cached_tokens: $0.cachedTokens, reasoning_tokens: $0.reasoningTokens,
                    tokens_per_second: $0.tokensPerSecond, prefill_seconds: $0.prefillSeconds)
            },
            timing: message.timing.map {
                ChatRecord.Timing(first_token_seconds: $0.firstToken, total_seconds: $0.total)
            },
            mark: message.mark.map { ChatRecord.Mark(verdict: $0.verdict?.rawValue, correction: $0.correction) },
            parts: message.parts.map(ChatRecord.Part.init))
    }

    private static func words(for outcome: Message.Outcome) -> (String, String?) {
        switch outcome {
        case .complete: ("complete", nil)
        case .streaming: ("streaming", nil)
        case .queued: ("queued", nil)
        case .stopped: ("stopped", nil)
        case .cutByLength: ("cut", nil)
        case .interrupted: ("interrupted", nil)
        case .failed(let sentence): ("failed", sentence)
        }
    }
}

extension ChatRecord.Part {
    init(_ part: Part) {
        switch part {
        case .text(let text): self.init(type: "text", text: text)
        case .reasoning(let reasoning):
            self.init(type: "reasoning", text: reasoning.text, seconds: reasoning.seconds, cut_at: reasoning.cutAt)
        case .attachment(let attachment):
            self.init(
                type: "file", id: attachment.id, label: attachment.label,
                taken_at: attachment.takenAt.timeIntervalSince1970, recognized_text: attachment.recognizedText,
                window_title: attachment.windowTitle)
            switch attachment.content {
            case .text(let content): text = content
            case .picture(let reference):
                type = "picture"
                picture = ChatRecord.Reference(reference)
            case .document(let content):
                type = "document"
                page_count = content.pageCount
                document = ChatRecord.Reference(content.file)
                pages = content.pages.map {
                    ChatRecord.Page(
                        number: $0.number, width: $0.width, height: $0.height, text: $0.text, form: $0.form?.rawValue,
                        picture: $0.picture.map(ChatRecord.Reference.init))
                }
            case .recording(let recording):
                type = "recording"
                seconds = recording.seconds
                frames = recording.frames.map(ChatRecord.Frame.init)
                frame_list = recording.frameList?.map(ChatRecord.Frame.init)
                form = recording.form?.rawValue
                video = recording.video.map(ChatRecord.Reference.init)
            }
        }
    }
}

extension ChatRecord.Frame {
    init(_ frame: TimedPicture) {
        self.init(time: frame.time, why: frame.why, picture: ChatRecord.Reference(frame.picture))
    }

    func frame(finding media: (ChatRecord.Reference) -> MediaReference) -> TimedPicture {
        TimedPicture(time: time, why: why, picture: media(picture))
    }
}

extension ChatRecord.Reference {
    init(_ media: MediaReference) {
        self.init(
            sha256: media.sha256, media_type: media.mediaType, bytes: media.byteCount, width: media.width,
            height: media.height)
    }
}

// MARK: - To the conversation

extension ChatRecord.Message {
    /// The message, or nil when the record is of another version's making or damaged.
    func message(finding media: (ChatRecord.Reference) -> MediaReference) -> Message? {
        guard let role = Message.Role(rawValue: role), !id.isEmpty, created_at.isFinite else { return nil }
        return Message(
            id: id, role: role, parts: parts.compactMap { $0.part(finding: media) },
            createdAt: Date(timeIntervalSince1970: created_at), outcome: importedOutcome, engine: engine, model: model,
            usage: usage.map {
                Usage(
                    promptTokens: $0.prompt_tokens, completionTokens: $0.completion_tokens,
                    cachedTokens: $0.cached_tokens, reasoningTokens: $0.reasoning_tokens,
                    tokensPerSecond: $0.tokens_per_second, prefillSeconds: $0.prefill_seconds)
            },
            timing: timing.map { Timing(firstToken: $0.first_token_seconds, total: $0.total_seconds) },
            mark: mark.map { Mark($0.verdict.flatMap(Mark.Verdict.init), correction: $0.correction) })
    }

    /// What was going on when it was exported goes on nowhere now.
    private var importedOutcome: Message.Outcome {
        switch outcome {
        case "complete": .complete
        case "stopped": .stopped
        case "cut": .cutByLength
        case "failed": .failed(error ?? "The engine failed.")
        default: .interrupted
        }
    }
}

extension ChatRecord.Part {
    func part(finding media: (ChatRecord.Reference) -> MediaReference) -> Part? {
        switch type {
        case "text": return text.map(Part.text)
        case "reasoning": return text.map { .reasoning(Reasoning(text: $0, seconds: seconds, cutAt: cut_at)) }
        case "file": return text.map { .attachment(attachment(.text($0))) }
        case "picture": return picture.map { .attachment(attachment(.picture(media($0)))) }
        case "document":
            guard let document, let pages else { return nil }
            let content = Document(
                pages: pages.map {
                    DocumentPage(
                        number: $0.number, width: $0.width, height: $0.height, text: $0.text,
                        form: $0.form.flatMap(DocumentPage.Form.init), picture: $0.picture.map(media))
                }, pageCount: page_count ?? pages.count, file: media(document))
            return .attachment(attachment(.document(content)))
        case "recording":
            let recording = Recording(
                frames: (frames ?? []).map { $0.frame(finding: media) }, video: video.map(media), seconds: seconds ?? 0,
                frameList: frame_list?.map { $0.frame(finding: media) }, form: form.flatMap(VideoForm.init))
            return .attachment(attachment(.recording(recording)))
        default: return nil
        }
    }

    private func attachment(_ content: Attachment.Content) -> Attachment {
        Attachment(
            id: id ?? UUID().uuidString.lowercased(), label: label ?? type,
            takenAt: Date(timeIntervalSince1970: taken_at ?? 0), content: content, recognizedText: recognized_text,
            windowTitle: window_title)
    }
}
