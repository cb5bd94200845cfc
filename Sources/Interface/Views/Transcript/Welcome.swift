import Cells
import Session

/// What an empty chat says: what can be done, and with which keys.
struct Welcome {
    let context: ViewContext

    /// Draws it into the transcript's area, as far as there is room.
    func draw(on grid: inout Grid, in area: Rect) {
        let theme = context.theme
        var lines: [StyledText] = [StyledText("Ask about anything on your screen.", style: theme.title), StyledText()]
        let jobs: [(Command, String)] = [
            (.send, "asks what you wrote; the answer and its reasoning stream in here"),
            (.captureScreen, "puts a picture of the screen beside your words"),
            (.toggleRecording, "records the screen until you press it again, to be summed up"),
        ]
        let keys = jobs.map { context.keymap.label(for: $0.0) }
        let width = keys.map { DisplayWidth.columns(of: $0) }.max() ?? 0
        for (key, job) in zip(keys, jobs) {
            var line = StyledText("  " + key, style: theme.key)
            line.append(String(repeating: " ", count: width - DisplayWidth.columns(of: key) + 2), style: theme.text)
            line.append(job.1, style: theme.text)
            lines.append(line)
        }
        let hints = [context.hint(.toggleThinking, "switches thinking"), context.hint(.help, "lists every key")]
        lines += [StyledText(), StyledText(hints.compactMap { $0 }.joined(separator: " · "), style: theme.dim)]
        var row = area.row + max(0, min(2, area.rows - lines.count - 4))
        for line in lines {
            let indent = StyledText(String(repeating: " ", count: width + 4))
            for part in TextLayout(width: area.columns - 2, nextPrefix: indent).lines(of: line) {
                grid.put(part, at: Point(column: area.column + 1, row: row), clip: area)
                row += 1
            }
        }
    }
}
