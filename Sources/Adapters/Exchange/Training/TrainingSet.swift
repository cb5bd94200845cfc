public import Conversation
import FoundationEssentials

/// Makes a data set for fine-tuning out of chats: LLaMA-Factory's "sharegpt" JSON, the media beside it, and the entry for
/// `dataset_info.json`.
///
///     var set = TrainingSet(form: .glm45v, folder: path, media: media)
///     for chat in chats { try set.add(chat) }
///     try set.write(replaces: false)
///
/// Of every chat the turns that are good are kept, one example a chat: each question with its answer. Turns that failed,
/// were stopped or cut are left out whatever was said of them, and so is a turn whose picture is gone.
public struct TrainingSet {
    /// The model that is going to be trained, which decides how an answer is written down.
    public enum Form: String, Sendable, CaseIterable {
        /// GLM-4.1V-Thinking: the thoughts in `<think>`, the answer in `<answer>`.
        case glm41v = "glm-4.1v"
        /// GLM-4.5V: the thoughts in `<think>`, then the answer.
        case glm45v = "glm-4.5v"

        /// The name of the chat template in LLaMA-Factory.
        public var template: String { self == .glm41v ? "glm4v" : "glm4_5v" }
    }

    /// What became of the chats.
    public struct Summary: Sendable, Equatable {
        /// Chats with something to learn from.
        public var examples = 0
        /// Questions with their answers.
        public var turns = 0
        /// Good turns that were left out, since their answer is not whole.
        public var unfinished = 0
        /// Good turns that were left out, since a picture of theirs is gone.
        public var missing = 0
        /// Files of pictures and videos.
        public var media = 0

        /// Nothing yet.
        public init() {}
    }

    /// What was added until now.
    public private(set) var summary = Summary()

    private let form: Form
    private let path: String
    private var folder: MediaFolder
    private let isGood: (Message) -> Bool
    private let correction: (Message) -> String?
    private var examples: [TrainingExample] = []
    private var files: Set<String> = []

    /// - Parameters:
    ///   - form: The model to train.
    ///   - folder: Where the set goes; it is made when it is written.
    ///   - media: Has the bytes of pictures and videos.
    ///   - correction: What the answer should have been, where a person wrote it; then the thoughts are left out, for they
    ///     led somewhere else.
    ///   - isGood: Whether an answer is one to learn from.
    public init(
        form: Form, folder: String, media: any MediaLibrary,
        correction: @escaping (Message) -> String? = { $0.mark?.correction },
        isGood: @escaping (Message) -> Bool = { $0.mark?.verdict == .good }
    ) {
        self.form = form
        path = folder
        self.folder = MediaFolder(path: folder + "/media", media: media)
        self.isGood = isGood
        self.correction = correction
    }

    /// Takes the good turns of a chat, and copies their media.
    public mutating func add(_ conversation: Conversation) throws(ExchangeFailure) {
        var example = TrainingExample()
        var questions: [Message] = []
        for message in conversation.messages {
            guard message.role == .assistant else {
                questions.append(message)
                continue
            }
            let asked = questions
            questions = []
            let corrected = correction(message).flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 }
            guard isGood(message) || corrected != nil, !asked.isEmpty else { continue }
            guard corrected != nil || message.outcome == .complete, !(corrected ?? message.text).isEmpty else {
                summary.unfinished += 1
                continue
            }
            var turn = TrainingTurn()
            guard try fill(&turn, with: asked) else {
                summary.missing += 1
                continue
            }
            turn.answer = TrainingText.answer(message, corrected: corrected, form)
            example.append(turn)
            summary.turns += 1
        }
        guard !example.messages.isEmpty else { return }
        // The rule of the loader, checked on what is really written.
        guard example.isBalanced else {
            throw ExchangeFailure(
                .notUnderstood, "Chat \(conversation.id) has a placeholder too many or too few; leave it out.")
        }
        examples.append(example)
        summary.examples += 1
    }

    /// Writes `finetune.json` and `dataset_info.json`.
    ///
    /// - Throws: `.nothing` when no turn was good, `.exists` when files are there that may not be replaced.
    public func write(replaces: Bool) throws(ExchangeFailure) {
        guard !examples.isEmpty else {
            throw ExchangeFailure(
                .nothing, "No answer is marked good in these chats; mark the ones to learn from, or name others.")
        }
        try NewFile.makeFolder(path)
        let hasVideos = examples.contains { !$0.videos.isEmpty }
        let info = DatasetInfo(name: "scry", file: "finetune.json", hasVideos: hasVideos)
        for (name, content) in [("finetune.json", try json(examples)), ("dataset_info.json", try json(info.entries))] {
            try NewFile.write("\(path)/\(name)", replaces: replaces) { file throws(ExchangeFailure) in
                try file.write(content)
            }
        }
    }

    /// Tells whether the set may be written, before any media are copied.
    public func check(replaces: Bool) throws(ExchangeFailure) {
        try NewFile.makeFolder(path)
        for name in ["finetune.json", "dataset_info.json"] where !replaces {
            try NewFile.checkAbsence("\(path)/\(name)")
        }
    }

    // MARK: - Questions

    /// Writes what was asked, as an engine got it: attachments first, then the words.
    ///
    /// - Returns: False when a picture is gone.
    private mutating func fill(_ turn: inout TrainingTurn, with questions: [Message]) throws(ExchangeFailure) -> Bool {
        var pieces: [String] = []
        for attachment in questions.flatMap(\.attachments) {
            switch attachment.content {
            case .text(let text):
                pieces.append(TrainingText.document(text, label: attachment.label))
            case .picture(let picture):
                guard let name = try file(of: picture) else { return false }
                turn.images.append(name)
                pieces.append("<image>")
            case .document(let document):
                for page in document.pages {
                    switch page.form {
                    case .picture:
                        guard let picture = page.picture, let name = try file(of: picture) else { return false }
                        turn.images.append(name)
                        pieces.append("[\(page.number)]<image>")
                    case .text:
                        pieces.append(
                            TrainingText.document(page.text, label: "\(attachment.label), page \(page.number)"))
                    case .omitted, nil: continue
                    }
                }
            case .recording(let recording):
                if let video = recording.video, let name = try file(of: video) {
                    turn.videos.append(name)
                    pieces.append("<video>")
                    continue
                }
                for frame in recording.frames {
                    guard let name = try file(of: frame.picture) else { return false }
                    turn.images.append(name)
                    pieces.append("[\(TrainingText.clock(frame.time))]<image>")
                }
            }
        }
        pieces += questions.map { TrainingText.neutralized($0.text) }.filter { !$0.isEmpty }
        turn.question = pieces.joined(separator: "\n")
        return true
    }

    private mutating func file(of reference: MediaReference) throws(ExchangeFailure) -> String? {
        try NewFile.makeFolder(path)
        guard let name = try folder.add(reference) else { return nil }
        if files.insert(name).inserted { summary.media += 1 }
        return "media/" + name
    }

    private func json(_ value: some Encodable) throws(ExchangeFailure) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else {
            throw ExchangeFailure(.notUnderstood, "The training data cannot be written as JSON.")
        }
        return Array(data) + [UInt8(ascii: "\n")]
    }
}
