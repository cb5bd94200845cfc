/// Separates what an engine thinks from what it answers, in a text that arrives in any cut.
///
/// Rules, each of which some engine needs:
/// - `<think>` begins reasoning only before the first word of the answer; later it is a word like any other.
/// - `</think>` ends it. Where the prompt already began the thinking, the closing tag comes without an opening one; that
///   is known beforehand (`startsInReasoning`) for some models. Where it is not known, what came before has been given out
///   as answer already: the tag becomes a break between paragraphs.
/// - `<answer>` before the answer's first word, and its `</answer>`, are taken out.
/// - `<|begin_of_box|>4<|end_of_box|>` marks the short answer: the inside becomes bold where that is safe Markdown, and
///   plain text elsewhere.
/// - Role tokens that an engine lets slip, as `<|user|>`, are taken out, unless a backtick before them shows that the
///   answer speaks of them.
/// - Line breaks before the first word are taken out.
///
/// Tags are recognized in any case. At most the length of a tag, or of a short box, is held back.
public struct ReasoningSplitter: Sendable {
    /// A piece of what was taken apart.
    public enum Piece: Sendable, Equatable {
        case reasoning(String)
        case answer(String)
    }

    private enum Mode { case reasoning, answer }

    private enum Tag: CaseIterable {
        case think, endThink, answer, endAnswer, box, endBox
        case user, assistant, observation, endOfText, endOfTurn

        var text: StaticString {
            switch self {
            case .think: "<think>"
            case .endThink: "</think>"
            case .answer: "<answer>"
            case .endAnswer: "</answer>"
            case .box: "<|begin_of_box|>"
            case .endBox: "<|end_of_box|>"
            case .user: "<|user|>"
            case .assistant: "<|assistant|>"
            case .observation: "<|observation|>"
            case .endOfText: "<|endoftext|>"
            case .endOfTurn: "<|im_end|>"
            }
        }
    }

    private enum Match { case none, partial, tag(Tag, length: Int) }

    private static let longestBox = 120

    private var mode: Mode
    /// Bytes that cannot be told apart yet: the beginning of a tag.
    private var held: [UInt8] = []
    /// White space before the first word of the present mode.
    private var leading: [UInt8] = []
    /// Whether the present mode has said its first word.
    private var hasWords = false
    /// Whether the answer has said its first word.
    private var hasAnswered = false
    /// Whether a closing tag of the reasoning has been taken out.
    private var hasClosed = false
    private var isInsideAnswerTag = false
    /// The inside of the box that is being received; nil outside of one.
    private var box: [UInt8]?
    /// What was given out before the box.
    private var byteBeforeBox: UInt8 = 0
    /// The last byte that was given out.
    private var lastByte: UInt8 = 0x0A
    /// What was taken for reasoning only because it was assumed to begin with it; nil once that is known for sure.
    private var assumed: String?

    /// Makes a splitter.
    ///
    /// - Parameters:
    ///   - startsInReasoning: Whether the prompt begins the thinking, so that no opening tag comes.
    ///   - continuesWords: Whether the text goes on in the middle of what was said before, so that its blanks count.
    public init(startsInReasoning: Bool = false, continuesWords: Bool = false) {
        mode = startsInReasoning ? .reasoning : .answer
        assumed = startsInReasoning ? "" : nil
        hasWords = continuesWords
        hasAnswered = continuesWords && !startsInReasoning
    }

    /// Notes that the engine sends reasoning in a field of its own, so that none is expected without a tag.
    public mutating func noteSeparateReasoning() {
        guard assumed == "" else { return }
        assumed = nil
        mode = .answer
    }

    /// Takes more text, and returns what can be told apart.
    public mutating func feed(_ text: String) -> [Piece] {
        var pieces: [Piece] = []
        held.append(contentsOf: text.utf8)
        var start = 0
        var index = 0
        while index < held.count {
            guard held[index] == UInt8(ascii: "<") else {
                index += 1
                continue
            }
            switch match(at: index) {
            case .none:
                index += 1
            case .partial:
                give(held[start..<index], &pieces)
                held.removeFirst(index)
                return pieces
            case .tag(let tag, let length):
                give(held[start..<index], &pieces)
                start = handle(tag, &pieces) ? index + length : index
                index += length
            }
        }
        give(held[start...], &pieces)
        held.removeAll(keepingCapacity: true)
        return pieces
    }

    /// Takes the end of the text, and returns what was held back.
    ///
    /// - Parameter wasCut: Whether the reply ended before the engine was done. When it was not, and all of it was taken for
    ///   reasoning by assumption alone, it is given out again as the answer that it was.
    public mutating func finish(wasCut: Bool = false) -> [Piece] {
        var pieces: [Piece] = []
        let rest = held
        held = []
        give(rest[...], &pieces)
        closeBox(asBold: false, &pieces)
        if !wasCut, let assumed, !assumed.isEmpty { pieces.append(.answer(assumed)) }
        assumed = nil
        return pieces
    }

