import Conversation
import Exchange
import FoundationEssentials
import Glibc
import History
import TestSupport

/// Writes to a history as the chat does, as fast as it can, and says on standard output what must never be lost.
///
/// Each line says what was given to the history: `said ID` once a message is finished and stored, `part ID N` once N
/// characters of an answer are stored. A line is written only after the history has returned.
struct Writing {
    let directory: String
    let seed: UInt64

    func run() async throws {
        var random = SeededRandom(seed: seed)
        let history = try History(
            path: directory + "/history.sqlite", media: MediaStore(directory: directory + "/media"))
        tell("ready")
        var chat = Conversation(createdAt: Date())
        while true {
            if chat.messages.count > 12 { chat = Conversation(createdAt: Date()) }
            try await type(history, chat, &random)
            let question = try await ask(history, &chat, &random)
            try await answer(history, &chat, to: question, &random)
            if Int.random(in: 0..<4, using: &random) == 0 { try await export(chat, history) }
            if Int.random(in: 0..<5, using: &random) == 0, chat.messages.count > 2 {
                chat.goBack(before: chat.messages[chat.messages.count - 2].id)
            }
        }
    }

    // MARK: - Private

    private func type(_ history: History, _ chat: Conversation, _ random: inout SeededRandom) async throws {
        var text = ""
        for _ in 0..<Int.random(in: 1..<6, using: &random) {
            text += words(3, &random)
            try await history.saveDraft(
                Draft(conversation: chat.id, text: text, attachments: []), at: Date())
        }
    }

    private func ask(_ history: History, _ chat: inout Conversation, _ random: inout SeededRandom) async throws
        -> Message
    {
        var parts: [Part] = []
        if Bool.random(using: &random) {
            let bytes = (0..<Int.random(in: 100..<3000, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let shot = try history.media.store(bytes, mediaType: "image/png", width: 100, height: 100)
            parts.append(
                .attachment(
                    Attachment(
                        label: "screen", takenAt: Date(), content: .picture(shot), recognizedText: [words(20, &random)],
                        windowTitle: words(2, &random))))
        }
        let question = Message(role: .user, parts: parts + [.text(words(12, &random))], createdAt: Date())
        chat.messages.append(question)
        if chat.title.isEmpty { chat.title = chat.suggestedTitle }
        try await history.save(question.id, of: chat)
        tell("said \(question.id)")
        try await history.saveDraft(Draft(text: "", attachments: []), at: Date())
        return question
    }

    private func answer(
        _ history: History, _ chat: inout Conversation, to question: Message, _ random: inout SeededRandom
    ) async throws {
        var answer = Message(role: .assistant, parts: [], createdAt: Date(), outcome: .streaming, engine: "scripted")
        chat.messages.append(answer)
        for step in 0..<Int.random(in: 2..<15, using: &random) {
            answer.append(step < 2 ? .reasoning(words(8, &random)) : .answer(words(8, &random)), elapsed: Double(step))
            chat.messages[chat.messages.count - 1] = answer
            try await history.save(answer.id, of: chat)
            tell("part \(answer.id) \(answer.text.count)")
        }
        answer.append(.finished(.stop), elapsed: 9)
        chat.messages[chat.messages.count - 1] = answer
        try await history.save(answer.id, of: chat)
        tell("said \(answer.id)")
    }

    /// As `scry chats export` does, over the one before.
    private func export(_ chat: Conversation, _ history: History) async throws {
        let branches = try await history.tree(of: chat.id)
        let lines = ChatLines(media: history.media)
        _ = try NewFile.write("\(directory)/export-\(seed).jsonl", replaces: true) { file throws(ExchangeFailure) in
            try lines.write(chat, branches: branches, to: &file)
        }
    }

    private func words(_ count: Int, _ random: inout SeededRandom) -> String {
        (0..<count).map { _ in Corpus.word(&random) }.joined(separator: " ") + " "
    }

    /// Standard output is not buffered: what was told before the kill has arrived.
    private func tell(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(1, $0.baseAddress, $0.count) }
    }
}
