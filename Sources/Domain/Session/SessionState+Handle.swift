import Conversation
import Desktop

extension SessionState {
    /// Takes in what happened, and says what must be done outside.
    ///
    /// - Parameters:
    ///   - event: What happened.
    ///   - time: When; never earlier than the time of the event before.
    /// - Returns: What must be done, in this order.
    public mutating func handle(_ event: SessionEvent, at time: SessionTime) -> [SessionEffect] {
        now = time
        let draft = composer
        var effects: [SessionEffect]
        switch event {
        case .typed(let text):
            effects = overlay == nil ? type(text) : []
        case .pasted(let text):
            effects = paste(text)
        case .command(let command):
            effects = perform(command)
        case .scrolled(let position):
            scroll = position
            effects = []
        case .engineChanged(let status):
            engine = status
            if case .unavailable = status { effects = takeBackQueued() } else { effects = sendNext() }
        case .questionPrepared(let turn, let attachments):
            effects = ask(turn: turn, attachments: attachments)
        case .replyArrived(let turn, let delta):
            effects = receive(delta, turn: turn)
        case .replyFailed(let turn, let failure):
            effects = fail(failure, turn: turn)
        case .attached(let attachment):
            pendingAttachments = max(0, pendingAttachments - 1)
            composer.attachments.append(attachment)
            effects = []
        case .attachmentFailed(let sentence):
            pendingAttachments = max(0, pendingAttachments - 1)
            notice = Notice(.problem, sentence)
            effects = []
        case .pasteWasText(let text):
            pendingAttachments = max(0, pendingAttachments - 1)
            composer.insert(text)
            effects = []
        case .recordingProgressed, .recordingEnded, .recorded, .recordingFailed:
            effects = followRecording(event)
        case .chatsListed(let chats):
            if case .chats(_, let selected) = overlay {
                overlay = .chats(chats, selected: max(0, min(selected, chats.count - 1)))
            }
            effects = []
        case .chatOpened(let conversation):
            effects = open(conversation)
        case .draftRestored(let text, let attachments):
            if composer.isEmpty {
                composer.replace(with: text)
                composer.attachments = attachments
            }
            effects = []
        case .noticed(let notice):
            self.notice = notice
            effects = []
        case .ticked:
            effects = checkpoint()
        }
        if composer != draft { effects.append(.saveDraft) }
        return effects
    }

    // MARK: - Writing

    private mutating func type(_ text: String) -> [SessionEffect] {
        composer.insert(text)
        lastInterrupt = nil
        return []
    }

    private mutating func paste(_ text: String) -> [SessionEffect] {
        guard overlay == nil else { return [] }
        let line = text.trimmingBlanks
        // Terminals put what is dropped on them between quotation marks.
        let start = line.hasPrefix("'") ? line.dropFirst() : line[...]
        let looksLikePath =
            !line.contains("\n") && (start.hasPrefix("/") || start.hasPrefix("~/") || start.hasPrefix("file://"))
        guard looksLikePath, line.utf8.count < 4096 else { return type(text) }
        pendingAttachments += 1
        return [.inspectPaste(text)]
    }

    // MARK: - Commands

    private mutating func perform(_ command: Command) -> [SessionEffect] {
        if let effects = performInOverlay(command) { return effects }
        if command != .interrupt { lastInterrupt = nil }
        switch command {
        case .send: return send()
        case .newLine: composer.insert("\n")
        case .toggleThinking: isThinkingOn.toggle()
        case .foldReasoning: foldReasoning()
        case .cancel: return cancel()
        case .interrupt: return interrupt()
        case .endOfInput: return composer.isEmpty ? quit() : perform(.deleteForward)
        case .captureScreen: return capture(.screen)
        case .captureWindow: return capture(.activeWindow)
        case .toggleRecording: return toggleRecording()
        case .attach: notice = Notice(.information, "Write /attach and the path of a file, or paste the path.")
        case .newChat: return open(Conversation(createdAt: now.date))
        case .listChats:
            overlay = .chats(nil, selected: 0)
            return [.listChats]
        case .pageUp, .pageDown, .scrollUp, .scrollDown: break  // the loop knows the layout: it sends `.scrolled`
        case .scrollToEnd: scroll = .following
        case .redraw: return [.redraw]
        case .suspend: return [.suspend]
        case .help: overlay = .help(top: 0)
        case .quit: return quit()
        default: edit(command)
        }
        return []
    }

