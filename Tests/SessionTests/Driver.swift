import Conversation
import FoundationEssentials
import Session

/// Feeds a session with events on a clock of its own, and keeps what it asked for.
struct Driver {
    var state: SessionState
    var effects: [SessionEffect] = []
    var uptime = 100.0

    init(engine: EngineProfile? = .seeing, thinking: Bool = true) {
        state = SessionState(
            settings: SessionSettings(startsThinking: thinking), now: SessionTime(uptime: 100, date: .distantPast))
        if let engine { feed(.engineChanged(.ready(engine, model: engine.models[0].id))) }
        effects = []
    }

    @discardableResult
    mutating func feed(_ event: SessionEvent, after seconds: Double = 0) -> [SessionEffect] {
        uptime += seconds
        let asked = state.handle(event, at: SessionTime(uptime: uptime, date: Date(timeIntervalSince1970: uptime)))
        effects += asked
        return asked
    }

    @discardableResult
    mutating func press(_ commands: Command...) -> [SessionEffect] { commands.flatMap { feed(.command($0)) } }

    /// Types a line and sends it.
    @discardableResult
    mutating func say(_ text: String) -> [SessionEffect] {
        feed(.typed(text))
        return press(.send)
    }

    /// Delivers an answer to the reply under way.
    mutating func answer(_ deltas: ReplyDelta...) {
        let turn = state.reply?.turn ?? 0
        for delta in deltas { feed(.replyArrived(turn: turn, [delta]), after: 0.01) }
    }

    /// The last request that was sent.
    var request: ChatRequest? {
        for case .ask(let order) in effects.reversed() { return order.request }
        return nil
    }

    /// The last order for a reply.
    var order: ReplyOrder? {
        for case .ask(let order) in effects.reversed() { return order }
        return nil
    }

    var answers: [Message] { state.conversation.messages.filter { $0.role == .assistant } }
}

extension EngineProfile {
    static let seeing = EngineProfile(
        name: "lab", kind: .vllm, url: "http://127.0.0.1:8000/v1",
        models: [ModelProfile(id: "glm-4.5v", contextLength: 65536, vision: true, video: nil, thinking: true)])
    static let blind = EngineProfile(
        name: "own", kind: .llamaServer, url: "http://localhost/v1", socket: "/run/engine.sock",
        models: [ModelProfile(id: "smollm2", contextLength: 4096, vision: false)], isOwn: true)
}

extension Attachment {
    static func picture(_ label: String = "screen") -> Attachment {
        let media = MediaReference(
            sha256: String(repeating: "a", count: 64), mediaType: "image/png", byteCount: 10, width: 320, height: 240)
        return Attachment(label: label, takenAt: .distantPast, content: .picture(media))
    }
}
