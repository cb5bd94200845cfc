import Cells
import Session

/// The lines above the composer: how far the engine is, what is offered, what went wrong.
struct Banner {
    /// The lines, each no wider than the screen.
    let lines: [StyledLine]
    /// The column of the cursor in the first line, where something is typed there.
    let cursor: Int?

    /// A sentence takes no more lines than this.
    private static let longest = 4

    /// Says what there is to say.
    init(_ state: SessionState, width: Int, context: ViewContext) {
        let mode = ModeLine(state, width: width, context: context)
        cursor = mode?.cursor
        var lines = mode.map { [StyledLine($0.text)] } ?? []
        switch state.engine {
        case .preparing(let step, let fraction):
            lines += Self.progress(SafeText.singleLine(step), fraction, width: width, context.theme)
        case .offering(let offer):
            lines += Self.offer(offer, width: width, context)
        case .unavailable(let sentence):
            lines += Self.sentence("✗ ", sentence, width: width, context.theme.problem)
        case .searching, .ready:
            break
        }
        if let notice = state.notice {
            let isProblem = notice.kind == .problem
            let style = isProblem ? context.theme.problem : context.theme.notice
            lines += Self.sentence(isProblem ? "✗ " : "• ", notice.text, width: width, style)
        }
        self.lines = lines
    }

    private static func sentence(_ mark: String, _ text: String, width: Int, _ style: Style) -> [StyledLine] {
        let layout = TextLayout(width: width, firstPrefix: StyledText(mark, style: style), nextPrefix: "  ")
        // No sentence needs more; the rest of a very long one is not even looked at.
        let words = SafeText.singleLine(String(text.prefix(4_000)))
        var lines = layout.lines(of: words, style: style)
        guard lines.count > longest else { return lines }
        lines.removeLast(lines.count - longest)
        let last = lines[longest - 1].plain
        let room = last.shortened(to: width - 1)
        lines[longest - 1] = StyledLine(
            StyledText(room.hasSuffix("…") && !last.hasSuffix("…") ? room : last + "…", style: style))
        return lines
    }

    private static func progress(
        _ step: String, _ fraction: Double?, width: Int, _ theme: Theme
    ) -> [StyledLine] {
        guard let fraction, fraction.isFinite else {
            return [StyledLine(StyledText((step + " …").shortened(to: width), style: theme.notice))]
        }
        let done = min(max(0, fraction), 1)
        let percent = " \(Int((done * 100).rounded(.down))) %"
        let words = step.shortened(to: max(8, width - 20)) + " "
        let room = min(30, width - DisplayWidth.columns(of: words) - percent.utf8.count - 2)
        guard room >= 4 else {
            return [StyledLine(StyledText((words + percent).shortened(to: width), style: theme.notice))]
        }
        let eighths = Int(Double(room * 8) * done)
        let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
        let full = String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
        let empty = room - eighths / 8 - (eighths % 8 == 0 ? 0 : 1)
        var text = StyledText(words, style: theme.notice)
        text.append("▕", style: theme.dim)
        text.append(full, style: theme.progress)
        text.append(String(repeating: " ", count: empty) + "▏", style: theme.dim)
        text.append(percent, style: theme.notice)
        return [StyledLine(text)]
    }

    private static func offer(_ offer: EngineOffer, width: Int, _ context: ViewContext) -> [StyledLine] {
        let licence = offer.licence.isEmpty ? "" : " · licence \(offer.licence)"
        let what = "\(offer.name) · \(Quantity.bytes(offer.byteCount))\(licence)"
        var lines = sentence(
            "? ", "No engine answers. Scry can fetch one with a model: \(what).", width: width, context.theme.notice)
        let choices = [
            context.hint(.send, "fetches it"), context.hint(.cancel, "uses \(offer.alternative) instead"),
        ].compactMap { $0 }.joined(separator: " · ")
        lines += sentence("  ", choices, width: width, context.theme.key)
        return lines
    }
}
