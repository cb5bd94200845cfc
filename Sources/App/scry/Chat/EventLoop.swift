import Cells
import Conversation
import Evidence
import FoundationEssentials
import Glibc
import Session
import Terminal
import Views

/// The chat's one loop: events change the state, the state is drawn, effects run elsewhere and come back as events.
///
/// It takes everything that waits in its inbox, then paints once. Nothing wakes an idle chat.
@MainActor
final class EventLoop {
    /// What reaches the loop.
    enum Input: Sendable {
        case terminal(TerminalEvent)
        case session(SessionEvent)
        case secondPassed
        case checkpointDue
        case frameDue
        case mouseHeld
        case themesChanged
        case picture(PictureLoader.Outcome)
    }

    private(set) var state: SessionState
    private var renderer: ScreenRenderer
    private let terminal: any TerminalDevice
    /// How it looks; nil for without colours.
    var looks: Looks?
    /// Called when somebody comes to this terminal.
    var onFocus: () -> Void = {}
    private let keymap: Keymap
    private let pictures: PictureLoader?
    private let inbox: Inbox<Input>
    private let bell: AnswerBell
    private let reducesMotion: Bool
    /// How long apart pieces of an answer are painted, where that is less often than they are taken in.
    private let frame: Duration?
    private var lastPainting = ContinuousClock.now
    private var isFrameDue = false
    private var needsPainting = true
    private let seconds = SecondsCounter()
    private let checkpoints = CheckpointTimer()
    private var isRunning = true
    private var isEditingOutside = false
    private var clicks = (count: 0, place: Point(column: -1, row: -1), at: ContinuousClock.now)
    /// Where the mouse is while it is dragged.
    private var lastDrag: Point?
    private var isScrollingOn = false
    private let environment: [String: String]

    /// Where effects report what happened.
    nonisolated let report: @Sendable (SessionEvent) -> Void

    /// Tells the loop that a theme's file was written.
    nonisolated let reportThemes: @Sendable () -> Void

    init(
        state: SessionState, terminal: any TerminalDevice, keymap: Keymap, pictures: PictureLoader? = nil,
        manners: Configuration.Terminal = Configuration.Terminal(), environment: [String: String]
    ) {
        self.pictures = pictures
        self.state = state
        self.environment = environment
        reducesMotion = manners.reducesMotion
        inbox = Inbox(framesPerSecond: manners.takenPerSecond)
        frame = manners.shownPerSecond < manners.takenPerSecond ? .seconds(1) / manners.shownPerSecond : nil
        bell = AnswerBell(manners, environment: environment)
        self.terminal = terminal
        self.keymap = keymap
        renderer = ScreenRenderer(keymap: keymap)
        renderer.tokenCost = { picture, model in
            PixelBudget.forModel(model ?? "").tokens(width: picture.width, height: picture.height)
        }
        reportThemes = { [inbox] in inbox.post(.themesChanged) }
        if pictures != nil { renderer.fit(terminal.pictures) }
        report = { [inbox] event in
            let input = Input.session(event)
            inbox.post(input, input.isPiece ? .piece : .now)
        }
    }

    /// Runs until the person quits or the terminal is gone.
    func run(performing perform: @escaping @MainActor (SessionEffect, SessionState) -> Void) async {
        // Not on the main actor, where each key would be taken once more.
        let keys = Task.detached { [inbox, events = terminal.events] in
            for await event in events { inbox.post(.terminal(event)) }
            inbox.post(.terminal(.closed))
        }
        defer { keys.cancel() }
        paint()
        await inbox.serve { self.take($0, perform) }
    }

    /// Takes what came, and paints once.
    ///
    /// - Returns: Whether the chat goes on.
    private func take(
        _ inputs: [Input], _ perform: @MainActor (SessionEffect, SessionState) -> Void
    ) -> Bool {
        var isUrgent = false
        for input in inputs {
            needsPainting = needsPainting || isSeen(input)
            isUrgent = isUrgent || !input.isPiece
            for effect in take(input) { carryOut(effect, perform) }
            guard isRunning else { return false }
        }
        bell.follow(state, on: terminal)
        if needsPainting { paintInTime(isUrgent: isUrgent) }
        // Later: else it would bring a frame of its own along.
        seconds.count(for: state) { [inbox] in inbox.post(.secondPassed, .later) }
        checkpoints.wait(for: state) { [inbox] in inbox.post(.checkpointDue) }
        return true
    }

