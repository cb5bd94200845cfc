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
    private var answers: KeyDecoder.Answers = []
    private var isSuspended = false
    private var isClosed = false

    /// Takes the terminal behind two descriptors, which stay the caller's and must stay open until `close`.
    ///
    /// - Parameter usesColor: `false` paints with attributes only, as NO_COLOR asks for.
    public static func open(
        input: Int32 = 0, output: Int32 = 1, usesColor: Bool = true
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
            return try CursesTerminal(name: name, input: input, output: output, size: size, usesColor: usesColor)
        } catch {
            cterminalguard_uninstall()
            throw error
        }
    }

    private init(name: String, input: Int32, output: Int32, size: Size, usesColor: Bool) throws(TerminalFailure) {
        self.output = output
        let (events, continuation) = AsyncStream<TerminalEvent>.makeStream()
        self.events = events
        // Before curses, which takes over signals that nobody handles.
        reader = try InputReader(input: input, continuation: continuation)
        do {
            canvas = try CursesCanvas(terminal: name, size: size, usesColor: usesColor)
            strings = TerminalStrings(terminal: name)
            try TerminalModes.setRaw(output)
        } catch {
            reader.finish()
            throw error
        }
        reader.watchSignals()
        _ = cterminalguard_set_reset(strings.reset, strings.reset.utf8.count)
        send(strings.enter + strings.query)
        reader.start { [weak self] answers in
            // The main queue is the main actor's; a task would outlive `close`.
            DispatchQueue.main.async { @Sendable [weak self] in
                MainActor.assumeIsolated { self?.take(answers) }
            }
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

    /// Gives the terminal back for a while, to an editor or to the shell; events stop.
    public func suspend() {
        guard !isSuspended, !isClosed else { return }
        isSuspended = true
        reader.pause()
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
        cterminalguard_uninstall()
        canvas.close()
    }

    // MARK: - Painting

    private func paint(_ screen: Screen) {
        let isFresh = shown == nil
        let runs = GridDiff(from: shown?.grid, to: screen.grid).runs
        if let shown, runs.isEmpty, shown.cursor == screen.cursor, screen.title == shown.title { return }
        shown = screen
        let frame = canvas.bytes(painting: runs, isFresh: isFresh, cursor: screen.cursor)
        var before = ""
        var after = ""
        if !runs.isEmpty, answers.contains(.synchronizedOutput) {
            before = TerminalStrings.beginSynchronized
            after = TerminalStrings.endSynchronized
        } else if !runs.isEmpty, isCursorVisible {
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
        TerminalModes.write(before.utf8 + frame + after.utf8, to: output)
    }

    private func followSize() {
        let size = size
        guard size != canvas.size else { return }
        canvas.resize(to: size)
        shown = nil
    }

    private func fitted(_ screen: Screen) -> Screen {
        let grid = screen.grid.size == canvas.size ? screen.grid : screen.grid.resized(to: canvas.size)
        let cursor = screen.cursor.flatMap { grid.bounds.contains($0) ? $0 : nil }
        return Screen(grid: grid, cursor: cursor, title: screen.title)
    }

    private func send(_ text: String) { TerminalModes.write(Array(text.utf8), to: output) }

    private func take(_ new: KeyDecoder.Answers) {
        guard !isClosed else { return }
        if new.contains(.keyboardProtocol), !answers.contains(.keyboardProtocol), !isSuspended {
            send(TerminalStrings.pushKeyboard)
        }
        answers = new
    }
}
