import CTerminalGuard
public import Cells
import Dispatch
import Glibc

/// The real terminal: paints screens with curses, reads keys from the descriptor itself.
///
///     let terminal = try CursesTerminal.open()
///     defer { terminal.close() }
///     for await event in terminal.events { … terminal.show(screen) }
///
/// Curses is global, so one is open at a time. Until `close`, the terminal is in raw mode on its alternate screen,
/// standard error is held back (see CTerminalGuard.h), and handlers for faults and signals are installed; exit and
/// crashes give the terminal back too.
@MainActor public final class CursesTerminal: TerminalDevice {
    /// What happens, in order; for one reader, until `close`.
    public let events: AsyncStream<TerminalEvent>

    private let output: Int32
    private let canvas: CursesCanvas
    private let reader: InputReader
    private let strings: TerminalStrings

    /// What the terminal shows; `nil` when that is not known.
    private var shown: Screen?
    /// What it was told to show, also while somebody else has it.
    private var latest: Screen?
    private var title: String?
    private var isCursorVisible = true
    /// The rows that show links.
    private var linkedRows: Set<Int> = []
    private var answers: KeyDecoder.Answers = []
    private var painter: PicturePainter
    private var graphics = GraphicsAnswers()
    private let pictureSetting: PictureSetting
    private let environment: [String: String]
    private let continuation: AsyncStream<TerminalEvent>.Continuation
    private var isSuspended = false
    private var isClosed = false

    /// Takes the terminal behind two descriptors, which stay the caller's and must stay open until `close`.
    ///
    /// - Parameters:
    ///   - usesColor: `false` paints with attributes only, as NO_COLOR asks for.
    ///   - pictures: How pictures are to be shown; a terminal that is to show none is asked nothing about them.
    ///   - environment: The variables that tell what is between the program and the terminal.
    public static func open(
        input: Int32 = 0, output: Int32 = 1, usesColor: Bool = true, pictures: PictureSetting = .none,
        environment: [String: String] = [:]
    ) throws(TerminalFailure) -> CursesTerminal {
        guard isatty(input) == 1, isatty(output) == 1 else { throw .notATerminal }
        let name = getenv("TERM").map { String(cString: $0) } ?? ""
        guard !name.isEmpty, name != "dumb" else { throw .dumb(name: name) }
        guard CellEncoder.usesUTF8() else { throw .noUnicode }
        let size = Size(terminal: output) ?? Size(columns: 80, rows: 24)
        guard size.columns >= 10, size.rows >= 3 else { throw .tooSmall(size) }
        let status = cterminalguard_install(output, "", 0)
        guard status == 0 else { throw .system(doing: "watching over the terminal", code: -status) }
        do {
            return try CursesTerminal(
                name: name, input: input, output: output, size: size, usesColor: usesColor, pictures: pictures,
                environment: environment)
        } catch {
            cterminalguard_uninstall()
            throw error
        }
    }

    private init(
        name: String, input: Int32, output: Int32, size: Size, usesColor: Bool, pictures: PictureSetting,
        environment: [String: String]
    ) throws(TerminalFailure) {
        self.output = output
        pictureSetting = pictures
        self.environment = environment
        let (events, continuation) = AsyncStream<TerminalEvent>.makeStream()
        self.events = events
        self.continuation = continuation
        // Before curses, which takes over signals that nobody handles.
        reader = try InputReader(input: input, continuation: continuation)
        do {
            // Terminfo may not know the kind; then 256 colours it is.
            let direct = usesColor ? DirectColor.name(for: name, environment: environment) : nil
            let best = direct.flatMap { try? CursesCanvas(terminal: $0, size: size, usesColor: true) }
            if let best {
                canvas = best
            } else {
                canvas = try CursesCanvas(terminal: name, size: size, usesColor: usesColor)
            }
            let question = pictures == .none ? "" : GraphicsAnswers.query(environment: environment)
            strings = TerminalStrings(terminal: name, pictures: question)
            painter = PicturePainter(
                ability: PictureAbility(
                    setting: pictures, answers: graphics, isOver: !strings.isAsked, cell: PixelSize(cellOf: output),
                    colors: canvas.colorCount, environment: environment),
                isTmux: Multiplexer(environment) == .tmux, salt: Int(getpid()))
            try TerminalModes.setRaw(output)
        } catch {
            reader.finish()
            throw error
        }
        reader.watchSignals()
        _ = cterminalguard_set_reset(strings.reset, strings.reset.utf8.count)
        send(strings.enter + strings.query)
        reader.start { [weak self] answers, graphics in
            // The main queue is the main actor's; a task would outlive `close`.
            DispatchQueue.main.async { @Sendable [weak self] in
                MainActor.assumeIsolated { self?.take(answers, graphics) }
            }
        }
        guard painter.ability.method == .undecided else { return }
        // Who has not answered by then does not answer; who does later is believed all the same.
        DispatchQueue.main.asyncAfter(deadline: .now() + .milliseconds(500)) { @Sendable [weak self] in
            MainActor.assumeIsolated { self?.decideOnPictures(isOver: true) }
        }
    }

