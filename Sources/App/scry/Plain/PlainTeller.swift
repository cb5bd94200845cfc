import Cells
import Conversation
import Session

/// Says what changes in a session, a line a change, for screen readers and for terminals that can do nothing but print.
///
/// It is asked after every change, and says everything once.
struct PlainTeller {
    /// Where the file of a picture is; nil when it is not kept.
    let path: (MediaReference) -> String?

    private var engine = ""
    private var notice: Notice?
    private var isThinkingOn: Bool
    private var conversation: Conversation.ID
    private var told: Set<Message.ID> = []
    private var attachments: Set<Attachment.ID> = []
    private var pending = 0
    private var isRecording = false
    private var isPaused = false
    private var overlay: String = ""
    /// The answer that is told at present, and how much of it is told.
    private var current: (id: Message.ID, reasoning: Int, answer: Int)?
    private var reasoning = PlainLines()
    private var answer = PlainLines()

    /// Begins with a session that is told from its beginning.
    init(_ state: SessionState, path: @escaping (MediaReference) -> String?) {
        self.path = path
        isThinkingOn = state.isThinkingOn
        conversation = ""
    }

    /// What has changed since the last time.
    mutating func lines(_ state: SessionState) -> [String] {
        var lines: [String] = []
        tell(engine: state, &lines)
        if state.conversation.id != conversation { tell(chat: state, &lines) }
        tell(messages: state, &lines)
        if state.isThinkingOn != isThinkingOn {
            isThinkingOn = state.isThinkingOn
            lines.append("Thinking is \(isThinkingOn ? "on" : "off").")
        }
        tell(attachments: state, &lines)
        if state.notice != notice {
            notice = state.notice
            if let notice { lines.append((notice.kind == .problem ? "Problem: " : "Note: ") + notice.text) }
        }
        tell(overlay: state, &lines)
        return lines.map { SafeText.singleLine($0) }
    }

    // MARK: - Parts

    private mutating func tell(engine state: SessionState, _ lines: inout [String]) {
        let words: String
        switch state.engine {
        case .searching: words = "Looking for an engine."
        case .preparing(let step, _): words = "\(step)."
        case .offering(let offer):
            let size = "\((offer.byteCount + 500_000_000) / 1_000_000_000) GB"
            words =
                "There is no engine. \(offer.name) (\(size), \(offer.licence)) can be fetched: write y, or n for "
                + "\(offer.alternative)."
        case .unavailable(let sentence): words = "Problem: \(sentence)"
        case .ready(let profile, let model):
            let place = profile.isLocal ? "" : ", which is not on this machine"
            words = "Engine: \(model.isEmpty ? profile.name : "\(model) on \(profile.name)")\(place)."
        }
        if words != engine { lines.append(words) }
        engine = words
    }

    private mutating func tell(chat state: SessionState, _ lines: inout [String]) {
        conversation = state.conversation.id
        told = []
        current = nil
        guard !state.conversation.messages.isEmpty else { return }
        lines.append("Chat: \(state.conversation.title.isEmpty ? "untitled" : state.conversation.title)")
        for message in state.conversation.messages where message.id != state.reply?.messageID {
            told.insert(message.id)
            lines += whole(message)
        }
    }

    /// A message of earlier.
    private func whole(_ message: Message) -> [String] {
        var lines = message.attachments.map { "Attached: \(describe($0))" }
        let words = SafeText.sanitized(message.text).split(separator: "\n", omittingEmptySubsequences: false)
        let label = message.role == .user ? "You:" : "Answer:"
        if !message.text.isEmpty { lines += ["\(label) \(words.first ?? "")"] + words.dropFirst().map(String.init) }
        return lines + Self.end(of: message)
    }

    private mutating func tell(messages state: SessionState, _ lines: inout [String]) {
        for message in state.conversation.messages where !told.contains(message.id) {
            guard message.role == .assistant else {
                if message.outcome == .queued, state.reply != nil { lines.append("Queued.") }
                told.insert(message.id)
                continue
            }
            follow(message, &lines)
            guard state.reply?.messageID != message.id else { return }
            lines += reasoning.finish() + answer.finish()
            if message.text.isEmpty, message.outcome == .complete { lines.append("No answer came.") }
            lines += Self.end(of: message)
            told.insert(message.id)
            current = nil
        }
    }

