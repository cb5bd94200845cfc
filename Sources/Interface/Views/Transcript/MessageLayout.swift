import Cells
import Conversation
import Session

/// The lines of one message, made as far as they are needed and kept.
///
/// A streamed answer's text is read from where it was read before; nothing here holds on to the message, so that the
/// session goes on appending in place.
struct MessageLayout {
    /// What decides about the lines beside the message's text.
    struct Manner: Equatable {
        var width: Int
        var isReasoningOpen: Bool
        var reasoningHeading: String?
        /// Whether more of it is awaited.
        var isLive = false
        /// What is said behind the end of an answer that can be gone on with; nil where nothing is.
        var continuation: String?
        /// What is said about the message above it: its mark, its versions; nil for nothing.
        var note: String?
    }

    /// The frame in which it was last drawn.
    var lastUse = 0

    private var manner: Manner?
    private var outcome: Message.Outcome?
    private var attachments: [Attachment] = []
    private var head: [TranscriptLine] = []
    /// The words of a question.
    private var said: [TranscriptLine] = []
    private var reasoning: MarkdownStream?
    private var reasoningLength = 0
    private var hasGap = false
    private var answer: MarkdownStream?
    private var answerLength = 0
    private var end: [TranscriptLine] = []

    private static let reasoningBar = "│ "

    /// The number of lines, the empty one at the end included.
    var count: Int { wordsStart + wordsCount + end.count + 1 }

    private var reasoningCount: Int { reasoning?.count ?? 0 }
    private var answerCount: Int { answer?.count ?? 0 }
    private var wordsCount: Int { said.count + answerCount }
    private var wordsStart: Int { head.count + reasoningCount + (hasGap ? 1 : 0) }

    /// A line, from the top.
    func line(_ index: Int, _ theme: Theme) -> TranscriptLine {
        var rest = index
        if rest < head.count { return head[rest] }
        rest -= head.count
        if let reasoning, rest < reasoning.count {
            var line = reasoning[rest]
            line.runs.insert(StyledRun(Self.reasoningBar, style: theme.reasoning), at: 0)
            line.indent += Self.reasoningBar.count
            return line
        }
        rest -= reasoningCount
        if hasGap {
            if rest == 0 { return .blank }
            rest -= 1
        }
        if rest < said.count { return said[rest] }
        if let answer, rest < answer.count { return answer[rest] }
        rest -= wordsCount
        return rest < end.count ? end[rest] : .blank
    }

    // MARK: - Places

    /// The place in the message that a line was made of.
    func point(of index: Int) -> MessagePoint {
        if index < head.count {
            let line = head[max(0, index)]
            return MessagePoint(.head, line: line.source, offset: line.offset)
        }
        if let reasoning, index - head.count < reasoning.count {
            let line = reasoning[index - head.count]
            return MessagePoint(.reasoning, line: line.source, offset: line.offset)
        }
        let place = index - wordsStart
        if place < 0 { return MessagePoint(.words, line: -1) }
        guard place < wordsCount else { return MessagePoint(.end, line: place - wordsCount) }
        let line = place < said.count ? said[place] : answer?[place] ?? .blank
        return MessagePoint(.words, line: line.source, offset: line.offset)
    }

    /// The lines of the source that a line of the words stands for, as they are selected; nil for other lines.
    func unit(of index: Int) -> Range<Int>? {
        let place = index - wordsStart
        guard place >= 0, place < wordsCount else { return nil }
        let start = source(of: place)
        var next = place + 1
        while next < wordsCount, source(of: next) == start { next += 1 }
        // The last one ends where the message ends.
        return start..<(next < wordsCount ? max(start + 1, source(of: next)) : Int.max)
    }

    /// What a click on a line asks for.
    enum Target: Equatable {
        case reasoning
        case attachment(Int)
    }

    /// What is shown in a line that can be clicked on; nil where nothing is.
    func target(of index: Int) -> Target? {
        guard index >= 0, index < head.count else { return nil }
        if manner?.reasoningHeading != nil { return index == head.count - 1 ? .reasoning : nil }
        // What is said about the message is no attachment.
        return head[index].source > 0 ? .attachment(head[index].source - 1) : nil
    }

