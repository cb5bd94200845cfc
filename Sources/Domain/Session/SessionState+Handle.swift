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
        let ground = costGround
        var effects: [SessionEffect]
        switch event {
        case .typed(let text):
            effects = take(typed: text)
        case .pasted(let text):
            effects = paste(text)
        case .command(let command):
            effects = perform(command)
        case .scrolled(let position, let message):
            scroll = position
            sight = nil
            if let message, reading != nil { reading?.message = message }
            effects = []
        case .textSelected, .selectionEnded, .attachmentOpened, .linkOpened, .pictureOpened, .rowChosen:
            effects = point(event)
        case .momentOpened(let message, let seconds):
            show(moment: seconds, of: message)
            effects = []
        case .readingBegan(let message):
            read(message)
            effects = []
        case .linesSelected(let selection):
            reading?.selection = selection
            if let reading {
                let place = MessagePoint(.words, line: selection.head.lowerBound)
                sight = Sight(message: reading.message, place: place)
            }
            effects = []
        case .variantsListed(let chat, let listed):
            if chat == conversation.id { variants = listed }
            effects = []
        case .branchShown(let branch, let message):
            show(branch, at: message)
            effects = []
        case .engineChanged(let status):
            effects = change(status)
        case .pathsListed(let path, let paths):
            take(paths: paths, for: path)
            effects = []
        case .candidateTaken(let candidate):
            effects = take(candidate: candidate)
        case .engineListed, .allEnginesListed:
            list(event)
            effects = []
        case .themesListed(let listings, let current):
            effects = list(listings, current: current)
        case .engineChosen(let profile, let model):
            effects = use(profile, model: model)
        case .writingPaused:
            effects = countCost()
        case .counted(let ticket, let count):
            show(count, ticket: ticket)
            effects = []
        case .questionPrepared(let turn, let attachments):
            effects = ask(turn: turn, attachments: attachments)
        case .replyProgressed, .recordingTold:
            effects = followSummary(event)
        case .replyArrived(let turn, let deltas):
            effects = deltas.flatMap { receive($0, turn: turn) } + checkpoint()
        case .replyFailed(let turn, let failure):
            effects = fail(failure, turn: turn)
        case .fileNamed(let path):
            effects = [.attach(path: path, ticket: keepPlace())]
        case .attached(let attachment):
            pendingAttachments = max(0, pendingAttachments - 1)
            if !composer.resolve(nil, with: attachment) { composer.insert(.attachment(attachment)) }
            effects = []
        case .attachmentFailed(let sentence):
            pendingAttachments = max(0, pendingAttachments - 1)
            composer.resolve(nil, with: "")
            notice = Notice(.problem, sentence)
            effects = []
        case .pictureChanged(let attachment, let old):
            effects = take(changed: attachment, instead: old)
        case .pictureUnchanged(let sentence):
            keepUnchanged(sentence)
            effects = []
        case .regionWanted(let attachment):
            chooseRegion(in: attachment)
            effects = []
        case .pictureMarked(let stroke, let x, let y):
            effects = mark(stroke, x: x, y: y)
        case .attachmentReady, .attachmentMissed, .pasteWasText, .writtenOutside, .pastedTooMuch, .cursorMoved,
            .composerSelected, .pasteUnfolded:
            effects = []
            write(event)
        case .recordingProgressed, .recordingEnded, .recorded, .recordingFailed:
            effects = followRecording(event)
        case .chatsListed, .chatsFound:
            take(event)
            effects = []
        case .messageFound(let message):
            point(at: message)
            effects = []
        case .mediaMissing(let media):
            missingMedia = media
            effects = []
        case .pictureUnreadable(let media):
            note(unreadable: media)
            effects = []
        case .chatOpened(let conversation):
            effects = open(conversation, isElsewhere: false)
        case .chatOpenedElsewhere(let conversation):
            effects = open(conversation, isElsewhere: true)
        case .draftRestored(let text, let attachments):
            if composer.isEmpty {
                composer = Composer(stored: text, attachments: attachments)
            }
            effects = []
        case .pictureRead(let text): effects = copy(textOfPicture: text)
        case .noticed(let notice):
            self.notice = notice
            effects = []
        case .unnoticed(let notice):
            if self.notice == notice { self.notice = nil }
            effects = []
        case .ticked:
            effects = checkThinkingBudget() + checkpoint()
            if let pointed, pointed.until <= now.uptime { self.pointed = nil }
        }
        checkReading()
        effects += followCompletion(event, draft)
        dropSelection(after: event)
        let isWritten = composer != draft
        // What an answer should have been is no question that waits to be asked.
        if isWritten, editing.map(\.isQuestion) != false { effects.append(.saveDraft) }
        if isWritten || costGround != ground { effects += costChanged() }
        return effects
    }

    /// Takes in typed characters: where they go depends on what is open.
    private mutating func take(typed text: String) -> [SessionEffect] {
        switch overlay {
        case nil:
            if let find, find.isTyping {
                look(for: find.query + text)
                return []
            }
            if reading?.asksToDelete == true {
                reading?.asksToDelete = false
                notice = nil
                return []
            }
            leaveTranscript()
            return type(text)
        case .palette(let menu): return look(for: menu.query + text, in: menu)
        case .chats(let menu): return look(for: menu.query + text, in: menu)
        case .engines:
            list(.typed(text))
            return []
        case .themes(let menu): return narrow(menu, by: text)
        case .picture(let viewing): return perform(typed: text, at: viewing)
        case .frames(let sheet): return perform(typed: text, in: sheet)
        case .help: return []
        }
    }

    /// What is completed follows what is written; only typing begins it.
    private mutating func followCompletion(_ event: SessionEvent, _ old: Composer) -> [SessionEffect] {
        let hasChanged = composer.before != old.before || composer.after != old.after
        if case .typed = event { return complete(opens: hasChanged) }
        guard completion != nil || dismissedCompletion != nil else {
            guard case .command(.deleteBackward) = event, hasChanged else { return [] }
            return complete(opens: true)
        }
        if case .pathsListed = event { return [] }
        return complete(opens: false)
    }

    // MARK: - Commands

    mutating func perform(_ command: Command) -> [SessionEffect] {
        if let effects = performInOverlay(command) { return effects }
        if let effects = performInFind(command) ?? performInTranscript(command) ?? performInCompletion(command) {
            return effects
        }
        remember(command)
        if command != .interrupt { lastInterrupt = nil }
        switch command {
        case .send: return send()
        case .newLine: composer.insert("\n")
        case .paste: return [.readClipboard(ticket: keepPlace())]
        case .editOutside: return editOutside()
        case .palette: openPalette()
        case .toggleThinking: isThinkingOn.toggle()
        case .foldReasoning: foldReasoning()
        case .answerNow: return answerNow()
        case .continueReply: return continueReply()
        case .chooseModel: return chooseEngine()
        case .chooseEngine: return chooseEngineOrSearch()
        case .cancel: return cancel()
        case .interrupt: return interrupt()
        case .endOfInput: return composer.isEmpty ? quit() : perform(.deleteForward)
        case .captureScreen: return capture(.screen)
        case .captureWindow: return capture(.activeWindow)
        case .captureRegion: return capture(.chosenRegion)
        case .toggleRecording: return toggleRecording()
        case .pauseRecording: return pauseRecording()
        case .chooseFrames: openFrames()
        case .summarize: return summarize("")
        case .crop: return cropLastPicture()
        case .compare: return compareLastPictures()
        case .copyText: return readLastPicture()
        case .attach: notice = Notice(.information, "Write /attach and the path of a file, or paste the path.")
        case .chooseTheme:
            overlay = .themes(ThemeMenu())
            return [.listThemes]
        case .newChat: return open(Conversation(createdAt: now.date), isElsewhere: false)
        case .listChats:
            overlay = .chats(ChatMenu())
            return [.listChats]
        case .pageUp, .pageDown, .scrollUp, .scrollDown: break  // the loop knows the layout: it sends `.scrolled`
        case .fork: return fork(at: conversation.messages.count - 1)
        case .scrollToEnd: scroll = .following
        case .find: openFind()
        case .read:
            if let last = conversation.messages.last {
                read(last.id)
            } else if !composer.attachments.isEmpty {
                view(picturesOf: nil)
            }
        case .redraw: return [.redraw]
        case .suspend: return [.suspend]
        case .help: overlay = .help(top: 0)
        case .quit: return quit()
        default: if command.context == .everywhere { return edit(command) }
        }
        return []
    }

    /// Folds what is visible, or unfolds what is not.
    private mutating func foldReasoning() {
        switch reasoningFold {
        case .open: reasoningFold = .folded
        case .folded: reasoningFold = .open
        case .automatic: reasoningFold = isReasoningStreaming ? .folded : .open
        }
    }

    // MARK: - The screen

    private mutating func capture(_ target: CaptureTarget) -> [SessionEffect] {
        notice = nil
        pendingAttachments += 1
        composer.insert(.pending(ticket: nil))
        return [.capture(target)]
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
