import Cells
import Conversation
import Evidence
import FoundationEssentials
import Session
import Terminal
import Views

/// The chat's one loop: events change the state, the state is drawn, effects run elsewhere and come back as events.
///
/// Painting follows a key at once; what streams in is painted at most thirty times a second; nothing wakes an idle chat.
@MainActor
final class EventLoop {
    /// What reaches the loop.
    enum Input: Sendable {
        case terminal(TerminalEvent)
        case session(SessionEvent)
        case paintDue
        case secondPassed
    }

    private(set) var state: SessionState
    private var renderer: ScreenRenderer
    private let terminal: any TerminalDevice
    private let theme: Theme
    private let keymap: Keymap
    private let inputs: AsyncStream<Input>
    private let post: AsyncStream<Input>.Continuation
    private var pacer = PaintPacer()
    private var isCounting = false
    private var isRunning = true

    /// Where effects report what happened.
    nonisolated let report: @Sendable (SessionEvent) -> Void

    init(state: SessionState, terminal: any TerminalDevice, theme: Theme, keymap: Keymap) {
        self.state = state
        self.terminal = terminal
        self.theme = theme
        self.keymap = keymap
        renderer = ScreenRenderer(keymap: keymap)
        renderer.tokenCost = { picture, model in
            PixelBudget.forModel(model ?? "").tokens(width: picture.width, height: picture.height)
        }
        let (inputs, post) = AsyncStream.makeStream(of: Input.self)
        self.inputs = inputs
        self.post = post
        report = { event in post.yield(.session(event)) }
    }

    /// Runs until the person quits or the terminal is gone.
    func run(performing perform: @MainActor (SessionEffect, SessionState) -> Void) async {
        let keys = Task { [post, events = terminal.events] in
            for await event in events { post.yield(.terminal(event)) }
            post.yield(.terminal(.closed))
        }
        defer { keys.cancel() }
        paint()
        for await input in inputs {
            let effects = take(input)
            for effect in effects {
                switch effect {
                case .redraw: terminal.redraw()
                case .suspend: terminal.stopProcess()
                case .quit:
                    perform(effect, state)
                    isRunning = false
                default: perform(effect, state)
                }
            }
            guard isRunning else { return }
            schedule(after: input, effects: effects)
        }
    }

    // MARK: - Input

    private func take(_ input: Input) -> [SessionEffect] {
        switch input {
        case .session(let event): return handle(event)
        case .paintDue: return []
        case .secondPassed:
            isCounting = false
            return handle(.ticked)
        case .terminal(let event): return take(event)
        }
    }

    private func take(_ event: TerminalEvent) -> [SessionEffect] {
        switch event {
        case .key(let key): return take(key)
        case .paste(let text): return handle(.pasted(text))
        case .wheel(let direction, _): return perform(direction == .up ? .scrollUp : .scrollDown)
        case .signal(.terminate), .signal(.interrupt), .closed: return handle(.command(.quit))
        case .signal(.stop):
            terminal.stopProcess()
            return []
        case .signal(.resume):
            terminal.resume()
            return []
        case .resized, .focus, .mouse: return []
        }
    }

    private func take(_ key: Key) -> [SessionEffect] {
        if let command = KeyChord(key).flatMap(keymap.command(for:)) { return perform(command) }
        guard case .character(let character) = key.code, key.modifiers.subtracting(.shift).isEmpty else { return [] }
        return handle(.typed(String(character)))
    }

    /// Scrolling needs the layout, which the renderer has; everything else is the session's.
    private func perform(_ command: Command) -> [SessionEffect] {
        guard state.overlay == nil else { return handle(.command(command)) }
        let size = terminal.size
        let page = max(1, renderer.pageHeight(of: state, size: size) - 1)
        let lines: Int? =
            switch command {
            case .pageUp: -page
            case .pageDown: page
            case .scrollUp: -3
            case .scrollDown: 3
            default: nil
            }
        guard let lines else { return handle(.command(command)) }
        return handle(.scrolled(renderer.position(of: state, scrolledBy: lines, size: size)))
    }

    private func handle(_ event: SessionEvent) -> [SessionEffect] { state.handle(event, at: .now) }

    // MARK: - Painting

    private func schedule(after input: Input, effects: [SessionEffect]) {
        switch input {
        case .terminal: paint()
        case .paintDue:
            pacer.isPaintScheduled = false
            paint()
        case .session, .secondPassed:
            if let wait = pacer.wait(at: .now) {
                wake(after: wait, with: .paintDue)
            } else if !pacer.isPaintScheduled {
                paint()
            }
        }
        if state.countsSeconds, !isCounting {
            isCounting = true
            wake(after: .seconds(1), with: .secondPassed)
        }
    }

    private func paint() {
        pacer.painted(at: .now)
        terminal.show(renderer.render(state, theme: theme, size: terminal.size))
    }

    private func wake(after wait: Duration, with input: Input) {
        Task { [post] in
            try? await Task.sleep(for: wait)
            post.yield(input)
        }
    }
}

/// Decides when what streams in is painted: at once when the screen has been still, else thirty times a second.
struct PaintPacer {
    static let interval = Duration.milliseconds(33)

    var isPaintScheduled = false
    private var last: ContinuousClock.Instant?

    /// How long to wait before painting; nil when it may be done at once, or when a paint is scheduled already.
    mutating func wait(at now: ContinuousClock.Instant) -> Duration? {
        guard !isPaintScheduled, let last, now - last < Self.interval else { return nil }
        isPaintScheduled = true
        return Self.interval - (now - last)
    }

    mutating func painted(at now: ContinuousClock.Instant) { last = now }
}

extension SessionTime {
    /// The present moment.
    static var now: SessionTime {
        let elapsed = ContinuousClock.now - ContinuousClock.Instant.programStart
        return SessionTime(uptime: elapsed / .seconds(1), date: Date())
    }
}

extension ContinuousClock.Instant {
    fileprivate static let programStart = ContinuousClock.now
}