    private mutating func edit(_ command: Command) {
        switch command {
        case .deleteBackward: composer.deleteBackward()
        case .deleteForward: composer.deleteForward()
        case .deleteWord: composer.deleteWordBackward()
        case .deleteToLineStart: composer.deleteToLineStart()
        case .deleteToLineEnd: composer.deleteToLineEnd()
        case .moveLeft: composer.moveLeft()
        case .moveRight: composer.moveRight()
        case .moveUp: if !composer.moveUp() { recall(-1) }
        case .moveDown: if !composer.moveDown() { recall(1) }
        case .moveWordLeft: composer.moveWordLeft()
        case .moveWordRight: composer.moveWordRight()
        case .moveToLineStart: composer.moveToLineStart()
        case .moveToLineEnd: composer.moveToLineEnd()
        default: preconditionFailure("\(command) is not an edit")
        }
    }

    /// Walks through what was sent before; the draft waits behind the newest.
    private mutating func recall(_ step: Int) {
        let place = (recalledText ?? sentTexts.count) + step
        guard place >= 0, place <= sentTexts.count, !(recalledText == nil && step > 0) else { return }
        if recalledText == nil { asideDraft = composer.text }
        recalledText = place == sentTexts.count ? nil : place
        composer.replace(with: recalledText.map { sentTexts[$0] } ?? asideDraft)
    }

    /// Folds what is visible, or unfolds what is not.
    private mutating func foldReasoning() {
        switch reasoningFold {
        case .open: reasoningFold = .folded
        case .folded: reasoningFold = .open
        case .automatic: reasoningFold = isReasoningStreaming ? .folded : .open
        }
    }

    private var isReasoningStreaming: Bool {
        guard let reply, let message = conversation.messages.last(where: { $0.id == reply.messageID }) else {
            return false
        }
        return message.reasoning.map { $0.seconds == nil } ?? false
    }

    // MARK: - Stopping

    private mutating func cancel() -> [SessionEffect] {
        if case .offering = engine, reply == nil { return declineOffer() }
        if reply != nil { return stopReply() }
        if notice != nil {
            notice = nil
            return []
        }
        return takeBackQueued()
    }

    private mutating func interrupt() -> [SessionEffect] {
        if reply != nil { return stopReply() }
        if !composer.isEmpty {
            composer.clear()
            recalledText = nil
            return []
        }
        if let lastInterrupt, now.uptime - lastInterrupt <= 1 { return quit() }
        lastInterrupt = now.uptime
        notice = Notice(.information, "Press Ctrl+C again to quit.")
        return []
    }

    private mutating func quit() -> [SessionEffect] {
        endReply() + [.saveDraft, .quit]
    }

    // MARK: - The screen

    private mutating func capture(_ target: CaptureTarget) -> [SessionEffect] {
        notice = nil
        pendingAttachments += 1
        return [.capture(target)]
    }

    private mutating func open(_ conversation: Conversation) -> [SessionEffect] {
        // What waits in the old conversation goes on waiting there.
        let effects = endReply()
        self.conversation = conversation
        overlay = nil
        notice = nil
        scroll = .following
        return effects + takeBackInterrupted() + sendNext()
    }
}

extension SessionState {
    /// The effect that stores the message at this index.
    func save(at index: Int) -> SessionEffect {
        var header = conversation
        header.messages = []
        let parent = index > 0 ? conversation.messages[index - 1].id : nil
        return .save(
            conversation.messages[index], at: MessagePlace(conversation: header, position: index, parent: parent))
    }
}

extension String {
    var trimmingBlanks: String {
        var rest = self[...]
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return String(rest)
    }
}