    isolated deinit { close() }

    /// The size now.
    public var size: Size { Size(terminal: output) ?? canvas.size }

    /// Paints what changed since the last screen, in one write, and puts the cursor.
    public func show(_ screen: Screen) {
        latest = screen
        guard !isSuspended, !isClosed else { return }
        followSize()
        paint(fitted(screen))
    }

    /// Forgets what the terminal shows, so that the next `show` paints everything.
    public func redraw() { shown = nil }

    /// Texts of more bytes than this are not offered: terminals drop them, or worse, what comes after them.
    public nonisolated static var clipboardLimit: Int { 100_000 }

    /// Offers a text to the clipboard through OSC 52, which tmux passes on where it is set to.
    @discardableResult public func copy(_ text: String) -> Bool {
        guard text.utf8.count <= Self.clipboardLimit, !isSuspended, !isClosed, strings.hasTitle else { return false }
        send(TerminalStrings.copying(text))
        return true
    }

    /// How many colours it can show; 0 for none.
    public var colorCount: Int { canvas.colorCount }

    /// Asks for the colour behind the words.
    public func askBackground() {
        guard !isSuspended, !isClosed, strings.hasTitle else { return }
        send(TerminalStrings.askBackground)
    }

    /// Calls somebody who looks elsewhere; the Linux console has the bell alone.
    public func alert(_ alert: TerminalAlert) {
        guard !isSuspended, !isClosed else { return }
        send(TerminalStrings.alert(strings.hasTitle ? alert : .bell))
    }

    /// Gives the terminal back for a while, to an editor or to the shell; events stop.
    public func suspend() {
        guard !isSuspended, !isClosed else { return }
        isSuspended = true
        reader.pause()
        send(painter.forgetAll())
        cterminalguard_restore()
        isCursorVisible = true
    }

    /// Takes the terminal again and paints the last screen; harmless when it is ours already.
    public func resume() {
        guard !isClosed else { return }
        _ = cterminalguard_hold()
        // What fails here fails for a terminal that is gone, and the reader says so.
        try? TerminalModes.setRaw(output)
        if isSuspended {
            isSuspended = false
            title = nil
            let hasKeyboard = answers.contains(.keyboardProtocol)
            send(strings.enter + (hasKeyboard ? TerminalStrings.pushKeyboard : ""))
            reader.resume()
        }
        redraw()
        if let latest { show(latest) }
    }

    /// Suspends, stops the process as Ctrl+Z does, and resumes when it is continued.
    public func stopProcess() {
        suspend()
        // Not SIGTSTP, which is caught; the shell that waits for us sees no difference.
        kill(getpid(), SIGSTOP)
        resume()
    }

    /// Gives the terminal back for good and ends the events.
    public func close() {
        guard !isClosed else { return }
        isClosed = true
        reader.finish()
        if !isSuspended { send(painter.forgetAll()) }
        cterminalguard_uninstall()
        canvas.close()
    }

    // MARK: - Painting

