import Cells
import Conversation
import Session

extension Transcript {
    /// What is selected, in lines.
    struct Span {
        /// The first character: its line, and where it is in the line's text.
        var first: (place: Place, offset: Int)
        /// The last one.
        var last: (place: Place, offset: Int)

        /// The columns of a line that are selected.
        func columns(in place: Place, _ line: TranscriptLine) -> Range<Int>? {
            guard place >= first.place, place <= last.place else { return nil }
            return line.columns(
                from: place == first.place ? first.offset : nil, through: place == last.place ? last.offset : nil)
        }
    }

    /// The lines that are selected; nil when nothing is, or what was is gone.
    mutating func span(of state: SessionState) -> Span? {
        guard let selection = state.selection, let anchor = find(selection.anchor, state),
            let head = find(selection.head, state)
        else { return nil }
        let isForward = (anchor.place, anchor.offset) <= (head.place, head.offset)
        return isForward ? Span(first: anchor, last: head) : Span(first: head, last: anchor)
    }

    private mutating func find(_ place: TranscriptPlace, _ state: SessionState) -> (place: Place, offset: Int)? {
        guard let found = self.place(of: place.point, in: place.message, state),
            let line = line(at: found, in: state)
        else { return nil }
        guard line.rest != nil else { return (found, place.inner) }
        return (found, max(0, place.point.offset - line.offset))
    }

    /// The line at a place.
    mutating func line(at place: Place, in state: SessionState) -> TranscriptLine? {
        guard state.conversation.messages.indices.contains(place.message), let context else { return nil }
        _ = height(of: place.message, in: state)
        return layouts[state.conversation.messages[place.message].id]?.line(place.line, context.theme)
    }

    /// What a click on a line asks for.
    func target(at place: Place, in state: SessionState) -> MessageLayout.Target? {
        layouts[state.conversation.messages[place.message].id]?.target(of: place.line)
    }

    /// The character at a column of a line.
    mutating func place(at column: Int, of place: Place, in state: SessionState) -> TranscriptPlace? {
        guard let line = line(at: place, in: state) else { return nil }
        return named(line.offset(at: column), of: line, at: place, in: state)
    }

    private func named(_ offset: Int, of line: TranscriptLine, at place: Place, in state: SessionState)
        -> TranscriptPlace?
    {
        let id = state.conversation.messages[place.message].id
        guard var point = layouts[id]?.point(of: place.line) else { return nil }
        guard line.rest != nil else { return TranscriptPlace(message: id, point: point, inner: offset) }
        point.offset = line.offset + offset
        return TranscriptPlace(message: id, point: point)
    }

    // MARK: - Words and paragraphs

    /// The word at a column of a line.
    mutating func word(at column: Int, of place: Place, in state: SessionState) -> TranscriptSelection? {
        guard let line = line(at: place, in: state) else { return nil }
        let word = line.word(at: line.offset(at: column))
        guard let first = named(word.first, of: line, at: place, in: state),
            let last = named(word.last, of: line, at: place, in: state)
        else { return nil }
        return TranscriptSelection(anchor: first, head: last)
    }

    /// The paragraph, or the line of code, that a line belongs to.
    mutating func paragraph(at place: Place, in state: SessionState) -> TranscriptSelection? {
        guard let here = line(at: place, in: state) else { return nil }
        var (top, bottom) = (place, place)
        var (first, last) = (here, here)
        while top.line > 0, let above = line(at: Place(message: top.message, line: top.line - 1), in: state),
            above.goesOn(in: first)
        {
            top.line -= 1
            first = above
        }
        while let below = line(at: Place(message: bottom.message, line: bottom.line + 1), in: state),
            last.goesOn(in: below)
        {
            bottom.line += 1
            last = below
        }
        guard let start = named(0, of: first, at: top, in: state),
            let end = named(last.offset(at: .max), of: last, at: bottom, in: state)
        else { return nil }
        return TranscriptSelection(anchor: start, head: end)
    }

    // MARK: - Copying

    /// What is selected, as it was said: lines that only the screen has broken are whole.
    mutating func selectedText(of state: SessionState) -> String {
        guard let span = span(of: state) else { return "" }
        var text = ""
        var place = span.first.place
        var before: TranscriptLine?
        while place <= span.last.place, let line = line(at: place, in: state) {
            let isFirst = place == span.first.place
            let goesOn = before?.goesOn(in: line) ?? false
            if goesOn {
                text += before?.rest ?? ""
            } else if let before {
                // Blanks that did not fit into the line belong to it all the same.
                text += (before.rest ?? "").filter { $0 != "\n" } + "\n"
            }
            if !goesOn, !isFirst || span.first.offset == 0 { text += line.mark }
            text += line.piece(
                from: isFirst ? span.first.offset : nil, through: place == span.last.place ? span.last.offset : nil)
            before = line
            let next = self.place(place, movedBy: 1, in: state)
            if next == place { break }
            place = next
        }
        return text
    }
}
