import Cells
import Conversation
import Session

/// The conversation as lines, of which only those near the screen are made.
struct Transcript {
    /// A line of the conversation.
    struct Place: Comparable {
        var message: Int
        var line: Int

        static func < (left: Place, right: Place) -> Bool {
            (left.message, left.line) < (right.message, right.line)
        }
    }

    /// What the lines that were made depend on.
    private struct Ground: Equatable {
        var theme: Theme
        var width: Int
        var model: ModelProfile?
        var missingMedia: Set<String>
        var unreadableMedia: Set<String>
        var pictures: PictureRoom?
    }

    private var ground: Ground?
    var context: ViewContext?
    var layouts: [Message.ID: MessageLayout] = [:]
    private var rows = RowCache()
    private var frame = 0
    private var lastAnchor = 0

    /// More messages than this are not kept laid out.
    private static let capacity = 600
    /// Lines below the screen are counted up to here.
    static let countLimit = 999

    /// Prepares for drawing; forgets the lines when they would look different.
    mutating func begin(width: Int, context: ViewContext) {
        let ground = Ground(
            theme: context.theme, width: width, model: context.model, missingMedia: context.missingMedia,
            unreadableMedia: context.unreadableMedia, pictures: context.pictures)
        if ground != self.ground { layouts.removeAll() }
        self.ground = ground
        self.context = context
        frame += 1
        if layouts.count > Self.capacity {
            layouts = layouts.filter { $0.value.lastUse >= frame - 1 }
        }
    }

    // MARK: - Places

    /// The first line on a screen of so many rows.
    mutating func top(of state: SessionState, rows: Int) -> Place {
        let lowest = lowestTop(of: state, rows: rows)
        guard case .anchored(let id, let point) = state.scroll, let place = place(of: point, in: id, state) else {
            return lowest
        }
        return min(place, lowest)
    }

    /// The line that shows a place of a message; nil when the conversation does not have the message.
    mutating func place(of point: MessagePoint, in id: Message.ID, _ state: SessionState) -> Place? {
        guard let index = index(of: id, in: state) else { return nil }
        let height = height(of: index, in: state)
        return Place(message: index, line: min(max(0, layouts[id]?.index(of: point) ?? 0), height - 1))
    }

    /// The position that keeps a line at the top of the screen.
    mutating func anchor(_ place: Place, in state: SessionState) -> ScrollPosition {
        let id = state.conversation.messages[place.message].id
        _ = height(of: place.message, in: state)
        return .anchored(message: id, place: layouts[id]?.point(of: place.line) ?? .top)
    }

    /// The first line on the screen when the end is shown.
    mutating func lowestTop(of state: SessionState, rows: Int) -> Place {
        var total = 0
        var index = state.conversation.messages.count
        while index > 0, total < rows {
            index -= 1
            total += height(of: index, in: state)
        }
        return Place(message: index, line: max(0, total - rows))
    }

    /// The place so many lines further; never past the first or the last line.
    mutating func place(_ place: Place, movedBy lines: Int, in state: SessionState) -> Place {
        var place = place
        place.line += lines
        while place.line < 0, place.message > 0 {
            place.message -= 1
            place.line += height(of: place.message, in: state)
        }
        place.line = max(0, place.line)
        while place.message < state.conversation.messages.count {
            let height = height(of: place.message, in: state)
            guard place.line >= height else { break }
            guard place.message + 1 < state.conversation.messages.count else {
                place.line = height - 1
                break
            }
            place.line -= height
            place.message += 1
        }
        return place
    }

    /// Lines from a place to the end, counted up to a limit.
    mutating func count(from place: Place, in state: SessionState) -> Int {
        var total = -place.line
        for index in place.message..<max(place.message, state.conversation.messages.count) {
            total += height(of: index, in: state)
            if total > Self.countLimit { break }
        }
        return max(0, total)
    }

    // MARK: - Reading

    /// The message of the first line from a place on that says something, or of the last one before an end.
    mutating func message(near place: Place, in state: SessionState) -> Message.ID? {
        guard state.conversation.messages.indices.contains(place.message) else { return nil }
        let isLast = place.message + 1 == state.conversation.messages.count
        let isOver = place.line >= height(of: place.message, in: state) - 1 && !isLast
        return state.conversation.messages[place.message + (isOver ? 1 : 0)].id
    }

