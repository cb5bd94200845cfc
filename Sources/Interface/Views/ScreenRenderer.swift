public import Cells
public import Conversation
import Evidence
import FoundationEssentials
public import Session

/// Draws the session.
///
///     var renderer = ScreenRenderer(keymap: keymap)
///     terminal.show(renderer.render(state, theme: theme, size: terminal.size))
///
/// What it draws is a function of the state, the theme and the size alone; what it keeps only saves work. The cost of a
/// frame depends on what is on the screen and on what arrived since the last one, not on the length of the chat.
public struct ScreenRenderer {
    /// What a picture costs a model (nil: the engine's choice), in tokens.
    public var tokenCost: @Sendable (MediaReference, String?) -> Int = { picture, model in
        // No screen is wider; a reference out of a broken history may say anything.
        let sides = [picture.width, picture.height].map { min(max(1, $0), 100_000) }
        return PixelBudget.forModel(model ?? "glm").tokens(width: sides[0], height: sides[1])
    }
    {
        didSet { transcript = Transcript() }
    }
    /// How many seconds the person's clock is ahead of Greenwich, at seconds since 1970.
    public var secondsFromGMT: @Sendable (Double) -> Int = { seconds in
        TimeZone.current.secondsFromGMT(for: Date(timeIntervalSince1970: seconds))
    }

    /// How large a cell is in pixels, so that pictures get their room; nil where none are shown.
    public var pictureCell: PixelSize?
    /// The most cells that a picture may take; nil for any number.
    public var pictureLimit: Size?

    let keymap: Keymap
    var transcript = Transcript()
    /// What the mouse holds.
    var grip: PointerGrip?
    /// Where it says that there is more below; nil when it does not.
    var scrollChip: Rect?
    /// What is where in the overlay; nothing while none is open.
    var overlay = OverlayPlaces()
    var theme = Theme()
    /// An empty screen of the size that was drawn last: its rows are shared with every screen.
    private var empty = Grid(size: Size(columns: 0, rows: 0))
    private var surfaces = SurfaceCache()
    // What was laid out for the last frame, and is mostly the same in the next one.
    private var lastComposer: (composer: Composer, size: Size, theme: Theme, view: ComposerView)?
    private var engineLabel: EngineLabel?
    private var lastStatus: (bar: StatusBar, cells: [Cell])?

    /// Makes a renderer whose hints name the keys of a keymap.
    public init(keymap: Keymap) { self.keymap = keymap }

    /// Draws the whole screen.
    public mutating func render(_ state: SessionState, theme: Theme, size: Size) -> Screen {
        var screen = drawing(state, theme: theme, size: size)
        surfaces.underlay(theme.surface, &screen.grid)
        return screen
    }

    private mutating func drawing(_ state: SessionState, theme: Theme, size: Size) -> Screen {
        self.theme = theme
        if empty.size != size { empty = Grid(size: size) }
        var screen = Screen(grid: empty)
        screen.title = Self.title(of: state)
        guard Self.isLargeEnough(size) else {
            let smallest = ScreenRegions.smallest
            let words = "Scry needs \(smallest.columns)×\(smallest.rows) cells, here are \(size.columns)×\(size.rows)."
            let lines = TextLayout(width: max(2, size.columns)).lines(of: words, style: theme.text)
            for (row, line) in lines.prefix(size.rows).enumerated() {
                screen.grid.put(line, at: Point(column: 0, row: row))
            }
            return screen
        }
        let context = context(of: state, size: size)
        let banner = Banner(state, width: size.columns, context: context)
        let chips = ChipRows(
            state, width: size.columns - 2, limit: ScreenRegions.chipLimit(size), context: context)
        let waiting = WaitingPictures(state, width: size.columns - 2, context: context)
        let composer = composerView(state.composer, size)
        let regions = ScreenRegions(
            size: size, bannerRows: banner.lines.count, chipRows: chips.rows.count + waiting.rows,
            composerRows: composer.height)
        drawTranscript(state, context, on: &screen, in: regions.transcript)
        for (offset, line) in banner.lines.prefix(regions.banner.rows).enumerated() {
            screen.grid.put(line, at: Point(column: 0, row: regions.banner.row + offset), clip: regions.banner)
        }
        screen.grid.fill(regions.separator, with: "─", style: theme.separator)
        CostLine(state)?.draw(on: &screen.grid, in: regions.separator, theme)
        let chipArea = waiting.draw(on: &screen, in: regions.chips, chips: chips.rows.count)
        for (offset, row) in chips.rows.prefix(chipArea.rows).enumerated() {
            screen.grid.put(row, at: Point(column: 2, row: chipArea.row + offset), clip: chipArea)
        }
        let cursor = composer.draw(on: &screen.grid, in: regions.composer)
        let status = StatusBar(
            state, context: context, saysCost: regions.separator.rows == 0, label: &engineLabel)
        if let kept = lastStatus, kept.bar == status, kept.cells.count == size.columns {
            screen.grid.setRow(regions.status.row, to: kept.cells)
        } else {
            status.draw(on: &screen.grid, in: regions.status)
            lastStatus = (status, screen.grid.row(regions.status.row))
        }
        if state.overlay == nil, let completion = state.completion {
            CompletionView(completion, context: context).draw(on: &screen.grid, above: regions.separator.row)
        }
        overlay = drawOverlay(state, context, on: &screen, in: Rect(size).splitBottom(1).rest)
        screen.cursor = cursor
        if state.find?.isTyping == true, let column = banner.cursor, regions.banner.rows > 0 {
            screen.cursor = Point(column: min(column, size.columns - 1), row: regions.banner.row)
        } else if state.reading != nil {
            screen.cursor = nil
        }
        if state.overlay != nil { screen.cursor = overlay.cursor }
        return screen
    }

