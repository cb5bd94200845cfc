import Conversation
import FoundationEssentials
import History
import Session

/// Streams one answer into the history and to a printer.
///
/// An answer may take several requests: when the thinking is ended, and when the engine refuses the first for its length.
struct AnswerStream {
    let client: any ChatModel
    let printer: AnswerPrinter
    private(set) var rules: AnswerRules
    /// The conversation, which ends with the question.
    private(set) var conversation: Conversation
    /// Messages that are not stored as they are now, the question among them.
    let unsaved: [Message]
    /// Where it is kept; nil when it is not.
    let history: History?
    private var request: ChatRequest
    private var isStoring = true
    private let start = ContinuousClock.now
    private var stored = 0.0
    private var isStored = true
    private var thinking = ThinkingMeter()
    private var repetition = RepetitionGuard()
    /// What estimates are multiplied with, once the engine has refused a request for its length.
    private var correction: Double?
    private var lastOmission: String?

    init(
        client: any ChatModel, request: ChatRequest, printer: AnswerPrinter, rules: AnswerRules,
        conversation: Conversation, unsaved: [Message], history: History?
    ) {
        self.client = client
        self.request = request
        self.printer = printer
        self.rules = rules
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

        /// Whether the answer is not all that the engine had to say.
        var isCut: Bool { reason == .length || reason == .repetition }
    }

    /// Asks; what came is printed and stored, also when it is not all.
    mutating func run(_ answer: Message) async -> End {
        var answer = answer
        conversation.messages.append(answer)
        await store(unsaved + [answer])
        do {
            while true {
                let fitted = try fitting()
                do {
                    guard let reason = try await listen(to: fitted, &answer) else { continue }
                    await store([answer])
                    return End(answer: answer, reason: reason)
                } catch let failure as ReplyFailure {
                    guard learns(from: failure, fitted) else { throw failure }
                }
            }
        } catch {
            let failure = error as? ReplyFailure
            answer.finish(failure.map { .failed($0.message) } ?? .stopped, elapsed: elapsed)
            await store([answer])
            return End(answer: answer, reason: .other(failure == nil ? "cancelled" : "error"), error: error)
        }
    }

    private var elapsed: Double { (ContinuousClock.now - start) / .seconds(1) }

    // MARK: - Listening

    /// Takes one reply; nil when the thinking was ended and the engine is to be asked for the answer.
    private mutating func listen(to request: ChatRequest, _ answer: inout Message) async throws -> FinishReason? {
        for try await delta in Self.ticking(client.reply(to: request)) {
            guard let delta else {
                await storeWhatCame(answer)
                continue
            }
            isStored = false
            answer.append(delta, elapsed: elapsed)
            printer.print(delta)
            switch delta {
            case .finished(let reason): return reason
            case .reasoning(let text):
                thinking.add(text)
                if isStopped(by: text) { return stop(&answer) }
                if endsThinking(&answer) { return nil }
            case .answer(let text):
                if isStopped(by: text) { return stop(&answer) }
            default: break
            }
            await storeWhatCame(answer)
        }
        throw CancellationError()
    }

    /// A reply with a nil ten times a second: what came before a pause is not to wait for what comes after it.
    private static func ticking(
        _ reply: AsyncThrowingStream<ReplyDelta, any Error>
    ) -> AsyncThrowingStream<ReplyDelta?, any Error> {
        let (stream, continuation) = AsyncThrowingStream<ReplyDelta?, any Error>.makeStream()
        let reading = Task {
            do {
                for try await delta in reply { continuation.yield(delta) }
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
        let ticks = Task {
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(storePause))
                continuation.yield(nil)
            }
        }
        continuation.onTermination = { _ in
            reading.cancel()
            ticks.cancel()
        }
        return stream
    }

    private mutating func endsThinking(_ answer: inout Message) -> Bool {
        let seconds = max(0, elapsed - (answer.timing?.firstToken ?? 0))
        guard answer.isThinking, request.continuing == nil, rules.ends(thinking, after: seconds) else { return false }
        request.continuing = answer.endThinking(at: thinking.tokens, after: seconds)
        printer.note(thinking.notice)
        return true
    }

    private mutating func isStopped(by text: String) -> Bool {
        guard repetition.add(text) != nil else { return false }
        if !rules.stopsRepetition {
            printer.note("The engine repeats itself: Ctrl+C stops it; stop_repetition = true does so without asking.")
        }
        return rules.stopsRepetition
    }

    private func stop(_ answer: inout Message) -> FinishReason {
        answer.finish(.stopped, elapsed: elapsed)
        printer.note("The engine repeated itself and was stopped.")
        return .repetition
    }

    // MARK: - Fitting

    /// The request without what does not fit; what is left out is told once.
    private mutating func fitting() throws(ReplyFailure) -> ChatRequest {
        let (fitted, notice) = try rules.fitting(request, correction: correction ?? 1)
        if let notice, notice != lastOmission { printer.note(notice) }
        lastOmission = notice
        return fitted
    }

    /// Whether a refused request is worth sending shorter, by the engine's own measure.
    private mutating func learns(from failure: ReplyFailure, _ sent: ChatRequest) -> Bool {
        guard correction == nil, case .contextTooLong(let needed, let limit) = failure.kind else { return false }
        let estimate = TokenEstimate(model: rules.model.id)
        let expected = estimate.count(sent).total
        guard
            let measure = ContextMeasure(
                needed: needed, limit: limit, known: rules.model.contextLength, estimate: expected)
        else { return false }
        var learned = self
        learned.rules.model.contextLength = measure.length
        learned.correction = measure.correction
        guard let shorter = try? learned.rules.fitting(request, correction: measure.correction).request,
            estimate.count(shorter).total < expected
        else { return false }
        self = learned
        return true
    }

    // MARK: - Storing

    /// A kill may cost a quarter of a second of an answer: what comes right after a tick waits for the second one after it.
    private static let storePause = 0.1

    private mutating func storeWhatCame(_ answer: Message) async {
        guard !isStored, elapsed - stored >= Self.storePause else { return }
        (stored, isStored) = (elapsed, true)
        await store([answer])
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

extension FinishReason {
    /// Scry ended an answer that went round in circles.
    static let repetition = FinishReason.other("repetition")
}
