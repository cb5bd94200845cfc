import Conversation

/// Going back: other versions of a message, questions put in other words, answers asked for again.
extension SessionState {
    // MARK: - Versions

    /// Goes over to another version of a message.
    mutating func show(_ variant: Message.ID?, _ nothing: String) -> [SessionEffect] {
        if reply != nil { return refuseWhileAnswering() }
        guard let variant else {
            notice = Notice(.information, nothing)
            return []
        }
        guard !isOpenElsewhere else {
            sayElsewhere()
            return []
        }
        return [.showVariant(variant)]
    }

    /// Takes in the branch that was asked for.
    mutating func show(_ branch: Conversation, at message: Message.ID) {
        guard branch.id == conversation.id, reply == nil else { return }
        conversation = branch
        if reading != nil { read(message) }
        sight = Sight(message: message, place: nil)
    }

    // MARK: - Asking again

    /// Asks for another answer to a question; the old one stays as a version of it.
    mutating func regenerate(at place: Int) -> [SessionEffect] {
        guard reply == nil else { return refuseWhileAnswering() }
        guard !isOpenElsewhere else {
            sayElsewhere()
            return []
        }
        let question = conversation.messages[place].role == .user ? place : place - 1
        guard question >= 0, conversation.messages[question].role == .user else {
            notice = Notice(.information, "There is no question that this answers.")
            return []
        }
        guard case .ready = engine else {
            notice = Notice(.information, "There is no engine to ask yet.")
            return lookAgain()
        }
        if question + 1 < conversation.messages.count {
            conversation.goBack(before: conversation.messages[question + 1].id)
        }
        leaveTranscript()
        notice = nil
        scroll = .following
        return beginReply(to: question) + [.listVariants(conversation.id)]
    }

    /// Goes on from a message in a chat of its own; this one stays as it is, also where another program has it open.
    mutating func fork(at place: Int) -> [SessionEffect] {
        guard reply == nil else { return refuseWhileAnswering() }
        guard conversation.messages.indices.contains(place) else {
            notice = Notice(.information, "There is nothing in this chat yet to go on from.")
            return []
        }
        return [.forkChat(conversation.id, upTo: conversation.messages[place].id)]
    }

    // MARK: - Editing

    /// Puts a message into the composer: a question to be asked in other words, an answer to be corrected.
    mutating func edit(_ message: Message) {
        guard !isOpenElsewhere else { return sayElsewhere() }
        if reply != nil { return _ = refuseWhileAnswering() }
        if editing == nil { draftAside = composer }
        composer.clear()
        if message.role == .user {
            editing = .question(message.id)
            composer = Composer(message.parts)
        } else {
            editing = .correction(message.id)
            composer.replace(with: message.mark?.correction ?? message.text)
        }
        recalledText = nil
        notice = nil
        leaveTranscript()
    }

    /// Leaves what is being edited as it was; what was being written before comes back.
    mutating func stopEditing() {
        guard editing != nil else { return }
        editing = nil
        composer = draftAside
        draftAside.clear()
    }

    /// Keeps what an answer should have been.
    mutating func keepCorrection(of message: Message.ID) -> [SessionEffect] {
        let words = composer.text.trimmingBlanks
        stopEditing()
        guard let place = conversation.messages.firstIndex(where: { $0.id == message }) else { return [] }
        var mark = conversation.messages[place].mark ?? Mark()
        let isSame = words.isEmpty || words == conversation.messages[place].text.trimmingBlanks
        mark.correction = isSame ? nil : words
        notice = Notice(.information, isSame ? "The answer stands as it is." : "The correction is kept.")
        return keep(mark, at: place)
    }
}
