import Cells
import Conversation
import Session

/// Says where words are in a chat: the lines that have them, each with whose it is.
enum PlainFinds {
    // Who wants more of them had better look for other words.
    private static let most = 30

    /// The lines that have what is looked for.
    static func lines(_ state: SessionState) -> [String] {
        guard let find = state.find, !find.query.isEmpty else { return ["Write /find and the words to look for."] }
        guard !find.hits.isEmpty else { return ["Nothing has “\(SafeText.singleLine(find.query))” in it."] }
        var places: [(message: Message.ID, line: Int)] = []
        for hit in find.hits where places.last.map({ ($0.message, $0.line) != (hit.message, hit.line) }) ?? true {
            places.append((hit.message, hit.line))
        }
        var lines = [places.count == 1 ? "1 line has it:" : "\(places.count) lines have it:"]
        for place in places.prefix(most) {
            guard let message = state.conversation.messages.first(where: { $0.id == place.message }) else { continue }
            lines.append("\(name(of: message, in: state)): " + line(place.line, of: message))
        }
        if places.count > most { lines.append("And \(places.count - most) more.") }
        return lines
    }

    /// Which question or answer it is, counted from the beginning.
    private static func name(of message: Message, in state: SessionState) -> String {
        let before = state.conversation.messages.prefix { $0.id != message.id }
        let number = 1 + before.count { $0.role == message.role }
        return message.role == .user ? "Question \(number)" : "Answer \(number)"
    }

    private static func line(_ number: Int, of message: Message) -> String {
        // By bytes, as they are counted: a line feed behind a carriage return is one character with it.
        let lines = message.text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
        return lines.indices.contains(number) ? SafeText.singleLine(String(lines[number]) ?? "") : ""
    }
}