    /// Tells what has arrived of an answer.
    private mutating func follow(_ message: Message, _ lines: inout [String]) {
        var place = current?.id == message.id ? current ?? (message.id, 0, 0) : (message.id, 0, 0)
        if let thoughts = message.reasoning?.text, thoughts.utf8.count > place.reasoning {
            if place.reasoning == 0 { lines.append("Reasoning:") }
            lines += reasoning.append(Self.rest(thoughts, from: place.reasoning))
            place.reasoning = thoughts.utf8.count
        }
        let words = message.text
        if words.utf8.count > place.answer {
            if place.answer == 0 { lines += reasoning.finish() + ["Answer:"] }
            lines += answer.append(Self.rest(words, from: place.answer))
            place.answer = words.utf8.count
        }
        current = place
    }

    private static func rest(_ text: String, from start: Int) -> String {
        String(text[text.utf8.index(text.startIndex, offsetBy: start)...])
    }

    private static func end(of message: Message) -> [String] {
        switch message.outcome {
        case .complete, .streaming, .queued: []
        case .stopped: ["Stopped."]
        case .cutByLength: ["The answer was cut: token limit."]
        case .interrupted: ["The answer was interrupted."]
        case .failed(let sentence): ["Problem: \(sentence)"]
        }
    }

    private mutating func tell(attachments state: SessionState, _ lines: inout [String]) {
        if state.pendingAttachments > pending { lines.append("Attaching.") }
        pending = state.pendingAttachments
        for attachment in state.composer.attachments where attachments.insert(attachment.id).inserted {
            lines.append("Attached: \(describe(attachment))")
        }
        if (state.recording != nil) != isRecording {
            isRecording = state.recording != nil
            lines.append(isRecording ? "Recording. /record ends it, /pause pauses it." : "The recording has ended.")
            isPaused = false
        }
        if let recording = state.recording, (recording.pausedAt != nil) != isPaused {
            isPaused = recording.pausedAt != nil
            lines.append(isPaused ? "The recording is paused. /pause goes on with it." : "Recording again.")
        }
    }

    /// What an attachment is, and where it can be looked at.
    private func describe(_ attachment: Attachment) -> String {
        let files = attachment.pictures.prefix(1).compactMap(path)
        let file = files.first.map { ", \($0)" } ?? ""
        switch attachment.content {
        case .picture(let picture): return "picture \(attachment.label), \(picture.width) by \(picture.height)\(file)"
        case .recording(let recording):
            return
                "recording \(attachment.label), \(Int(recording.seconds)) seconds, \(recording.frames.count) frames\(file)"
        case .document(let document):
            return "document \(attachment.label), \(document.pages.count) pages\(file)"
        case .text(let text): return "text \(attachment.label), \(text.utf8.count) bytes"
        }
    }

    // MARK: - Lists

    private mutating func tell(overlay state: SessionState, _ lines: inout [String]) {
        let choices = Self.choices(state)
        let words = choices.joined(separator: "\n")
        if words != overlay, !choices.isEmpty {
            lines += choices + ["A number chooses; an empty line closes the list; letters narrow it."]
        }
        overlay = words
    }

    /// The lines of the list that is open, numbered; none while it is still being made.
    static func choices(_ state: SessionState) -> [String] {
        let names: [String]
        switch state.overlay {
        case .chats(let menu):
            guard !menu.isSearching, menu.chats != nil else { return [] }
            names =
                menu.showsHits
                ? (menu.hits ?? []).map { "\($0.title): \($0.snippet.runs.map(\.text).joined())" }
                : (menu.chats ?? []).prefix(30).map {
                    "\($0.title.isEmpty ? "untitled" : $0.title), \($0.messageCount) messages"
                }
        case .engines(let menu):
            guard !menu.isAsking else { return [] }
            names = menu.entries.map { "\($0.model.id) on \($0.engine.name)" }
        case .themes(let menu):
            guard !menu.listings.isEmpty else { return [] }
            names = menu.entries.map { "\($0.name): \($0.about)" + ($0.name == menu.original ? ", in use" : "") }
        default: return []
        }
        return names.isEmpty ? ["The list is empty."] : names.enumerated().map { "\($0 + 1). \($1)" }
    }
}
