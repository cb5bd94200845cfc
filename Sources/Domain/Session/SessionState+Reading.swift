import Conversation

/// The transcript: moving from message to message, and what is done with the chosen one.
extension SessionState {
    /// Which keys count: those of the transcript come before the others there.
    public var keyContext: Command.Context {
        reading != nil && overlay == nil && find?.isTyping != true ? .transcript : .everywhere
    }

    /// Goes into the transcript, to a message.
    mutating func read(_ message: Message.ID) {
        guard conversation.messages.contains(where: { $0.id == message }) else { return }
        reading = Reading(message)
        find?.isTyping = false
        notice = nil
    }

    /// Handles a command in the transcript; nil for one that means the same there as elsewhere.
    mutating func performInTranscript(_ command: Command) -> [SessionEffect]? {
        guard let reading, let place = conversation.messages.firstIndex(where: { $0.id == reading.message }) else {
            return nil
        }
        let message = conversation.messages[place]
        if reading.asksToDelete {
            self.reading?.asksToDelete = false
            notice = nil
            return command == .copyMessage || command == .send ? delete(at: place) : []
        }
        if command != .copyCode { self.reading?.codeBlock = nil }
        switch command {
        case .read, .write: leaveTranscript()
        case .cancel, .interrupt:
            if reading.selection != nil {
                self.reading?.selection = nil
            } else if find != nil {
                find = nil
            } else {
                leaveTranscript()
            }
        case .nextMessage, .moveDown: choose(place + 1)
        case .previousMessage, .moveUp: choose(place - 1)
        case .firstMessage: choose(0)
        case .lastMessage:
            choose(conversation.messages.count - 1)
            scroll = .following
            sight = nil
        case .copyMessage: return copy(message)
        case .copyCode: return copyCode(of: message)
        case .copyPicture: return copyPicture(of: message)
        case .selectLines: self.reading?.selection = nil
        case .editMessage: edit(message)
        case .regenerate: return regenerate(at: place)
        case .fork: return fork(at: place)
        case .markGood: return mark(at: place, .good)
        case .markBad: return mark(at: place, .bad)
        case .previousVariant: return show(variants[message.id]?.previous, "There is no earlier version of this.")
        case .nextVariant: return show(variants[message.id]?.next, "There is no later version of this.")
        case .foldHere: return perform(.foldReasoning)
        case .deleteMessage: askToDelete(message)
        case .findNext: stepInFind(1)
        case .findPrevious: stepInFind(-1)
        case .openAttachment:
            let media = message.attachments.flatMap(\.media)
            guard let first = media.first else {
                notice = Notice(.information, "Nothing is attached to this message.")
                return []
            }
            return [.openMedia(first)]
        case .send: view(picturesOf: message.id)
        case .halfPageDown, .halfPageUp: break
        default:
            // Who edits what is written is back there.
            if command.description.topic == .writing { leaveTranscript() }
            return nil
        }
        return []
    }

    /// Back to the composer; what is on the screen stays there.
    mutating func leaveTranscript() { reading = nil }

    /// Keeps the chosen message one that there is.
    mutating func checkReading() {
        guard let reading, !conversation.messages.contains(where: { $0.id == reading.message }) else { return }
        self.reading = conversation.messages.last.map { Reading($0.id) }
    }

    private mutating func choose(_ place: Int) {
        guard reading?.selection == nil, conversation.messages.indices.contains(place) else { return }
        reading?.message = conversation.messages[place].id
        sight = Sight(message: conversation.messages[place].id, place: nil)
    }

    // MARK: - Copying

    private mutating func copy(_ message: Message) -> [SessionEffect] {
        guard let selection = reading?.selection else {
            let text = message.text
            guard !text.isEmpty else {
                notice = Notice(.information, "There are no words in this message to copy.")
                return []
            }
            return copy(text, message.role == .user ? "your message" : "the answer")
        }
        reading?.selection = nil
        return copy(Self.text(of: selection, in: message), nil)
    }

