import Cells
import Conversation
import Session

/// The lowest line: which engine, whether it thinks, what it is doing, how full its context is.
struct StatusBar: Equatable {
    private struct Item: Equatable {
        /// What is said, the longest form first.
        var forms: [String]
        var style: Style
        /// The lowest go first where there is no room.
        var importance: Int
        var isRight = false
    }

    private let items: [Item]
    private let theme: Theme

    /// Collects what there is to say.
    ///
    /// - Parameters:
    ///   - saysCost: Whether what the message will cost has no line of its own.
    ///   - label: What was said of the engine in the last frame.
    init(_ state: SessionState, context: ViewContext, saysCost: Bool, label: inout EngineLabel?) {
        theme = context.theme
        var items = Self.engine(state, theme, &label)
        items.append(
            Item(
                forms: [state.isThinkingOn ? "thinking on" : "thinking off"],
                style: state.isThinkingOn ? theme.statusStrong : theme.status, importance: 100))
        let activity = Activity(state)
        if !activity.forms.isEmpty {
            items.append(Item(forms: activity.forms, style: theme.statusStrong, importance: 90))
        }
        let queued = state.conversation.messages.reversed().prefix { $0.role == .user && $0.outcome == .queued }.count
        if queued > 0 { items.append(Item(forms: ["\(queued) queued"], style: theme.status, importance: 85)) }
        if saysCost, let cost = CostLine(state) {
            items.append(
                Item(
                    forms: cost.forms, style: cost.fits ? theme.status : theme.statusWarning,
                    importance: cost.fits ? 75 : 92, isRight: true))
        }
        for (index, figure) in activity.figures.enumerated() {
            items.append(Item(forms: [figure], style: theme.status, importance: 40 - index, isRight: true))
        }
        if let speed = activity.tokensPerSecond {
            items.append(
                Item(forms: ["\(Quantity.tenths(speed)) tok/s"], style: theme.status, importance: 55, isRight: true))
        }
        if let used = state.contextUsed {
            let whole = state.model?.contextLength.map { "/" + Quantity.contextLength($0) } ?? " tokens"
            items.append(
                Item(forms: [Quantity.tokens(used) + whole], style: theme.status, importance: 60, isRight: true))
        }
        if state.overlay == nil {
            let hints = Self.hints(state)
            let words = hints.compactMap { context.hint($0.0, $0.1) }
            items.append(
                Item(
                    forms: [words.joined(separator: " · "), words.first ?? ""], style: theme.status,
                    importance: state.reply == nil ? 10 : Self.leastImportance, isRight: true))
        }
        self.items = items.filter { !$0.forms[0].isEmpty }
    }

    /// What is left out before anything else is said shorter.
    private static let leastImportance = 0

    /// The keys that matter now.
    private static func hints(_ state: SessionState) -> [(Command, String)] {
        guard state.reply != nil else {
            return [(.help, "help"), (.captureScreen, "screen"), (.toggleRecording, "record")]
        }
        let thinks =
            state.reply?.phase == .streaming && state.conversation.messages.last?.reasoning?.seconds == nil
            && state.conversation.messages.last?.reasoning != nil
        return thinks ? [(.cancel, "stops"), (.answerNow, "answers now")] : [(.cancel, "stops")]
    }

    private static func engine(_ state: SessionState, _ theme: Theme, _ known: inout EngineLabel?) -> [Item] {
        switch state.engine {
        case .searching:
            return [Item(forms: ["looking for an engine"], style: theme.status, importance: 70)]
        case .preparing:
            return [Item(forms: ["engine is being prepared"], style: theme.status, importance: 70)]
        case .offering, .unavailable:
            return [Item(forms: ["no engine"], style: theme.statusWarning, importance: 70)]
        case .ready(let profile, let name):
            let label = known.flatMap { $0.fits(profile, model: name) ? $0 : nil } ?? EngineLabel(profile, model: name)
            known = label
            let model = label.model
            var items = [Item(forms: [label.name], style: theme.status, importance: 50)]
            if !model.isEmpty, model != profile.name {
                items.append(
                    Item(
                        forms: [model.shortened(to: 32), model.shortened(to: 16)], style: theme.status, importance: 70)
                )
            }
            if !label.isLocal {
                // Said before the first picture goes, and while it can still be taken back.
                let shows = state.composer.attachments.contains { !$0.pictures.isEmpty } && state.model?.vision != false
                let forms = shows ? ["remote: pictures leave this machine", "remote"] : ["remote"]
                items.append(Item(forms: forms, style: theme.statusWarning, importance: 95))
            }
            if state.model?.vision == false {
                items.append(
                    Item(
                        forms: ["cannot see: pictures are read as text", "cannot see"], style: theme.statusWarning,
                        importance: 80))
            }
            return items
        }
    }

    // MARK: - Drawing

    /// Draws as much as there is room for, the least important left out.
    func draw(on grid: inout Grid, in area: Rect) {
        grid.fill(area, style: theme.status)
        var shown: [(item: Item, text: String)] = items.map { ($0, $0.forms[0]) }
        while width(of: shown) > area.columns - 2 {
            guard let least = shown.indices.min(by: { shown[$0].item.importance < shown[$1].item.importance }) else {
                return
            }
            if shown[least].item.importance == Self.leastImportance, shown.count > 1 {
                shown.remove(at: least)
                continue
            }
            // A shorter form of anything is better than leaving out something.
            if let long = shown.indices.filter({ shown[$0].text != shown[$0].item.forms.last }).min(by: {
                shown[$0].item.importance < shown[$1].item.importance
            }) {
                shown[long].text = shown[long].item.forms.last ?? ""
            } else if shown.count > 1 {
                shown.remove(at: least)
            } else {
                break
            }
        }
        var column = area.column + 1
        for (index, entry) in shown.filter({ !$0.item.isRight }).enumerated() {
            if index > 0 { column += put(Self.separator, theme.status, at: column, on: &grid, area) }
            column += put(entry.text, entry.item.style, at: column, on: &grid, area)
        }
        let right = shown.filter { $0.item.isRight }
        column = area.column + area.columns - 1 - width(of: right)
        for (index, entry) in right.enumerated() {
            if index > 0 { column += put(Self.separator, theme.status, at: column, on: &grid, area) }
            column += put(entry.text, entry.item.style, at: column, on: &grid, area)
        }
    }

    private static let separator = " · "

    private func put(_ text: String, _ style: Style, at column: Int, on grid: inout Grid, _ area: Rect) -> Int {
        grid.put(text, at: Point(column: column, row: area.row), style: style, clip: area)
    }

    private func width(of shown: [(item: Item, text: String)]) -> Int {
        shown.reduce(0) { $0 + DisplayWidth.columns(of: $1.text) } + 3 * max(0, shown.count - 1)
    }
}