    /// What a key does whose meaning depends on the layout; nil for every other command.
    public mutating func event(for command: Command, in state: SessionState, size: Size) -> SessionEvent? {
        guard state.overlay == nil, Self.isLargeEnough(size) else { return nil }
        if let event = writingEvent(for: command, in: state, size: size) { return event }
        let page = pageHeight(of: state, size: size)
        switch command {
        case .pageUp: return scrolled(state, -page, size)
        case .pageDown: return scrolled(state, page, size)
        case .scrollUp: return scrolled(state, -3, size)
        case .scrollDown: return scrolled(state, 3, size)
        case .halfPageUp where state.reading != nil: return scrolled(state, -max(1, page / 2), size)
        case .halfPageDown where state.reading != nil: return scrolled(state, max(1, page / 2), size)
        case .read where state.reading == nil && state.find?.isTyping != true && state.completion?.isShown != true:
            let rows = beginTranscript(state, size: size)
            guard rows > 0, !state.conversation.messages.isEmpty else { return nil }
            if state.scroll == .following { return state.conversation.messages.last.map { .readingBegan($0.id) } }
            let top = transcript.top(of: state, rows: rows)
            return transcript.message(near: top, in: state).map { .readingBegan($0) }
        case .selectLines where state.reading != nil && state.reading?.selection == nil:
            return selected(state, 0, size)
        case .nextMessage, .moveDown, .previousMessage, .moveUp:
            guard state.reading?.selection != nil else { return nil }
            return selected(state, command == .nextMessage || command == .moveDown ? 1 : -1, size)
        default: return nil
        }
    }

    private mutating func scrolled(_ state: SessionState, _ lines: Int, _ size: Size) -> SessionEvent {
        var moved = state
        moved.move(to: position(of: state, scrolledBy: lines, size: size))
        guard let reading = state.reading else { return .scrolled(moved.scroll) }
        // The chosen message stays in sight, or another one is chosen.
        let rows = beginTranscript(moved, size: size)
        let top = transcript.top(of: moved, rows: rows)
        let end = transcript.place(top, movedBy: rows - 1, in: moved)
        guard let place = transcript.place(of: .top, in: reading.message, moved) else { return .scrolled(moved.scroll) }
        // The empty line below a message is not the message.
        let isAbove =
            place.message < top.message
            || (place.message == top.message && top.line >= transcript.height(of: top.message, in: moved) - 1)
        guard isAbove || place.message > end.message else { return .scrolled(moved.scroll) }
        let below = moved.conversation.messages[end.message].id
        let near = isAbove ? transcript.message(near: top, in: moved) : below
        return .scrolled(moved.scroll, choosing: near)
    }

    private mutating func selected(_ state: SessionState, _ step: Int, _ size: Size) -> SessionEvent? {
        let rows = beginTranscript(state, size: size)
        guard rows > 0, let reading = state.reading else { return nil }
        let top = transcript.top(of: state, rows: rows)
        return transcript.selection(in: reading, movedBy: step, top: top, state: state).map { .linesSelected($0) }
    }

    /// Where the transcript is after scrolling by lines (negative: back), for `.scrolled`.
    public mutating func position(of state: SessionState, scrolledBy lines: Int, size: Size) -> ScrollPosition {
        let rows = beginTranscript(state, size: size)
        guard rows > 0, !state.conversation.messages.isEmpty else { return .following }
        let lowest = transcript.lowestTop(of: state, rows: rows)
        let top = transcript.top(of: state, rows: rows)
        let moved = transcript.place(top, movedBy: lines, in: state)
        guard moved < lowest else { return .following }
        return transcript.anchor(moved, in: state)
    }

    /// The lines that a page scrolls by: one less than are shown, so that one stays in sight.
    public mutating func pageHeight(of state: SessionState, size: Size) -> Int {
        guard Self.isLargeEnough(size) else { return 1 }
        return max(1, regions(state, size: size).transcript.rows - 1)
    }

