import Cells
import Conversation
import Session

/// What is written as it is shown: the chips have names, what is selected looks selected; only what is near the cursor.
struct ComposerText {
    /// A piece of the text that is shown as one.
    private struct Segment {
        /// Its UTF-8 bytes in what is written.
        var source: Range<Int>
        /// Its UTF-8 bytes in what is shown.
        var shown: Range<Int>
        var isChip: Bool
    }

    /// What is shown.
    let styled: StyledText
    /// What is shown, without styles.
    let plain: String
    /// Where the cursor is in it, in UTF-8 bytes.
    let cursor: Int
    /// Whether something before it is not shown.
    let isCut: Bool
    private let segments: [Segment]

    /// - Parameter window: Characters on each side of the cursor that can be in sight; a pasted book is not laid out with
    ///   every key.
    init(_ composer: Composer, window: Int, theme: Theme) {
        let before = Self.end(of: composer.before, window)
        let text = String(before) + composer.after.prefix(window)
        let start = composer.before.utf8.count - before.utf8.count
        isCut = start > 0
        var segments: [Segment] = []
        var labels: [(text: String, style: Style)] = []
        var shownCount = 0
        var sourceCount = start
        func add(_ piece: Substring.UnicodeScalarView, _ shown: String, _ style: Style, isChip: Bool) {
            guard !piece.isEmpty else { return }
            let byteCount = piece.reduce(0) { $0 + UTF8.width($1) }
            segments.append(
                Segment(
                    source: sourceCount..<(sourceCount + byteCount),
                    shown: shownCount..<(shownCount + shown.utf8.count), isChip: isChip))
            labels.append((shown, style))
            sourceCount += byteCount
            shownCount += shown.utf8.count
        }
        let scalars = text[...].unicodeScalars
        var wordsStart = scalars.startIndex
        func flush(to end: String.Index) {
            let piece = scalars[wordsStart..<end]
            add(piece, SafeText.sanitized(String(piece)), theme.composer, isChip: false)
        }
        if !composer.chips.isEmpty {
            for index in scalars.indices {
                guard let chip = composer.chips[scalars[index]] else { continue }
                flush(to: index)
                let next = scalars.index(after: index)
                let isPending = if case .pending = chip { true } else { false }
                add(
                    scalars[index..<next], Self.label(chip), isPending ? theme.chipPending : theme.chip, isChip: true)
                wordsStart = next
            }
        }
        flush(to: scalars.endIndex)
        self.segments = segments
        let selection = composer.selection.map { range in
            Self.shown(of: range.lowerBound, segments)..<Self.shown(of: range.upperBound, segments)
        }
        var styled = StyledText()
        for (segment, label) in zip(segments, labels) {
            Self.append(label.text, label.style, at: segment.shown, selection, theme, to: &styled)
        }
        self.styled = styled
        plain = styled.plain
        cursor = Self.shown(of: composer.cursor, segments)
    }

    // MARK: - Places

    /// The place in what is written that a place in what is shown stands for; inside a chip, its nearer end.
    func source(of offset: Int) -> Int {
        guard let segment = segments.last(where: { $0.shown.lowerBound <= offset }) else {
            return segments.first?.source.lowerBound ?? 0
        }
        let inside = offset - segment.shown.lowerBound
        if segment.isChip {
            return inside * 2 < segment.shown.count ? segment.source.lowerBound : segment.source.upperBound
        }
        return min(segment.source.lowerBound + inside, segment.source.upperBound)
    }

    /// Where the chip begins that is shown at an offset.
    func chip(at offset: Int) -> Int? {
        segments.first { $0.isChip && $0.shown.contains(offset) }?.source.lowerBound
    }

    /// The word around a place in what is written.
    func word(at offset: Int) -> Range<Int> {
        if let chip = segments.first(where: { $0.isChip && $0.source.contains(offset) }) { return chip.source }
        return around(offset) { $0.isLetter || $0.isNumber || $0 == "_" }
    }

    /// The line around a place in what is written.
    func line(at offset: Int) -> Range<Int> {
        let (low, high) = (around(offset, joins: { $0 != "\n" }), segments)
        guard let first = high.first(where: { $0.source.upperBound >= low.lowerBound }) else { return low }
        return max(first.source.lowerBound, low.lowerBound)..<low.upperBound
    }

    private func around(_ offset: Int, joins: (Character) -> Bool) -> Range<Int> {
        let place = Self.shown(of: offset, segments)
        let index = plain.utf8.index(plain.startIndex, offsetBy: min(place, plain.utf8.count))
        let head = plain[..<index]
        let low = head.lastIndex { !joins($0) }.map { head.index(after: $0) } ?? head.startIndex
        let high = plain[index...].firstIndex { !joins($0) } ?? plain.endIndex
        let utf8 = plain.utf8
        return source(
            of: utf8.distance(from: utf8.startIndex, to: low))..<source(
                of: utf8.distance(from: utf8.startIndex, to: high))
    }

    private static func shown(of offset: Int, _ segments: [Segment]) -> Int {
        guard let segment = segments.last(where: { $0.source.lowerBound <= offset }) else { return 0 }
        let inside = offset - segment.source.lowerBound
        if segment.isChip { return inside == 0 ? segment.shown.lowerBound : segment.shown.upperBound }
        return min(segment.shown.lowerBound + inside, segment.shown.upperBound)
    }

    // MARK: - Looks

    private static func label(_ chip: ComposerChip) -> String {
        switch chip {
        case .paste(let paste): "[\(paste.label)]"
        case .pending: "[…]"
        case .attachment(let attachment):
            "[\(ViewContext.symbol(of: attachment)) \(SafeText.singleLine(attachment.label).shortened(to: 32))]"
        }
    }

    private static func append(
        _ text: String, _ style: Style, at range: Range<Int>, _ selection: Range<Int>?, _ theme: Theme,
        to styled: inout StyledText
    ) {
        guard let selection, selection.overlaps(range) else { return styled.append(text, style: style) }
        let chosen = selection.clamped(to: range)
        func piece(_ part: Range<Int>) -> String {
            let start = text.utf8.index(text.startIndex, offsetBy: part.lowerBound - range.lowerBound)
            return String(text[start..<text.utf8.index(start, offsetBy: part.count)])
        }
        styled.append(piece(range.lowerBound..<chosen.lowerBound), style: style)
        styled.append(piece(chosen), style: style.over(theme.selection))
        styled.append(piece(chosen.upperBound..<range.upperBound), style: style)
    }

    /// The last characters and some more, from a line break on where there is one; otherwise from a place that stays while
    /// more is written, so that lines are not broken anew with every key.
    private static func end(of text: String, _ window: Int) -> Substring {
        guard text.utf8.count > window,
            let start = text.index(text.endIndex, offsetBy: -window, limitedBy: text.startIndex)
        else { return text[...] }
        let byteCount = text.utf8.distance(from: text.startIndex, to: start)
        let kept = text.utf8.index(text.startIndex, offsetBy: byteCount - byteCount % step)
        // A character is never cut.
        let part = text[text.index(before: text.index(after: kept))...]
        guard let lineBreak = part[..<start].firstIndex(of: "\n") else { return part }
        return part[part.index(after: lineBreak)...]
    }

    private static let step = 512
}