    /// Whether something is to be painted because of this: where nothing may move, seconds are counted and not shown.
    private func isSeen(_ input: Input) -> Bool {
        switch input {
        case .secondPassed: !reducesMotion || state.reply == nil
        case .checkpointDue: false
        case .frameDue: needsPainting
        default: true
        }
    }

    private func carryOut(_ effect: SessionEffect, _ perform: @MainActor (SessionEffect, SessionState) -> Void) {
        switch effect {
        case .redraw: terminal.redraw()
        case .suspend: terminal.stopProcess()
        case .editOutside(let text): editOutside(text)
        case .copy(let text):
            terminal.copy(text)
            perform(effect, state)
        case .listThemes: looks?.list()
        case .showTheme(let name): looks?.preview(name)
        case .keepTheme(let name): looks?.keep(name)
        case .quit:
            perform(effect, state)
            isRunning = false
        default: perform(effect, state)
        }
    }

    // MARK: - Input

    private func take(_ input: Input) -> [SessionEffect] {
        switch input {
        case .session(let event): return handle(event)
        case .secondPassed, .checkpointDue: return handle(.ticked)
        case .frameDue:
            isFrameDue = false
            return []
        case .themesChanged:
            looks?.filesChanged()
            return []
        case .picture(let outcome): return take(outcome)
        case .terminal(let event): return take(event)
        case .mouseHeld:
            isScrollingOn = false
            return lastDrag.map { point(.drag, at: $0) } ?? []
        }
    }

    private func take(_ event: TerminalEvent) -> [SessionEffect] {
        switch event {
        case .key(let key): return take(key)
        case .paste(let text): return handle(.pasted(text))
        case .longPaste(let byteCount): return handle(.pastedTooMuch(byteCount: byteCount))
        case .wheel(let direction, _): return perform(direction == .up ? .scrollUp : .scrollDown)
        // The terminal and its keys are the editor's, which gets the same signals; it stops together with us.
        case .signal(let signal) where isEditingOutside && signal != .terminate:
            if signal == .stop { kill(getpid(), SIGSTOP) }
            return []
        case .signal(.terminate), .signal(.interrupt), .closed: return handle(.command(.quit))
        case .signal(.stop):
            terminal.stopProcess()
            return []
        case .signal(.resume):
            terminal.resume()
            return []
        case .background(let color):
            looks?.take(background: color)
            return []
        case .ground(let isDark):
            looks?.take(isDark: isDark)
            return []
        case .focus(let isFocused):
            bell.isFocused = isFocused
            guard isFocused else { return [] }
            onFocus()
            // Terminals that say nothing of a change are asked when somebody comes back to them.
            if looks?.followsBackground == true { terminal.askBackground() }
            return []
        case .pictures:
            if pictures != nil { renderer.fit(terminal.pictures) }
            return []
        case .mouse(let event): return take(event)
        case .resized: return []
        }
    }

    private func take(_ key: Key) -> [SessionEffect] {
        if let command = KeyChord(key).flatMap({ keymap.command(for: $0, in: state.keyContext) }) {
            return perform(command)
        }
        guard case .character(let character) = key.code, key.modifiers.subtracting(.shift).isEmpty else { return [] }
        return handle(.typed(String(character)))
    }

    /// What needs the layout is the renderer's to say; everything else is the session's.
    private func perform(_ command: Command) -> [SessionEffect] {
        handle(renderer.event(for: command, in: state, size: terminal.size) ?? .command(command))
    }

    private func handle(_ event: SessionEvent) -> [SessionEffect] {
        let effects = state.handle(event, at: .now)
        // Who knows the layout brings into sight what must be seen.
        guard let sight = state.sight else { return effects }
        let position = renderer.position(of: state, showing: sight, size: terminal.size)
        return effects + state.handle(.scrolled(position), at: .now)
    }