    private func paint(_ screen: Screen) {
        let isFresh = shown == nil || canvas.renewsColors()
        var screen = screen
        var pictures = painter.prepare(&screen, isFresh: isFresh)
        let runs = GridDiff(from: isFresh ? nil : shown?.grid, to: screen.grid).runs
        painter.paint(after: runs, &pictures)
        if let shown, runs.isEmpty, shown.cursor == screen.cursor, screen.title == shown.title, pictures.isEmpty {
            return
        }
        let old = isFresh ? nil : shown
        let hadLinks = !linkedRows.isEmpty
        noteLinks(in: runs, of: screen.grid, isFresh: isFresh)
        let hasLinks = !linkedRows.isEmpty
        shown = screen
        // Rows that the terminal moves take their links along, to where curses knows nothing of them.
        canvas.scrolls = !pictures.holdsRows && !hasLinks && !hadLinks
        var frame = canvas.bytes(painting: runs, isFresh: isFresh, cursor: screen.cursor)
        if hasLinks || hadLinks { frame += canvas.links(runs, over: old?.grid) }
        var before = ""
        var after = ""
        let isPainted = !runs.isEmpty || !pictures.isEmpty
        if isPainted, answers.contains(.synchronizedOutput) {
            before = TerminalStrings.beginSynchronized
            after = TerminalStrings.endSynchronized
        } else if isPainted, isCursorVisible {
            // Else it is seen wandering over what is painted.
            before = strings.hideCursor
            isCursorVisible = false
        }
        if isCursorVisible != (screen.cursor != nil) {
            isCursorVisible = screen.cursor != nil
            after += isCursorVisible ? strings.showCursor : strings.hideCursor
        }
        if let newTitle = screen.title, newTitle != title, strings.hasTitle {
            after += TerminalStrings.title(newTitle)
            title = newTitle
        }
        before += pictures.before
        TerminalModes.write(before.utf8 + frame + pictures.after + after.utf8, to: output)
    }

    /// Finds out which rows have links now; only rows with changes are looked at.
    private func noteLinks(in runs: [GridDiff.Run], of grid: Grid, isFresh: Bool) {
        if isFresh { linkedRows.removeAll() }
        guard strings.hasTitle else { return }
        var last = -1
        for run in runs where run.row != last {
            last = run.row
            if grid.hasLinks(inRow: last) { linkedRows.insert(last) } else { linkedRows.remove(last) }
        }
    }

    private func followSize() {
        let size = size
        guard size != canvas.size else { return }
        canvas.resize(to: size)
        shown = nil
        // The font may be another.
        decideOnPictures(isOver: false)
    }

    private func fitted(_ screen: Screen) -> Screen {
        let grid = screen.grid.size == canvas.size ? screen.grid : screen.grid.resized(to: canvas.size)
        let cursor = screen.cursor.flatMap { grid.bounds.contains($0) ? $0 : nil }
        var fitted = Screen(grid: grid, cursor: cursor, title: screen.title)
        // A screen of another size is replaced at once; until then its pictures are blank.
        if grid.size == screen.grid.size {
            fitted.pictures = screen.pictures
        } else {
            fitted.grid.clearReserved(grid.bounds)
        }
        return fitted
    }

    private func send(_ text: String) {
        guard !text.isEmpty else { return }
        TerminalModes.write(Array(text.utf8), to: output)
    }

    private func take(_ new: KeyDecoder.Answers, _ graphics: GraphicsAnswers) {
        guard !isClosed else { return }
        if graphics != self.graphics {
            self.graphics = graphics
            // tmux answers for itself at once, and what is around it a moment later.
            decideOnPictures(isOver: graphics.isComplete && Multiplexer(environment) != .tmux)
        }
        if new.contains(.keyboardProtocol), !answers.contains(.keyboardProtocol), !isSuspended {
            send(TerminalStrings.pushKeyboard)
        }
        answers = new
    }

    // MARK: - Pictures

    /// What it can do with pictures; an event says when that changes.
    public var pictures: PictureAbility { painter.ability }

    /// What the last screen has places for and the terminal does not have.
    public var wantedPictures: [PictureCut] { isSuspended || isClosed ? [] : painter.wanted }

    /// Takes a picture that was wanted; the next `show` draws it.
    public func take(_ image: PictureImage, for picture: PictureCut) { painter.insert(image, for: picture) }

    private func decideOnPictures(isOver: Bool) {
        guard !isClosed else { return }
        let wasOver = painter.ability.method != .undecided
        let ability = PictureAbility(
            setting: pictureSetting, answers: graphics, isOver: isOver || wasOver, cell: PixelSize(cellOf: output),
            colors: canvas.colorCount, environment: environment)
        guard ability != painter.ability else { return }
        let commands = painter.use(ability)
        if !isSuspended { send(commands) }
        continuation.yield(.pictures)
    }
}
