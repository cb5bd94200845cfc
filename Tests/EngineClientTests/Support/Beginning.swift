import Conversation

@testable import EngineClient

/// How far a reply has come in what a recording says; a piece is compared once, however long the reply is.
struct Beginning {
    private let reasoning: [UInt8]
    private let answer: [UInt8]
    private var reasoningCount = 0
    /// How many bytes of the answer have come.
    private(set) var answerCount = 0
    /// Whether everything that came is the beginning of what the recording says.
    private(set) var isBeginning = true
    /// Why the reply ended, once it has.
    private(set) var finish: FinishReason?

    init(of recording: RecordedReply) {
        reasoning = Array((recording.reasoning ?? "").utf8)
        answer = Array(Self.plain(recording.answer ?? "").utf8)
    }

    /// Whether the whole answer has come.
    var isWholeAnswer: Bool { isBeginning && answerCount == answer.count }
    /// Whether all of the reasoning has come.
    var isWholeReasoning: Bool { isBeginning && reasoningCount == reasoning.count }

    /// Takes out what a decoder has to say.
    mutating func take(_ decoder: inout ReplyDecoder) {
        for delta in decoder.deltas {
            switch delta {
            case .reasoning(let text): reasoningCount = count(text, of: reasoning, after: reasoningCount)
            case .answer(let text): answerCount = count(Self.plain(text), of: answer, after: answerCount)
            case .finished(let reason): finish = reason
            default: break
            }
        }
        decoder.deltas.removeAll()
    }

    /// Compares the next piece of a text, and returns how much of it has come then.
    private mutating func count(_ piece: String, of whole: [UInt8], after count: Int) -> Int {
        // By bytes: half of a family is no beginning of a family in characters.
        let rest = whole[count...]
        if !rest.starts(with: piece.utf8) { isBeginning = false }
        return min(count + piece.utf8.count, whole.count)
    }

    /// The short answer is bold once its box is closed, and plain before.
    private static func plain(_ text: String) -> String {
        text.utf8.contains(UInt8(ascii: "*")) ? text.replacing("**green**", with: "green") : text
    }
}
