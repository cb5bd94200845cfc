public import Cells
public import Conversation
public import FoundationEssentials
public import Session
public import Views

/// A session without a terminal, an engine or a clock: keys and events go in, effects and screens come out.
///
///     var session = ScriptedSession(engine: .seeing)
///     session.type("hello<enter>")
///     session.reply(.answer("Hi."), .finished(.stop))
///     #expect(session.screen().contains("Hi."))
public struct ScriptedSession {
    /// The session.
    public private(set) var state: SessionState
    /// What must have been done outside, in order.
    public private(set) var effects: [SessionEffect] = []
    /// Draws the session.
    public var renderer: ScreenRenderer
    /// The screen's size; may be changed at any time.
    public var size: Size
    /// How it looks.
    public var theme: Theme
    /// Which keys do what.
    public let keymap: Keymap

    private var uptime = 100.0
    private let start: Date

    /// Starts a session.
    public init(
        size: Size = Size(columns: 80, rows: 24), theme: Theme = .monochrome, keys: [String: String] = [:],
        settings: SessionSettings = SessionSettings(), start: Date = Date(timeIntervalSince1970: 1_767_225_600)
    ) {
        self.size = size
        self.theme = theme
        self.start = start
        keymap = Keymap(overrides: keys)
        renderer = ScreenRenderer(keymap: keymap)
        renderer.secondsFromGMT = { _ in 0 }
        state = SessionState(settings: settings, now: SessionTime(uptime: 100, date: start))
    }

    // MARK: - Input

    /// Types keys: characters as they are, others in angle brackets, as `hello<enter>` or `<ctrl-t>`.
    @discardableResult
    public mutating func type(_ keys: String) -> [SessionEffect] {
        var new: [SessionEffect] = []
        var rest = keys[...]
        while let character = rest.first {
            if character == "<", let end = rest.firstIndex(of: ">"),
                let chord = KeyChord(String(rest[rest.index(after: rest.startIndex)..<end]))
            {
                rest = rest[rest.index(after: end)...]
                new += press(chord)
            } else {
                rest.removeFirst()
                let chord = KeyChord(typing: character)
                if state.keyContext == .transcript, let chord,
                    keymap.command(for: chord, in: .transcript) != nil
                {
                    new += press(chord)
                } else {
                    new += feed(.typed(String(character)))
                }
            }
        }
        return new
    }

    /// Presses a key, and does what the program's loop does with it.
    @discardableResult
    public mutating func press(_ chord: KeyChord) -> [SessionEffect] {
        guard let command = keymap.command(for: chord, in: state.keyContext) else { return [] }
        return feed(renderer.event(for: command, in: state, size: size) ?? .command(command))
    }

    /// Feeds an event.
    @discardableResult
    public mutating func feed(_ event: SessionEvent) -> [SessionEffect] {
        let time = SessionTime(uptime: uptime, date: start.addingTimeInterval(uptime - 100))
        let new = state.handle(event, at: time)
        effects += new
        // Who knows the layout brings into sight what must be seen.
        if let sight = state.sight {
            return new + feed(.scrolled(renderer.position(of: state, showing: sight, size: size)))
        }
        return new
    }

    /// Feeds pieces of the reply that is awaited.
    public mutating func reply(_ deltas: ReplyDelta...) {
        for delta in deltas { feed(.replyArrived(turn: state.reply?.turn ?? 0, [delta])) }
    }

    /// Lets time pass; what counts seconds is told.
    public mutating func wait(_ seconds: Double) {
        uptime += seconds
        if state.countsSeconds { feed(.ticked) }
    }

    // MARK: - Output

    /// The screen as it would be drawn.
    public mutating func draw() -> Screen { renderer.render(state, theme: theme, size: size) }

    /// The rows of the screen, without the blanks at their ends.
    public mutating func rows() -> [String] {
        let grid = draw().grid
        return (0..<size.rows).map { row in
            var text = grid.text(row: row)
            while text.last == " " { text.removeLast() }
            return text
        }
    }

    /// The rows as one text.
    public mutating func screen() -> String { rows().joined(separator: "\n") }

    /// The attributes of a row's cells, a letter a column: `b`old, `d`im, `i`talic, `u`nderlined, `s`truck, `r`everse,
    /// `*` for several, `.` for none.
    public mutating func attributes(row: Int) -> String {
        var letters = ""
        for cell in draw().grid.row(row) {
            let names: [(Style.Attributes, Character)] = [
                (.bold, "b"), (.dim, "d"), (.italic, "i"), (.underline, "u"), (.strikethrough, "s"), (.reverse, "r"),
            ]
            let found = names.filter { cell.style.attributes.contains($0.0) }.map(\.1)
            letters.append(found.count > 1 ? "*" : found.first ?? ".")
        }
        while letters.last == "." { letters.removeLast() }
        return letters
    }
}
