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
        if isElsewhere {
            notice = Notice(
                .problem, "Another Scry has this chat open: it can be read here, and asked there. Enter tries again.")
            return effects
        }
        if isFreeNow { notice = Notice(.information, "The other Scry has let go of this chat: Enter sends.") }
        return effects + [.claimChat(conversation.id)] + takeBackInterrupted() + sendNext()
    }
}
