public import Cells
import Conversation
public import Session

/// What the left button of the mouse does.
public enum PointerAction: Sendable, Equatable {
    /// It went down, for the first, second or third time in a row at this place.
    case press(clicks: Int)
    /// The mouse moved while it was down.
    case drag
    /// It went up.
    case release
}

/// What the button went down on, until it goes up.
enum PointerGrip: Equatable {
    case transcript(TranscriptPlace, Transcript.Place, column: Int)
    /// A word or a paragraph, that a double or triple click has selected.
    case selected
    /// The composer, at this offset.
    case composer(Int)
}

/// The mouse: only the layout knows what is under it.
extension ScreenRenderer {
    /// What the mouse asks for.
    public mutating func events(
        for action: PointerAction, at point: Point, in state: SessionState, size: Size
    ) -> [SessionEvent] {
        if Self.isLargeEnough(size), case .picture(let viewing) = state.overlay {
            return marked(action, at: point, viewing, state, size)
        }
        guard Self.isLargeEnough(size), state.overlay == nil else {
            grip = nil
            guard case .press = action, let row = overlay.rows?.entry(at: point) else { return [] }
            return [.rowChosen(row)]
        }
        switch action {
        case .press(let clicks): return pressed(clicks, at: point, state, size)
        case .drag: return dragged(to: point, state, size)
        case .release:
            defer { grip = nil }
            return released(at: point, state, size)
        }
    }

    /// The mouse upon a picture of which parts are marked.
    private mutating func marked(
        _ action: PointerAction, at point: Point, _ viewing: PictureViewing, _ state: SessionState, _ size: Size
    ) -> [SessionEvent] {
        grip = nil
        let view = PictureView(context: context(of: state, size: size), cell: pictureCell, limit: pictureLimit)
        guard let (x, y) = view.pixel(at: point, of: viewing, in: state, size: size) else { return [] }
        switch action {
        case .press: return [.pictureMarked(.press, x: x, y: y)]
        case .drag: return [.pictureMarked(.move, x: x, y: y)]
        case .release: return [.pictureMarked(.release, x: x, y: y)]
        }
    }

    /// Whether the transcript scrolls on while the mouse stays where it is.
    public func scrollsOn(at point: Point, in state: SessionState, size: Size) -> Bool {
        guard case .transcript = grip, Self.isLargeEnough(size) else { return false }
        let area = regions(state, size: size).transcript
        return point.row <= area.row || point.row >= area.row + area.rows
    }

    // MARK: - Down

    private mutating func pressed(_ clicks: Int, at point: Point, _ state: SessionState, _ size: Size)
        -> [SessionEvent]
    {
        grip = nil
        let regions = regions(state, size: size)
        if let completion = state.completion,
            let candidate = CompletionView(completion, context: context(of: state, size: size)).candidate(
                at: point, in: size, above: regions.separator.row)
        {
            return [.candidateTaken(candidate)]
        }
        if regions.chips.contains(point) { return pressedChip(at: point, regions.chips, state, size) }
        if regions.composer.contains(point) { return pressedComposer(clicks, at: point, regions.composer, state, size) }
        guard regions.transcript.contains(point) else { return state.selection == nil ? [] : [.textSelected(nil)] }
        if let scrollChip, scrollChip.contains(point), state.scroll != .following { return [.command(.scrollToEnd)] }
        guard let (place, column) = line(at: point, state, size) else { return [.textSelected(nil)] }
        switch clicks {
        case 2:
            grip = .selected
            return transcript.word(at: column, of: place, in: state).map { [.textSelected($0)] } ?? []
        case 3...:
            grip = .selected
            return transcript.paragraph(at: place, in: state).map { [.textSelected($0)] } ?? []
        default:
            if let start = transcript.place(at: column, of: place, in: state) {
                grip = .transcript(start, place, column: column)
            }
            return state.selection == nil ? [] : [.textSelected(nil)]
        }
    }

    /// The small pictures of what waits, and the chips below them.
    private func pressedChip(at point: Point, _ area: Rect, _ state: SessionState, _ size: Size) -> [SessionEvent] {
        let context = context(of: state, size: size)
        let width = size.columns - 2
        let chips = ChipRows(state, width: width, limit: ScreenRegions.chipLimit(size), context: context)
        let waiting = WaitingPictures(state, width: width, context: context)
        let rows = waiting.rows(in: area, chips: chips.rows.count)
        let column = point.column - area.column - 2
        if point.row < area.row + rows {
            return waiting.picture(at: column).map { [.pictureOpened($0.name, in: nil)] } ?? []
        }
        let attachment = chips.attachment(atRow: point.row - area.row - rows, column: column)
        return attachment.map { [.attachmentOpened(state.composer.attachments[$0])] } ?? []
    }

