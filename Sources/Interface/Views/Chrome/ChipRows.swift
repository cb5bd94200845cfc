import Cells
import Session

/// What goes with the words that are being written, in a row or a few.
struct ChipRows {
    /// The rows.
    let rows: [StyledText]
    /// Where the attachments' chips are, in their order.
    private let places: [(row: Int, columns: Range<Int>)]

    /// Arranges the chips in at most so many rows; what has no place is counted.
    init(_ state: SessionState, width: Int, limit: Int, context: ViewContext) {
        var chips = state.composer.attachments.map { StyledText(context.chip($0), style: context.theme.chip) }
        if state.pendingAttachments > 0 {
            let count = state.pendingAttachments
            let words = count == 1 ? "attaching …" : "attaching \(count) …"
            chips.append(StyledText(words, style: context.theme.chipPending))
        }
        if let recording = state.recording {
            chips.append(StyledText(Self.words(recording, state, context), style: context.theme.recording))
        }
        let attachments = state.composer.attachments.count
        var places: [(row: Int, columns: Range<Int>)] = []
        var rows: [StyledText] = []
        var left = chips.count
        for chip in chips {
            let room = rows.last.map { width - $0.columns - 3 } ?? 0
            let isLastRow = rows.count == limit
            // The count of what is left out needs a place.
            let needed = chip.columns + (isLastRow && left > 1 ? 9 : 0)
            if !rows.isEmpty, needed <= room {
                rows[rows.count - 1].append("   ")
                rows[rows.count - 1].append(chip)
            } else if rows.count < limit {
                let reserve = rows.count + 1 == limit && left > 1 ? 9 : 0
                let run = chip.runs.first
                rows.append(
                    StyledText((run?.text ?? "").shortened(to: width - reserve), style: run?.style ?? Style()))
            } else {
                break
            }
            left -= 1
            if places.count < attachments, let row = rows.last {
                places.append((rows.count - 1, max(0, row.columns - chip.columns)..<row.columns))
            }
        }
        if left > 0, !rows.isEmpty { rows[rows.count - 1].append(" +\(left) more", style: context.theme.dim) }
        self.rows = rows
        self.places = places
    }

    /// Which of the attachments has its chip at a place.
    func attachment(atRow row: Int, column: Int) -> Int? {
        places.firstIndex { $0.row == row && $0.columns.contains(column) }
    }

    private static func words(
        _ recording: RecordingStatus, _ state: SessionState, _ context: ViewContext
    ) -> String {
        if recording.isFinishing { return "● choosing the frames …" }
        let time = Quantity.clock(recording.seconds(at: state.now.uptime))
        let isPaused = recording.pausedAt != nil
        var words = [
            isPaused ? "○ paused \(time)" : "● REC \(time)", "\(recording.frames) frames",
            Quantity.bytes(Int64(recording.byteCount)),
        ]
        if recording.dropped > 0 { words.append("\(recording.dropped) dropped") }
        if isPaused, let hint = context.hint(.pauseRecording, "goes on") { words.append(hint) }
        if let hint = context.hint(.toggleRecording, "stops") { words.append(hint) }
        return words.joined(separator: " · ")
    }
}
