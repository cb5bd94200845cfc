import Conversation
import FoundationEssentials
import History

/// Streams one answer into the history and to a printer.
struct AnswerStream {
    let client: any ChatModel
    let request: ChatRequest
    let printer: AnswerPrinter
    var conversation: Conversation
    let history: History

    /// Asks, and returns the answer with the reason for its end.
    ///
    /// - Throws: `ReplyFailure`, or `CancellationError`; what came is printed and stored by then.
    mutating func run(_ answer: Message) async throws -> (Message, FinishReason) {
        var answer = answer
        let start = ContinuousClock.now
        var elapsed: Double { (ContinuousClock.now - start) / .seconds(1) }
        var stored = 0.0
        conversation.messages.append(answer)
        await store(conversation.messages)
        do {
            for try await delta in client.reply(to: request) {
                answer.append(delta, elapsed: elapsed)
                printer.print(delta)
                if case .finished(let reason) = delta {
                    await store([answer])
                    return (answer, reason)
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
            printer.end()
            await store([answer])
            throw error
        }
    }

    /// Stores messages also when the task was cancelled: what was said so far is kept.
    private func store(_ messages: [Message]) async {
        let (history, conversation) = (history, conversation)
        await Task {
            for message in messages {
                var conversation = conversation
                let place = conversation.messages.firstIndex { $0.id == message.id } ?? conversation.messages.count - 1
                conversation.messages[place] = message
                try? await history.save(message.id, of: conversation)
            }
        }.value
    }
}