    /// Where the transcript must be so that something is on the screen; it does not move when it is there already.
    public mutating func position(of state: SessionState, showing sight: Sight, size: Size) -> ScrollPosition {
        let rows = beginTranscript(state, size: size)
        guard rows > 0, let start = transcript.place(of: sight.place ?? .top, in: sight.message, state) else {
            return state.scroll
        }
        let lowest = transcript.lowestTop(of: state, rows: rows)
        let top = transcript.top(of: state, rows: rows)
        // A message that is longer than the screen is read from its beginning.
        let height = sight.place == nil ? min(rows, transcript.height(of: start.message, in: state) - 1) : 1
        let end = transcript.place(top, movedBy: rows - 1, in: state)
        let last = transcript.place(start, movedBy: height - 1, in: state)
        if start >= top, last <= end { return state.scroll }
        var wanted = start
        if sight.place != nil {
            wanted = transcript.place(start, movedBy: -rows / 3, in: state)
        } else if start > top {
            wanted = transcript.place(last, movedBy: 1 - rows, in: state)
        }
        return wanted < lowest ? transcript.anchor(wanted, in: state) : .following
    }

    // MARK: - Parts

    private mutating func drawTranscript(
        _ state: SessionState, _ context: ViewContext, on screen: inout Screen, in area: Rect
    ) {
        guard !state.conversation.messages.isEmpty else {
            Welcome(context: context).draw(on: &screen.grid, in: area)
            return
        }
        scrollChip = nil
        transcript.begin(width: area.columns - 1, context: context)
        let top = transcript.top(of: state, rows: area.rows)
        transcript.draw(state, from: top, on: &screen, in: area)
        guard state.scroll != .following else { return }
        let below = transcript.count(from: top, in: state) - area.rows
        guard below > 0 else { return }
        let limit = Transcript.countLimit
        let words = below > limit - area.rows ? "\(limit)+ lines" : below == 1 ? "1 new line" : "\(below) new lines"
        let key = context.hint(.scrollToEnd, "") ?? ""
        let chip = " ↓ \(words)" + (key.isEmpty ? " " : " · \(key)")
        let column = area.column + max(0, area.columns - DisplayWidth.columns(of: chip))
        let row = area.row + area.rows - 1
        scrollChip = Rect(column: column, row: row, columns: area.columns - column, rows: 1)
        screen.grid.put(chip, at: Point(column: column, row: row), style: theme.scrollChip, clip: area)
    }

    private func drawOverlay(
        _ state: SessionState, _ context: ViewContext, on screen: inout Screen, in area: Rect
    ) -> OverlayPlaces {
        switch state.overlay {
        case .help(let top):
            HelpView(columns: area.columns, context: context).draw(top: top, on: &screen.grid, in: area)
        case .chats(let menu):
            return ChatsView(context: context, secondsFromGMT: secondsFromGMT).draw(menu, on: &screen, in: area)
        case .engines(let menu):
            return EnginesView(context: context, current: state.currentEngine).draw(menu, on: &screen.grid, in: area)
        case .themes(let menu):
            return ThemesView(context: context).draw(menu, on: &screen.grid, in: area)
        case .picture(let viewing):
            PictureView(context: context, cell: pictureCell, limit: pictureLimit).draw(viewing, in: state, on: &screen)
        case .frames(let sheet):
            return FramesView(context: context).draw(sheet, on: &screen, in: area)
        case .palette(let menu):
            return PaletteView(context: context).draw(menu, on: &screen.grid, in: area)
        case nil:
            break
        }
        return OverlayPlaces()
    }

    private mutating func composerView(_ composer: Composer, _ size: Size) -> ComposerView {
        if let last = lastComposer, last.composer == composer, last.size == size, last.theme == theme {
            return last.view
        }
        let view = ComposerView(composer, size: size, theme: theme)
        lastComposer = (composer, size, theme, view)
        return view
    }

    func context(of state: SessionState, size: Size) -> ViewContext {
        ViewContext(
            theme: theme, keymap: keymap, tokenCost: tokenCost, model: state.model, missingMedia: state.missingMedia,
            unreadableMedia: state.unreadableMedia, pictures: PictureRoom(cell: pictureCell, size: size))
    }

    func regions(_ state: SessionState, size: Size) -> ScreenRegions {
        let context = context(of: state, size: size)
        let chips = ChipRows(
            state, width: size.columns - 2, limit: ScreenRegions.chipLimit(size), context: context)
        let waiting = WaitingPictures(state, width: size.columns - 2, context: context)
        return ScreenRegions(
            size: size, bannerRows: Banner(state, width: size.columns, context: context).lines.count,
            chipRows: chips.rows.count + waiting.rows,
            composerRows: ComposerView(state.composer, size: size, theme: theme).height)
    }

    mutating func beginTranscript(_ state: SessionState, size: Size) -> Int {
        guard Self.isLargeEnough(size) else { return 0 }
        let area = regions(state, size: size).transcript
        // One column is kept for the bar of the message that is chosen.
        transcript.begin(width: area.columns - 1, context: context(of: state, size: size))
        return area.rows
    }

    static func isLargeEnough(_ size: Size) -> Bool {
        size.columns >= ScreenRegions.smallest.columns && size.rows >= ScreenRegions.smallest.rows
    }

    private static func title(of state: SessionState) -> String {
        let title = SafeText.singleLine(state.conversation.title)
        return title.isEmpty ? "Scry" : "\(title.shortened(to: 60)) – Scry"
    }
}