    // MARK: - Tags

    private func match(at index: Int) -> Match {
        var isPartial = false
        for tag in Tag.allCases {
            let text = tag.text
            let length = text.utf8CodeUnitCount
            let available = min(length, held.count - index)
            var matches = true
            for offset in 0..<available {
                let byte = held[index + offset]
                let folded = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
                if folded != text.utf8Start[offset] {
                    matches = false
                    break
                }
            }
            guard matches else { continue }
            if available == length { return .tag(tag, length: length) }
            isPartial = true
        }
        return isPartial ? .partial : .none
    }

    /// Does what a tag asks for; false when it is a word of the text.
    private mutating func handle(_ tag: Tag, _ pieces: inout [Piece]) -> Bool {
        let isQuoted = lastByte == UInt8(ascii: "`")
        switch (tag, mode) {
        case (.think, .answer):
            if hasAnswered { return false }
            enter(.reasoning)
        case (.think, .reasoning):
            // The prompt began the thinking, and the model begins it once more.
            if hasWords { return false }
            assumed = nil
        case (.endThink, .reasoning):
            assumed = nil
            hasClosed = true
            enter(.answer)
        case (.endThink, .answer):
            if hasClosed || isQuoted { return false }
            hasClosed = true
            if hasAnswered {
                closeBox(asBold: false, &pieces)
                pieces.append(.answer("\n\n"))
            }
            enter(.answer)
        case (.answer, .answer):
            if hasAnswered { return false }
            isInsideAnswerTag = true
        case (.endAnswer, .answer):
            if !isInsideAnswerTag { return false }
            isInsideAnswerTag = false
        case (.box, .answer):
            if isQuoted { return false }
            closeBox(asBold: false, &pieces)
            box = []
            byteBeforeBox = lastByte
        case (.endBox, .answer):
            if isQuoted && box == nil { return false }
            closeBox(asBold: true, &pieces)
        case (.answer, .reasoning), (.endAnswer, .reasoning):
            return false
        default:
            return !isQuoted
        }
        return true
    }

    private mutating func enter(_ mode: Mode) {
        self.mode = mode
        hasWords = false
        leading = []
        lastByte = 0x0A
    }

    // MARK: - Text

    /// Gives out text of the present mode, or keeps it while a box is open.
    private mutating func give(_ bytes: ArraySlice<UInt8>, _ pieces: inout [Piece]) {
        guard !bytes.isEmpty else { return }
        if let last = bytes.last { lastByte = last }
        guard mode == .answer, box != nil else { return giveWords(bytes, &pieces) }
        box?.append(contentsOf: bytes)
        if let box, box.count > Self.longestBox || box.contains(0x0A) { closeBox(asBold: false, &pieces) }
    }

    private mutating func closeBox(asBold: Bool, _ pieces: inout [Piece]) {
        guard let inside = box else { return }
        box = nil
        let words = String(decoding: inside, as: UTF8.self).trimmed
        // Markup inside or at the edge would make something else of the two asterisks.
        let isSafe = asBold && !words.isEmpty && !words.utf8.contains { "*_`\\~".utf8.contains($0) }
        guard isSafe, byteBeforeBox != UInt8(ascii: "*") else { return giveWords(inside[...], &pieces) }
        giveWords(Array("**\(words)**".utf8)[...], &pieces)
    }

    private mutating func giveWords(_ bytes: ArraySlice<UInt8>, _ pieces: inout [Piece]) {
        guard !bytes.isEmpty else { return }
        if hasWords { return append(String(decoding: bytes, as: UTF8.self), &pieces) }
        guard let first = bytes.firstIndex(where: { !isSpace($0) }) else {
            leading.append(contentsOf: bytes)
            return
        }
        leading.append(contentsOf: bytes[..<first])
        // The blanks of the first line are kept: they may indent code.
        let indentation = leading.lastIndex { $0 == 0x0A || $0 == 0x0D }.map { leading[($0 + 1)...] } ?? leading[...]
        let text = String(decoding: indentation + bytes[first...], as: UTF8.self)
        leading = []
        hasWords = true
        if mode == .answer { hasAnswered = true }
        append(text, &pieces)
    }

    private mutating func append(_ text: String, _ pieces: inout [Piece]) {
        switch mode {
        case .reasoning:
            assumed?.append(text)
            pieces.append(.reasoning(text))
        case .answer:
            pieces.append(.answer(text))
        }
    }

    private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