    /// The lines that show the words.
    var words: Range<Int> { wordsStart..<(wordsStart + wordsCount) }

    private func source(of place: Int) -> Int {
        place < said.count ? said[place].source : answer?[place - said.count].source ?? 0
    }

    /// The line that shows a place, or what is above it where nothing shows it.
    func index(of point: MessagePoint) -> Int {
        switch point.section {
        case .head:
            return max(0, head.lastIndex { ($0.source, $0.offset) <= (point.line, point.offset) } ?? 0)
        case .reasoning:
            guard let reasoning, reasoning.count > 0 else { return max(0, head.count - 1) }
            return head.count + reasoning.index(of: point.line, point.offset)
        case .words:
            if point.line < 0, hasGap { return wordsStart - 1 }
            guard wordsCount > 0 else { return max(0, wordsStart - 1) }
            if let answer { return wordsStart + answer.index(of: point.line, point.offset) }
            let above = said.lastIndex { ($0.source, $0.offset) <= (point.line, point.offset) }
            return wordsStart + (above ?? 0)
        case .end: return wordsStart + wordsCount + max(0, min(point.line, end.count))
        }
    }

    // MARK: - Bringing it up to date

    /// Makes the lines those of the message as it is now.
    mutating func update(_ message: Message, manner: Manner, context: ViewContext) {
        let length = Self.length(of: message)
        if message.role == .user {
            guard
                self.manner != manner || outcome != message.outcome || answerLength != length
                    || !Self.hasSameAttachments(message, attachments)
            else { return }
            layOutQuestion(message, manner, context)
            answerLength = length
            attachments = message.attachments
        } else {
            let isSame = self.manner == manner && outcome == message.outcome && answerLength == length
            guard !isSame || manner.isLive else { return }
            updateAnswer(message, length: length, manner: manner, context)
        }
        self.manner = manner
        outcome = message.outcome
    }

    private mutating func updateAnswer(_ message: Message, length: Int, manner: Manner, _ context: ViewContext) {
        // An answer that is gone on with goes on in the middle of what was taken for its end.
        let isResumed = manner.isLive && self.manner?.isLive == false
        if self.manner?.width != manner.width || length < answerLength || isResumed { answer = nil }
        head = [(manner.note, context.theme.dim), (manner.reasoningHeading, context.theme.reasoningHeading)].compactMap
        {
            text, style in
            text.map { TranscriptLine(StyledText($0.shortened(to: manner.width), style: style)) }
        }
        for index in head.indices { head[index].source = index }
        updateReasoning(message, manner, context)
        if answer == nil {
            answer = MarkdownStream(width: manner.width, styles: MarkdownStyles(context.theme))
            answerLength = 0
        }
        if length > answerLength {
            Self.read(message, from: answerLength) { answer?.append($0) }
            answerLength = length
        }
        if manner.isLive { answer?.settle() } else { answer?.finish() }
        hasGap = manner.reasoningHeading != nil && answerCount > 0
        layOutEnd(message, manner, context)
    }

    private mutating func updateReasoning(_ message: Message, _ manner: Manner, _ context: ViewContext) {
        guard manner.isReasoningOpen, let length = Self.reasoningText(message, { $0.utf8.count }) else {
            reasoning = nil
            return
        }
        if self.manner?.width != manner.width || length < reasoningLength { reasoning = nil }
        if reasoning == nil {
            let width = manner.width - DisplayWidth.columns(of: Self.reasoningBar)
            reasoning = MarkdownStream(width: width, styles: MarkdownStyles(reasoning: context.theme))
            reasoningLength = 0
        }
        if length > reasoningLength {
            let from = reasoningLength
            let new = Self.reasoningText(message) { text in
                String(text[text.utf8.index(text.startIndex, offsetBy: from)...])
            }
            if let new { reasoning?.append(new) }
            reasoningLength = length
        }
        reasoning?.settle()
    }

