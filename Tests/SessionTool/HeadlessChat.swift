import Conversation
import EngineClient
import FoundationEssentials
import Glibc
import Session

/// One question and its answer, as the chat's loop does them: what the session wants done is done, and comes back as events.
struct HeadlessChat {
    private let client: EngineClient
    private var state = SessionState(now: .measured)
    private var figures = StreamFigures()

    init(profile: EngineProfile, model: String) {
        client = EngineClient(profile: profile, media: NoMedia(), transport: CurlTransport())
        _ = state.handle(.engineChanged(.ready(profile, model: model)), at: .measured)
    }

    mutating func run(asking question: String) async throws -> StreamFigures {
        _ = state.handle(.typed(question), at: .measured)
        var waiting = state.handle(.command(.send), at: .measured)
        while !waiting.isEmpty {
            switch waiting.removeFirst() {
            case .prepare(let turn, let attachments, _, _, _):
                waiting += state.handle(.questionPrepared(turn: turn, attachments: attachments), at: .measured)
            case .ask(let order): try await stream(order)
            default: break  // Storing and counting are other adapters' work.
            }
        }
        let answer = state.conversation.messages.last { $0.role == .assistant }
        figures.answerBytes = answer?.text.utf8.count ?? 0
        return figures
    }

    private mutating func stream(_ order: ReplyOrder) async throws {
        figures.begin()
        for try await delta in client.reply(to: order.request) {
            figures.note(delta)
            _ = state.handle(.replyArrived(turn: order.turn, [delta]), at: .measured)
        }
        figures.end()
    }
}

/// Nothing is attached.
private struct NoMedia: MediaLibrary {
    func bytes(of media: MediaReference) throws -> [UInt8] {
        throw ReplyFailure(.attachmentUnreadable, "The benchmark attaches nothing.")
    }
}

extension SessionTime {
    static var measured: SessionTime { SessionTime(uptime: Clock.monotonic, date: Date()) }
}