    /// What is selected of a message after moving on by so many lines; from the first one in sight, at the beginning.
    mutating func selection(in reading: Reading, movedBy step: Int, top: Place, state: SessionState) -> LineSelection? {
        guard let place = place(of: .top, in: reading.message, state), let layout = layouts[reading.message] else {
            return nil
        }
        guard let old = reading.selection else {
            let first = top.message == place.message ? top.line : 0
            let lines = layout.words
            guard !lines.isEmpty, let unit = layout.unit(of: min(max(first, lines.lowerBound), lines.upperBound - 1))
            else { return nil }
            return LineSelection(anchor: unit, head: unit)
        }
        var line = layout.index(of: MessagePoint(.words, line: old.head.lowerBound, offset: .max))
        if step < 0 { line = layout.index(of: MessagePoint(.words, line: old.head.lowerBound, offset: -2)) }
        while let unit = layout.unit(of: line + step) {
            line += step
            if unit.lowerBound != old.head.lowerBound { return LineSelection(anchor: old.anchor, head: unit) }
        }
        return old
    }

    // MARK: - Drawing

    /// Draws lines from a place on.
    mutating func draw(_ state: SessionState, from top: Place, on screen: inout Screen, in area: Rect) {
        var places: [PicturePlace] = []
        defer { for place in places { screen.place(place.picture, at: place.origin, clip: area) } }
        guard let context else { return }
        rows.begin(rows: area.rows)
        let selection = span(of: state)
        var row = area.row
        let bottom = area.row + area.rows
        var first = top.line
        for index in top.message..<max(top.message, state.conversation.messages.count) {
            let height = height(of: index, in: state)
            guard let layout = layouts[state.conversation.messages[index].id] else { return }
            let painter = MessagePainter(state, message: state.conversation.messages[index].id, layout, context.theme)
            var line = first
            while line < height, row < bottom {
                let columns = selection?.columns(
                    in: Place(message: index, line: line), layout.line(line, context.theme))
                let content = painter.content(of: line, selected: columns, width: area.columns)
                rows.draw(content, row: row, on: &screen.grid, in: area)
                // Each row of a picture says the same of it.
                for place in MessagePainter.places(content, row: row, in: area) where !places.contains(place) {
                    places.append(place)
                }
                line += 1
                row += 1
            }
            first = 0
            if row >= bottom { return }
        }
    }

    // MARK: - Messages

    private mutating func index(of id: Message.ID, in state: SessionState) -> Int? {
        let messages = state.conversation.messages
        if lastAnchor < messages.count, messages[lastAnchor].id == id { return lastAnchor }
        guard let index = messages.lastIndex(where: { $0.id == id }) else { return nil }
        lastAnchor = index
        return index
    }

    mutating func height(of index: Int, in state: SessionState) -> Int {
        guard let context, let ground else { return 1 }
        let id = state.conversation.messages[index].id
        if let layout = layouts[id], layout.lastUse == frame { return layout.count }
        let manner = manner(of: state.conversation.messages[index], in: state, width: ground.width, context)
        // In place: a copy would copy every line.
        layouts[id, default: MessageLayout()].update(
            state.conversation.messages[index], manner: manner, context: context)
        layouts[id]?.lastUse = frame
        return layouts[id]?.count ?? 1
    }

    /// What is said about a message: which version it is, and what the person thinks of it.
    private func note(on message: Message, in state: SessionState) -> String? {
        var notes: [String] = []
        if let variants = state.variants[message.id], variants.messages.count > 1 {
            notes.append("version \(variants.active + 1) of \(variants.messages.count)")
        }
        if let verdict = message.mark?.verdict { notes.append(verdict == .good ? "+ good" : "− bad") }
        if message.mark?.correction != nil { notes.append("✎ corrected") }
        return notes.isEmpty ? nil : notes.joined(separator: " · ")
    }

    private func manner(
        of message: Message, in state: SessionState, width: Int, _ context: ViewContext
    ) -> MessageLayout.Manner {
        var manner = MessageLayout.Manner(width: width, isReasoningOpen: false)
        manner.note = note(on: message, in: state)
        guard message.role == .assistant else { return manner }
        manner.isLive = message.outcome == .streaming && state.reply?.messageID == message.id
        if let reasoning = ReasoningView(message, in: state) {
            manner.isReasoningOpen = reasoning.isOpen
            manner.reasoningHeading = reasoning.heading(context)
        }
        if state.unfinishedAnswer?.id == message.id {
            manner.continuation = context.hint(.continueReply, message.parts.isEmpty ? "asks again" : "goes on")
        }
        return manner
    }
}