    private mutating func layOutEnd(_ message: Message, _ manner: Manner, _ context: ViewContext) {
        end = []
        let isEmpty = answerCount == 0
        let words: (String, Style)? =
            switch message.outcome {
            case .streaming where manner.isLive: isEmpty && head.isEmpty ? ("…", context.theme.dim) : nil
            case .complete: isEmpty ? ("■ no answer", context.theme.dim) : nil
            case .queued: ("queued", context.theme.dim)
            case .stopped: ("■ stopped", context.theme.dim)
            case .cutByLength: ("✂ cut: token limit", context.theme.dim)
            case .interrupted, .streaming: ("■ interrupted", context.theme.dim)
            case .failed(let sentence): ("⚠ " + SafeText.singleLine(sentence), context.theme.problem)
            }
        guard var words else { return }
        if let continuation = manner.continuation { words.0 += " · " + continuation }
        end = TextLayout(width: manner.width, nextPrefix: "  ").lines(of: words.0, style: words.1).map {
            TranscriptLine(runs: $0.runs)
        }
    }

    private mutating func layOutQuestion(_ message: Message, _ manner: Manner, _ context: ViewContext) {
        let theme = context.theme
        let width = manner.width
        let bar = StyledText("▌ ", style: theme.userBar)
        let layout = TextLayout(width: width, firstPrefix: bar, nextPrefix: bar)
        head = (manner.note.map { layout.lines(of: $0, style: theme.dim) } ?? []).map { TranscriptLine(runs: $0.runs) }
        for (number, attachment) in message.attachments.enumerated() {
            let chip = context.chip(attachment).shortened(to: width - bar.columns)
            head += layout.lines(of: chip, style: theme.chip).map { TranscriptLine(runs: $0.runs).from(number + 1, 0) }
            let pictures = AttachmentPictures(attachment, width: width, bar: bar, context: context).lines
            // A place in a picture is a share of it, whatever its height.
            head += pictures.enumerated().map { $1.from(number + 1, 1 + $0 * 1_000 / pictures.count) }
        }
        let words = SafeText.sanitized(Self.words(of: message))
        said = []
        if !words.isEmpty || head.isEmpty {
            for (source, words) in words.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                said += layout.lines(of: String(words), style: theme.userText).map {
                    TranscriptLine($0).from(source, $0.source.lowerBound)
                }
            }
        }
        end = []
        if message.outcome == .queued {
            end += layout.lines(of: Self.queued(context), style: theme.dim).map { TranscriptLine(runs: $0.runs) }
        }
    }

    private static func queued(_ context: ViewContext) -> String {
        ["queued", context.hint(.moveUp, "takes it back")].compactMap(\.self).joined(separator: " · ")
    }

    /// The words of a question, with the names of what is attached in the middle of them.
    private static func words(of message: Message) -> String {
        var words = ""
        for part in message.parts {
            switch part {
            case .text(let text): words += text
            case .reasoning: break
            case .attachment(let attachment):
                guard !words.isEmpty else { continue }
                words += "[\(ViewContext.symbol(of: attachment)) \(attachment.label.shortened(to: 32))]"
            }
        }
        return words
    }

    // MARK: - Reading the message

    /// The UTF-8 length of the words, without joining them.
    private static func length(of message: Message) -> Int {
        var length = 0
        for case .text(let text) in message.parts { length += text.utf8.count }
        return length
    }

    private static func read(_ message: Message, from start: Int, _ take: (String) -> Void) {
        var skipped = 0
        for case .text(let text) in message.parts {
            let count = text.utf8.count
            if skipped + count > start {
                let from = text.utf8.index(text.startIndex, offsetBy: max(0, start - skipped))
                take(String(text[from...]))
            }
            skipped += count
        }
    }

    private static func reasoningText<Result>(_ message: Message, _ body: (String) -> Result) -> Result? {
        for case .reasoning(let reasoning) in message.parts { return body(reasoning.text) }
        return nil
    }

    private static func hasSameAttachments(_ message: Message, _ attachments: [Attachment]) -> Bool {
        var index = 0
        for case .attachment(let attachment) in message.parts {
            guard index < attachments.count, attachments[index] == attachment else { return false }
            index += 1
        }
        return index == attachments.count
    }
}