    // MARK: - The mouse

    private func take(_ event: MouseEvent) -> [SessionEffect] {
        guard event.button == .left else { return [] }
        lastDrag = event.action == .drag ? event.point : nil
        switch event.action {
        case .press:
            let isAgain = clicks.place == event.point && ContinuousClock.now - clicks.at < .milliseconds(400)
            clicks = (isAgain ? clicks.count % 3 + 1 : 1, event.point, .now)
            return point(.press(clicks: clicks.count), at: event.point)
        case .drag: return point(.drag, at: event.point)
        case .release: return point(.release, at: event.point)
        }
    }

    private func point(_ action: PointerAction, at place: Point) -> [SessionEffect] {
        let events = renderer.events(for: action, at: place, in: state, size: terminal.size)
        let effects = events.flatMap { handle($0) }
        scrollOn()
        return effects
    }

    /// Goes on scrolling while the mouse is held at the edge, where it says nothing any more.
    private func scrollOn() {
        guard let lastDrag, !isScrollingOn, renderer.scrollsOn(at: lastDrag, in: state, size: terminal.size) else {
            return
        }
        isScrollingOn = true
        Task { [inbox] in
            try? await Task.sleep(for: .milliseconds(60))
            inbox.post(.mouseHeld)
        }
    }

    // MARK: - The editor

    /// Leaves the terminal to the person's editor; what arrives meanwhile is taken in, and shown afterwards.
    private func editOutside(_ text: String) {
        guard !isEditingOutside else { return }
        isEditingOutside = true
        terminal.suspend()
        Task {
            var event: SessionEvent
            do {
                event = .writtenOutside(try await ExternalEditor(environment: environment).edit(text))
            } catch {
                event = .noticed(Notice(.problem, "\(error)"))
            }
            isEditingOutside = false
            terminal.resume()
            inbox.post(.session(event))
        }
    }

    // MARK: - Painting

    /// Paints now, or, pieces of an answer, once the frame that is shown has stood for its time.
    private func paintInTime(isUrgent: Bool) {
        let rest = frame.map { $0 - (ContinuousClock.now - lastPainting) } ?? .zero
        if isUrgent || rest <= .zero { return paint() }
        guard !isFrameDue else { return }
        isFrameDue = true
        Task { [inbox] in
            try? await Task.sleep(for: rest)
            inbox.post(.frameDue)
        }
    }

    private func paint() {
        needsPainting = false
        lastPainting = .now
        terminal.show(renderer.render(state, theme: looks?.theme ?? .monochrome, size: terminal.size))
        pictures?.load(terminal.wantedPictures, for: state, ability: terminal.pictures) { [inbox] outcome in
            inbox.post(.picture(outcome))
        }
    }

    private func take(_ outcome: PictureLoader.Outcome) -> [SessionEffect] {
        switch outcome {
        case .ready(let image, let picture, let ability):
            // The terminal may have turned out to be another meanwhile.
            if ability == terminal.pictures { terminal.take(image, for: picture) }
        case .unreadable(let media): return handle(.pictureUnreadable(media))
        case .impossible(let sentence):
            guard renderer.pictureCell != nil else { return [] }
            renderer.pictureCell = nil
            return handle(.noticed(Notice(.problem, sentence)))
        }
        return []
    }
}

extension EventLoop.Input {
    /// Whether it is a piece of an answer that goes on, of which a few are shown together.
    fileprivate var isPiece: Bool {
        switch self {
        case .session(let event): event.isPiece
        case .checkpointDue: true
        default: false
        }
    }
}

extension SessionEvent {
    /// Whether it is a piece of an answer that goes on.
    var isPiece: Bool {
        guard case .replyArrived(_, let deltas) = self else { return false }
        if case .finished = deltas.last { return false }
        return true
    }
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

extension ScreenRenderer {
    /// Takes in what the terminal can do with pictures.
    fileprivate mutating func fit(_ ability: PictureAbility) {
        pictureCell = ability.method == .none ? nil : ability.cell
        pictureLimit = ability.limit
    }
}
