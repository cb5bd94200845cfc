public import Conversation

/// A place in the transcript, named by its source: it stays the same however wide the screen is.
public struct TranscriptPlace: Sendable, Equatable {
    /// The message.
    public var message: Message.ID
    /// The place in it.
    public var point: MessagePoint
    /// How far into the line, in UTF-8 bytes, where a line is no text: in a table, beside a mark.
    public var inner: Int

    /// Makes a place.
    public init(message: Message.ID, point: MessagePoint, inner: Int = 0) {
        self.message = message
        self.point = point
        self.inner = inner
    }
}

/// What the mouse has selected, from one character to another, both included.
public struct TranscriptSelection: Sendable, Equatable {
    /// Where the selecting began.
    public var anchor: TranscriptPlace
    /// Where it has come to.
    public var head: TranscriptPlace

    /// Makes a selection.
    public init(anchor: TranscriptPlace, head: TranscriptPlace) {
        self.anchor = anchor
        self.head = head
    }
}

extension SessionState {
    /// Does what the mouse asks for.
    mutating func point(_ event: SessionEvent) -> [SessionEffect] {
        switch event {
        case .textSelected(let selection):
            self.selection = selection
            return []
        case .selectionEnded(let text):
            guard !text.isEmpty else {
                selection = nil
                return []
            }
            return copy(text, nil)
        case .attachmentOpened(let attachment):
            guard let first = attachment.media.first else {
                notice = Notice(.information, "This is a text; there is nothing else to be shown of it.")
                return []
            }
            return [.openMedia(first)]
        case .linkOpened(let address): return [.openLink(address)]
        case .pictureOpened(let name, let message):
            let found = viewablePictures.first { $0.message == message && $0.sent.sha256 == name }
            if let found { overlay = .picture(PictureViewing(attachment: found.attachment.id, number: found.number)) }
            return []
        case .rowChosen(let row): return choose(row: row)
        default: preconditionFailure("not an event of the mouse")
        }
    }

    /// A click does what Enter does at that row; where moving there shows something already, only a second one does.
    private mutating func choose(row: Int) -> [SessionEffect] {
        switch overlay {
        case .palette(var menu) where menu.commands.indices.contains(row):
            menu.selected = row
            return perform(.send, in: menu)
        case .chats(var menu) where (0..<menu.count).contains(row):
            menu.selected = row
            return perform(.send, in: menu)
        case .engines(var menu) where menu.entries.indices.contains(row):
            menu.choose(menu.entries[row])
            return perform(.send, in: menu)
        case .themes(let menu) where menu.entries.indices.contains(row):
            return choose(menu.entries[row], in: menu)
        case .frames(var sheet) where sheet.entries.indices.contains(row):
            guard row != sheet.selected else { return perform(typed: " ", in: sheet) }
            sheet.selected = row
            overlay = .frames(sheet)
            return []
        default: return []
        }
    }

    /// What is selected stays so while it is read; whoever goes on to something else lets go of it.
    mutating func dropSelection(after event: SessionEvent) {
        guard selection != nil else { return }
        switch event {
        case .typed, .pasted, .chatOpened, .chatOpenedElsewhere, .branchShown, .cursorMoved, .readingBegan:
            selection = nil
        case .command(let command):
            switch command {
            case .pageUp, .pageDown, .scrollUp, .scrollDown, .scrollToEnd, .redraw, .suspend, .foldReasoning: break
            default: selection = nil
            }
        default: break
        }
    }
}
