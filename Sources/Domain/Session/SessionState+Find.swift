import Conversation

/// Finding words in the conversation on the screen.
extension SessionState {
    mutating func openFind() {
        guard !conversation.messages.isEmpty else {
            notice = Notice(.information, "There is nothing to find yet.")
            return
        }
        if find == nil { find = Find() }
        find?.isTyping = true
        notice = nil
    }

    /// Handles a command while words are typed that are looked for; nil for one that means the same there as elsewhere.
    mutating func performInFind(_ command: Command) -> [SessionEffect]? {
        guard let find, find.isTyping else { return nil }
        switch command {
        case .cancel, .interrupt: self.find = nil
        case .send, .moveDown, .find: stepInFind(1)
        case .newLine, .moveUp: stepInFind(-1)
        case .deleteBackward: look(for: String(find.query.dropLast()))
        case .deleteWord, .deleteToLineStart: look(for: "")
        case .read:
            let hit = find.hits.indices.contains(find.current) ? find.hits[find.current].message : nil
            if let message = hit ?? conversation.messages.last?.id { read(message) }
        case .pageUp, .pageDown, .scrollUp, .scrollDown, .scrollToEnd, .foldReasoning, .toggleThinking, .redraw,
            .suspend, .quit, .help, .newChat, .listChats:
            return nil
        default: break
        }
        return []
    }

    /// Looks for other words, from what is on the screen on.
    mutating func look(for query: String) {
        find?.query = String(query.prefix(500))
        find?.look(in: conversation.messages)
        guard let hits = find?.hits, !hits.isEmpty else { return }
        var current = hits.count - 1
        if case .anchored(let id, _) = scroll, let top = conversation.messages.firstIndex(where: { $0.id == id }) {
            let below = Set(conversation.messages[top...].map(\.id))
            current = hits.firstIndex { below.contains($0.message) } ?? current
        }
        find?.current = current
        showHit()
    }

    /// Goes to another hit, round and round.
    mutating func stepInFind(_ step: Int) {
        guard let old = find, !old.query.isEmpty else {
            notice = Notice(.information, "Nothing is looked for; Ctrl+F finds words.")
            return
        }
        // What has arrived since counts as well.
        find?.look(in: conversation.messages)
        guard let count = find?.hits.count, count > 0 else { return }
        find?.current = (min(old.current, count - 1) + step + count) % count
        showHit()
    }

    private mutating func showHit() {
        guard let find, find.hits.indices.contains(find.current) else { return }
        let hit = find.hits[find.current]
        if reading != nil { reading?.message = hit.message }
        sight = Sight(message: hit.message, place: MessagePoint(.words, line: hit.line, offset: hit.offset))
    }
}
