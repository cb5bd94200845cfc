import Conversation
import FoundationEssentials
import History

/// Streams one answer into the history and to a printer.
struct AnswerStream {
    let client: any ChatModel
    let request: ChatRequest
    let printer: AnswerPrinter
    /// The conversation, which ends with the question.
    private(set) var conversation: Conversation
    /// Messages that are not stored as they are now, the question among them.
    let unsaved: [Message]
    /// Where it is kept; nil when it is not.
    let history: History?
    private var isStoring = true

    init(
        client: any ChatModel, request: ChatRequest, printer: AnswerPrinter, conversation: Conversation,
        unsaved: [Message], history: History?
    ) {
        self.client = client
        self.request = request
        self.printer = printer
        self.conversation = conversation
        self.unsaved = unsaved
        self.history = history
    }

    /// How a reply ended: with what came, why, and what went wrong if something did.
    struct End {
        var answer: Message
        var reason: FinishReason
        /// `ReplyFailure` or `CancellationError`; nil when the engine had its say.
        var error: (any Error)?
    }

    /// Asks; what came is printed and stored, also when it is not all.
    mutating func run(_ answer: Message) async -> End {
        var answer = answer
        let start = ContinuousClock.now
        var elapsed: Double { (ContinuousClock.now - start) / .seconds(1) }
        var stored = 0.0
        conversation.messages.append(answer)
        await store(unsaved + [answer])
        do {
            for try await delta in client.reply(to: request) {
                answer.append(delta, elapsed: elapsed)
                printer.print(delta)
                if case .finished(let reason) = delta {
                    await store([answer])
                    return End(answer: answer, reason: reason)
                }
                if elapsed - stored >= 0.25 {
                    stored = elapsed
                    await store([answer])
                }
            }
            throw CancellationError()
        } catch {
            let failure = error as? ReplyFailure
            answer.finish(failure.map { .failed($0.message) } ?? .stopped, elapsed: elapsed)
            await store([answer])
            return End(answer: answer, reason: .other(failure == nil ? "cancelled" : "error"), error: error)
        }
    }

    /// Stores messages also when the task was cancelled; a failure is told once, and the answer goes on.
    private mutating func store(_ messages: [Message]) async {
        guard isStoring, let history else { return }
        for message in messages {
            let place = conversation.messages.firstIndex { $0.id == message.id } ?? conversation.messages.count - 1
            conversation.messages[place] = message
            do {
                try await history.save(message.id, of: conversation)
            } catch {
                isStoring = false
                return Standard.error("scry: \(SafeOutput.text(error.message))\n")
            }
        }
    }
}
