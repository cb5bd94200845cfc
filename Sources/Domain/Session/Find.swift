public import Conversation

/// A search in the conversation on the screen.
public struct Find: Sendable, Equatable {
    /// A place where the words are.
    public struct Hit: Sendable, Equatable {
        /// The message.
        public var message: Message.ID
        /// The line of its words.
        public var line: Int
        /// How far into the line, in UTF-8 bytes.
        public var offset: Int
    }

    /// What is looked for.
    public internal(set) var query = ""
    /// Where it is, from the top.
    public internal(set) var hits: [Hit] = []
    /// The hit that was gone to.
    public internal(set) var current = 0
    /// Whether keys are typed into the question.
    public internal(set) var isTyping = true

    /// More than anybody steps through.
    private static let limit = 10_000

    /// Looks through all words; capitals do not count.
    mutating func look(in messages: [Message]) {
        let pattern = Array(query.lowercased().utf8)
        hits = []
        guard !pattern.isEmpty else { return }
        for message in messages {
            let text = message.text
            guard text.utf8.count >= pattern.count / 2 else { continue }
            look(for: pattern, in: Array(text.lowercased().utf8), of: message.id)
            guard hits.count < Self.limit else { return }
        }
    }

    private mutating func look(for pattern: [UInt8], in text: [UInt8], of message: Message.ID) {
        var line = 0
        var lineStart = 0
        var index = 0
        while index < text.count {
            if text[index] == 0x0A {
                line += 1
                lineStart = index + 1
            }
            if text[index] == pattern[0], index + pattern.count <= text.count,
                text[index..<(index + pattern.count)].elementsEqual(pattern)
            {
                hits.append(Hit(message: message, line: line, offset: index - lineStart))
                // Nothing that is typed has a line break in it.
                index += pattern.count
            } else {
                index += 1
            }
        }
    }
}