    private mutating func pressedComposer(
        _ clicks: Int, at point: Point, _ area: Rect, _ state: SessionState, _ size: Size
    ) -> [SessionEvent] {
        let view = ComposerView(state.composer, size: size, theme: theme)
        let (offset, isChip) = view.place(at: point, in: area)
        if isChip, clicks == 1 {
            switch state.composer.chip(at: offset) {
            case .paste: return [.pasteUnfolded(at: offset)]
            case .attachment(let attachment): return [.attachmentOpened(attachment)]
            case .pending, nil: return []
            }
        }
        switch clicks {
        case 2: return [.composerSelected(view.word(at: offset))]
        case 3...: return [.composerSelected(view.line(at: offset))]
        default:
            grip = .composer(offset)
            return [.cursorMoved(to: offset, goal: nil, selecting: false)]
        }
    }

    // MARK: - Moving

    private mutating func dragged(to point: Point, _ state: SessionState, _ size: Size) -> [SessionEvent] {
        switch grip {
        case nil, .selected: return []
        case .composer(let start):
            let area = regions(state, size: size).composer
            let view = ComposerView(state.composer, size: size, theme: theme)
            let end = view.place(at: point, in: area).offset
            return [
                .cursorMoved(to: start, goal: nil, selecting: false), .cursorMoved(to: end, goal: nil, selecting: true),
            ]
        case .transcript(let start, _, _):
            let area = regions(state, size: size).transcript
            let beyond = point.row <= area.row ? -1 : max(0, point.row - (area.row + area.rows) + 1)
            var events: [SessionEvent] = []
            var moved = state
            if beyond != 0, !(beyond > 0 && state.scroll == .following) {
                moved.move(to: position(of: state, scrolledBy: min(3, beyond), size: size))
                events.append(.scrolled(moved.scroll))
            }
            let row = min(max(point.row, area.row), area.row + area.rows - 1)
            guard let (place, column) = line(at: Point(column: point.column, row: row), moved, size),
                let end = transcript.place(at: column, of: place, in: moved)
            else { return events }
            // A hand that shakes selects nothing.
            if end == start, state.selection == nil { return events }
            return events + [.textSelected(TranscriptSelection(anchor: start, head: end))]
        }
    }

    // MARK: - Up

    private mutating func released(at point: Point, _ state: SessionState, _ size: Size) -> [SessionEvent] {
        switch grip {
        case nil, .composer: return []
        case .selected: return copied(state, size)
        case .transcript(_, let place, let column):
            guard state.selection == nil else { return copied(state, size) }
            _ = beginTranscript(state, size: size)
            guard state.conversation.messages.indices.contains(place.message) else { return [] }
            if let link = transcript.line(at: place, in: state)?.link(at: column) { return [.linkOpened(link.target)] }
            if let seconds = transcript.line(at: place, in: state)?.moment(at: column) {
                return [.momentOpened(state.conversation.messages[place.message].id, seconds)]
            }
            let message = state.conversation.messages[place.message]
            if let picture = transcript.line(at: place, in: state)?.picture(at: column) {
                return [.pictureOpened(picture.name, in: message.id)]
            }
            let attachments = message.attachments
            switch transcript.target(at: place, in: state) {
            case .reasoning: return [.command(.foldReasoning)]
            case .attachment(let index) where attachments.indices.contains(index):
                return [.attachmentOpened(attachments[index])]
            default: return []
            }
        }
    }

    private mutating func copied(_ state: SessionState, _ size: Size) -> [SessionEvent] {
        guard beginTranscript(state, size: size) > 0 else { return [] }
        return [.selectionEnded(transcript.selectedText(of: state))]
    }

    // MARK: - Places

    /// The line of the transcript that is drawn at a place of the screen, and the column in it.
    private mutating func line(at point: Point, _ state: SessionState, _ size: Size)
        -> (place: Transcript.Place, column: Int)?
    {
        let area = regions(state, size: size).transcript
        let rows = beginTranscript(state, size: size)
        guard rows > 0, !state.conversation.messages.isEmpty else { return nil }
        let top = transcript.top(of: state, rows: rows)
        let place = transcript.place(top, movedBy: point.row - area.row, in: state)
        // A bar stands before the lines while the keys are theirs.
        return (place, point.column - area.column - (state.reading == nil ? 0 : 1))
    }
}
