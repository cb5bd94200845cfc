import Conversation

extension SessionState {
    /// Goes on with another conversation; one that is open elsewhere can only be read.
    mutating func open(_ conversation: Conversation, isElsewhere: Bool) -> [SessionEffect] {
        // What waits in the old conversation goes on waiting there.
        let effects = endReply()
        let isFreeNow = isOpenElsewhere && !isElsewhere && conversation.id == self.conversation.id
        self.conversation = conversation
        isOpenElsewhere = isElsewhere
        overlay = nil
        notice = nil
        scroll = .following
        pointed = nil
        reading = nil
        find = nil
        stopEditing()
        variants = [:]
        missingMedia = []
        let looks = lookAtWhatIsKept()
        if isElsewhere {
            notice = Notice(
                .problem, "Another Scry has this chat open: it can be read here, and asked there. Enter tries again.")
            return effects + looks
        }
        if isFreeNow { notice = Notice(.information, "The other Scry has let go of this chat: Enter sends.") }
        return effects + [.claimChat(conversation.id)] + looks + takeBackInterrupted() + sendNext()
    }

    /// Asks which pictures of an old conversation are still there.
    private func lookAtWhatIsKept() -> [SessionEffect] {
        let media = conversation.messages.flatMap(\.attachments).flatMap(\.pictures)
        let variants: [SessionEffect] = conversation.messages.isEmpty ? [] : [.listVariants(conversation.id)]
        return variants + (media.isEmpty ? [] : [.checkMedia(Array(Set(media)).sorted { $0.sha256 < $1.sha256 })])
    }

    // MARK: - The list, and the search

    /// Handles a command while the list is open.
    mutating func perform(_ command: Command, in menu: ChatMenu) -> [SessionEffect] {
        var menu = menu
        switch command {
        case .send: return openChosen(of: menu)
        case .listChats:
            overlay = nil
            return []
        case .deleteBackward: return look(for: String(menu.query.dropLast()), in: menu)
        case .deleteWord:
            let rest = menu.query.trimmingBlanks.split(whereSeparator: \.isWhitespace).dropLast()
            return look(for: rest.map { $0 + " " }.joined(), in: menu)
        case .deleteToLineStart: return look(for: "", in: menu)
        default: menu.move(by: command.overlayStep)
        }
        overlay = .chats(menu)
        return []
    }

    /// Looks for something in the history, as it is typed.
    mutating func look(for query: String, in menu: ChatMenu) -> [SessionEffect] {
        var menu = menu
        // No question is longer; a whole page that is pasted here is a mistake.
        let looks = menu.look(for: String(query.prefix(500)))
        overlay = .chats(menu)
        return looks ? [.searchChats(menu.query)] : []
    }

    /// Takes in the list, or what was found, when it is still looked at.
    mutating func take(_ event: SessionEvent) {
        guard case .chats(var menu) = overlay else { return }
        switch event {
        case .chatsListed(let chats):
            menu.chats = chats
            menu.move(by: 0)
        case .chatsFound(let query, let hits): menu.take(hits, for: query)
        default: preconditionFailure("not an event of the list")
        }
        overlay = .chats(menu)
    }

    private mutating func openChosen(of menu: ChatMenu) -> [SessionEffect] {
        guard menu.count > 0 else { return [] }
        let chat: Conversation.ID
        var message: Message.ID?
        if menu.showsHits, let hits = menu.hits {
            // What was typed last may bring other hits: nothing is opened that was not asked for.
            guard !menu.isSearching else { return [] }
            chat = hits[menu.selected].conversation
            message = hits[menu.selected].message
        } else if let chats = menu.chats {
            chat = chats[menu.selected].id
        } else {
            return []
        }
        overlay = nil
        guard chat == conversation.id else {
            return [message.map { .openMessage($0, in: chat) } ?? .openChat(chat)]
        }
        // What is stored of the conversation on the screen is older than what is shown.
        guard let message else { return [] }
        if point(at: message) { return [] }
        if reply != nil {
            notice = Notice(.information, "This is in another branch of the chat; it opens when the answer is done.")
            return []
        }
        return [.openMessage(message, in: chat)]
    }

    /// Brings a message into sight and marks it for a moment; false when the conversation does not show it.
    @discardableResult
    mutating func point(at message: Message.ID) -> Bool {
        guard conversation.messages.contains(where: { $0.id == message }) else { return false }
        pointed = PointedMessage(message: message, until: now.uptime + Self.pointingSeconds)
        sight = Sight(message: message, place: nil)
        return true
    }

    /// How long a message that was looked for is marked.
    private static var pointingSeconds: Double { 3 }
}