    private mutating func copyCode(of message: Message) -> [SessionEffect] {
        let blocks = CodeBlocks(in: message.text).blocks
        guard !blocks.isEmpty else {
            notice = Notice(.information, "There is no block of code in this message.")
            return []
        }
        let step = ((reading?.codeBlock ?? -1) + 1) % blocks.count
        reading?.codeBlock = step
        let effects = copy(blocks[blocks.count - 1 - step], nil, of: "code")
        if blocks.count > 1, let words = notice?.text {
            notice?.text = words.dropLast() + " (block \(blocks.count - step) of \(blocks.count))."
        }
        return effects
    }

    mutating func copy(_ text: String, _ what: String?, of kind: String? = nil) -> [SessionEffect] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count
        let count = "\(lines) \(lines == 1 ? "line" : "lines")" + (kind.map { " of " + $0 } ?? "")
        notice = Notice(.information, what.map { "Copied \($0): \(count)." } ?? "Copied \(count).")
        return [.copy(text)]
    }

    /// The lines of a selection, without the fence of a block of code that is only half in it.
    private static func text(of selection: LineSelection, in message: Message) -> String {
        let all = message.text.split(omittingEmptySubsequences: false) { $0.isNewline }
        var lines = all[selection.lines.clamped(to: 0..<all.count)]
        func isBlank(_ line: Substring) -> Bool { line.allSatisfy(\.isWhitespace) }
        func isFence(_ line: Substring) -> Bool { line.drop { $0 == " " }.hasPrefix("```") }
        while let last = lines.last, isBlank(last) { lines.removeLast() }
        if let last = lines.last, isFence(last), lines.filter(isFence).count % 2 == 1, lines.count > 1 {
            lines.removeLast()
            while let last = lines.last, isBlank(last) { lines.removeLast() }
        }
        return lines.joined(separator: "\n")
    }

    // MARK: - Marking

    private mutating func mark(at place: Int, _ verdict: Mark.Verdict) -> [SessionEffect] {
        guard conversation.messages[place].role == .assistant else {
            notice = Notice(.information, "Only answers are marked good or bad.")
            return []
        }
        guard conversation.messages[place].outcome != .streaming else { return refuseWhileAnswering() }
        var mark = conversation.messages[place].mark ?? Mark()
        mark.verdict = mark.verdict == verdict ? nil : verdict
        return keep(mark, at: place)
    }

    mutating func keep(_ mark: Mark, at place: Int) -> [SessionEffect] {
        conversation.messages[place].mark = mark.isEmpty ? nil : mark
        return [.mark(conversation.messages[place].id, conversation.messages[place].mark)]
    }

    mutating func refuseWhileAnswering() -> [SessionEffect] {
        notice = Notice(.information, "The answer is still under way; Esc in the composer stops it.")
        return []
    }

    // MARK: - Deleting

    private mutating func askToDelete(_ message: Message) {
        if reply != nil { return _ = refuseWhileAnswering() }
        if isOpenElsewhere { return sayElsewhere() }
        reading?.asksToDelete = true
        let what = message.role == .user ? "this question and its answer" : "this answer"
        notice = Notice(.problem, "Delete \(what) for good? y deletes, any other key keeps it.")
    }

    private mutating func delete(at place: Int) -> [SessionEffect] {
        var end = place + 1
        if conversation.messages[place].role == .user, end < conversation.messages.count,
            conversation.messages[end].role == .assistant
        {
            end += 1
        }
        let gone = conversation.messages[place..<end].map(\.id)
        conversation.messages.removeSubrange(place..<end)
        reading = nil
        if !conversation.messages.isEmpty {
            let next = min(place, conversation.messages.count - 1)
            reading = Reading(conversation.messages[next].id)
            sight = Sight(message: conversation.messages[next].id, place: nil)
        }
        notice = Notice(.information, gone.count == 1 ? "The message is deleted." : "Both are deleted.")
        return gone.reversed().map { .forget($0, in: conversation.id) } + [.listVariants(conversation.id)]
    }

    mutating func sayElsewhere() {
        notice = Notice(.problem, "Another Scry has this chat open: it can only be read here.")
    }
}

extension SessionState {
    fileprivate mutating func copyPicture(of message: Message) -> [SessionEffect] {
        guard let picture = message.attachments.flatMap(\.media).first(where: { $0.mediaType.hasPrefix("image/") })
        else {
            notice = Notice(.information, "This message has no picture.")
            return []
        }
        return [.copyMedia(picture)]
    }
}
