import CNcurses
import CTerminalGuard
import Cells
import Glibc

/// Curses without the terminal: turns changed cells into the bytes that a terminal of a type needs.
///
/// Curses writes into memory, so that a frame reaches the terminal in one piece together with what curses knows nothing
/// of, and none of its partial writes is lost.
@MainActor final class CursesCanvas {
    /// What curses believes the size to be.
    private(set) var size: Size

    /// How many colours the terminal can show; 0 for none.
    var colorCount: Int { pen.colorCount }

    private let screen: OpaquePointer
    private let file: UnsafeMutablePointer<FILE>
    private var pen: CursesPen
    private var linkPainter: LinkPainter

    /// Loads a terminal type; curses keeps one canvas at a time.
    init(terminal name: String, size: Size, usesColor: Bool) throws(TerminalFailure) {
        let descriptor = cterminalguard_memory_file("screen")
        guard descriptor >= 0, let file = fdopen(descriptor, "r+") else {
            throw .system(doing: "making a file in memory", code: -descriptor)
        }
        guard let screen = newterm(name, file, file) else {
            fclose(file)
            throw .unknown(name: name)
        }
        self.file = file
        self.screen = screen
        self.size = size
        pen = CursesPen(usesColor: usesColor)
        linkPainter = LinkPainter()
        // Else curses leaves a frame half painted when a key was pressed meanwhile.
        typeahead(-1)
        nonl()
        resize(to: size)
        // Curses begins with the alternate screen, which is entered and left with the other modes.
        _ = bytes(painting: [], isFresh: true, cursor: nil)
    }

    isolated deinit { close() }

    private var isClosed = false

    /// Tells curses another size; what comes next must be painted from scratch.
    func resize(to size: Size) {
        self.size = size
        resizeterm(Int32(size.rows), Int32(size.columns))
        guard let window = cncurses_stdscr() else { return }
        // A program that scrolls while it streams saves most of its bytes this way.
        idlok(window, true)
    }

    /// The bytes that turn what was painted before into this.
    ///
    /// - Parameter isFresh: nothing is known of what the terminal shows.
    func bytes(painting runs: [GridDiff.Run], isFresh: Bool, cursor: Point?) -> [UInt8] {
        guard !isClosed, let window = cncurses_stdscr() else { return [] }
        if isFresh { clearok(window, true) }
        for (index, run) in runs.enumerated() {
            // One row after the other: curses finds none that has moved then. idlok alone leaves it the terminal's regions.
            if !scrolls, !isFresh, index > 0, runs[index - 1].row != run.row {
                wnoutrefresh(window)
                doupdate()
            }
            pen.draw(run, on: window)
        }
        if let cursor { wmove(window, Int32(cursor.row), Int32(cursor.column)) }
        wnoutrefresh(window)
        doupdate()
        return takeBytes()
    }

    /// Whether rows that moved may be moved on the terminal, too; not while something is painted over any row: terminals move
    /// sixels along that are not even in the region.
    var scrolls = true

    /// Whether everything must be painted again, with colours given out anew.
    func renewsColors() -> Bool {
        guard pen.isWornOut else { return false }
        pen.forgetPairs()
        return true
    }

    /// The bytes that make links of cells, to follow those that paint them.
    func links(_ runs: [GridDiff.Run], over old: Grid?) -> [UInt8] {
        isClosed ? [] : linkPainter.bytes(runs, over: old) { pen.colors(of: $0) }
    }

    /// Frees what curses holds and writes nothing.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        delscreen(screen)
        fclose(file)
    }

    private func takeBytes() -> [UInt8] {
        let descriptor = fileno(file)
        let count = lseek(descriptor, 0, SEEK_CUR)
        guard count > 0 else { return [] }
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(count)) { buffer, filled in
            filled = max(0, pread(descriptor, buffer.baseAddress, Int(count), 0))
        }
        lseek(descriptor, 0, SEEK_SET)
        return bytes
    }
}
