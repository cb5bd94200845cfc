import CX11
import Desktop

/// One choosing of a region: the screen is frozen, keyboard and pointer are held, and what they do is drawn.
final class RegionPicker {
    private let connection: X11Connection
    private let canvas: ChooserCanvas
    private let frozen: FrozenScreen
    private let withCursor: Bool
    private let wake: WakeSignal
    private var selection: RegionSelection
    private var outcome: Outcome?

    private enum Outcome {
        case taken(Region)
        case cancelled
    }

    /// How long somebody else may hold the keyboard before we give up: the key that started us may still be down.
    private static let patience: UInt64 = 3_000_000_000

    /// Runs from freezing to the end, on a thread that may block.
    static func run(
        _ place: X11Place, last: Region?, withCursor: Bool, hiding window: XID?, wake: WakeSignal
    ) throws -> CapturedPicture? {
        do {
            return try RegionPicker(
                X11Connection(place), last: last, withCursor: withCursor, hiding: window, wake: wake
            ).run()
        } catch let fault as X11Fault {
            throw fault.failure("the screen")
        }
    }

    private init(
        _ connection: X11Connection, last: Region?, withCursor: Bool, hiding window: XID?, wake: WakeSignal
    ) throws {
        self.connection = connection
        self.withCursor = withCursor
        self.wake = wake
        // Before anything is frozen: applications may need a moment to paint what was covered.
        let behind = try window.map { window in
            try StillCapture(connection: connection, reader: PixelReader(connection))
                .picture(of: .screen, withCursor: false, hiding: window).frame
        }
        frozen = try FrozenScreen(connection)
        if let behind { frozen.show(behind) }
        selection = RegionSelection(bounds: frozen.bounds, last: last)
        canvas = try ChooserCanvas(connection, frozen, monitors: connection.monitors())
    }

    private func run() throws -> CapturedPicture? {
        try hold()
        defer { letGo() }
        canvas.map()
        if let pointer = frozen.pointer { selection.move(x: pointer.x, y: pointer.y) }
        while outcome == nil {
            try canvas.paint(selection)
            connection.wait(nanoseconds: nil, wake: wake.descriptor)
            try readEvents()
        }
        guard case .taken(let region)? = outcome else { return nil }
        return try frozen.picture(of: region, withCursor: withCursor)
    }

    // MARK: - Keyboard and pointer

    private func hold() throws {
        let (display, root) = (connection.display, connection.root)
        let start = MonotonicClock.now()
        while true {
            let mask = UInt32(ButtonPressMask | ButtonReleaseMask | PointerMotionMask)
            let pointer = XGrabPointer(
                display, root, 0, mask, GrabModeAsync, GrabModeAsync, 0, canvas.crosshair, Time(CurrentTime))
            let keyboard =
                pointer == GrabSuccess
                ? XGrabKeyboard(display, root, 0, GrabModeAsync, GrabModeAsync, Time(CurrentTime)) : pointer
            try connection.throwIfLost()
            if pointer == GrabSuccess, keyboard == GrabSuccess { return }
            if pointer == GrabSuccess { XUngrabPointer(display, Time(CurrentTime)) }
            guard MonotonicClock.now() - start < Self.patience else {
                throw CaptureFailure(
                    .refused,
                    "Another program holds the \(pointer == GrabSuccess ? "keyboard" : "pointer"), so no region can be"
                        + " chosen. Close its menu or dialog and try again.")
            }
            connection.wait(nanoseconds: 20_000_000, wake: wake.descriptor)
            try checkCancellation()
        }
    }

    private func letGo() {
        connection.release {
            XUngrabKeyboard(connection.display, Time(CurrentTime))
            XUngrabPointer(connection.display, Time(CurrentTime))
        }
    }

    /// The signal stays up once it was sent.
    private func checkCancellation() throws {
        if wake.isSent { throw CancellationError() }
    }

    // MARK: - Events

    private func readEvents() throws {
        try checkCancellation()
        while outcome == nil, XPending(connection.display) > 0 {
            var event = XEvent()
            XNextEvent(connection.display, &event)
            take(&event)
        }
        if connection.isLost { throw X11Fault.disconnected }
    }

    private func take(_ event: inout XEvent) {
        switch event.type {
        case MotionNotify:
            selection.move(x: Int(event.xmotion.x_root), y: Int(event.xmotion.y_root))
        case ButtonPress where event.xbutton.button == Button1:
            selection.press(x: Int(event.xbutton.x_root), y: Int(event.xbutton.y_root))
        case ButtonRelease where event.xbutton.button == Button1:
            if selection.release(x: Int(event.xbutton.x_root), y: Int(event.xbutton.y_root)) { enter() }
        case ButtonPress where event.xbutton.button == Button3:
            outcome = .cancelled
        case KeyPress:
            press(XLookupKeysym(&event.xkey, 0), event.xkey.state)
        case VisibilityNotify where event.xvisibility.state != VisibilityUnobscured:
            canvas.raise()
        case Expose:
            canvas.isStale = true
        case MappingNotify:
            XRefreshKeyboardMapping(&event.xmapping)
        default: break
        }
    }

    private func press(_ symbol: KeySym, _ state: UInt32) {
        let step = state & UInt32(ControlMask) != 0 ? 10 : 1
        let direction: (x: Int, y: Int)
        switch Int32(symbol) {
        case XK_Escape: return outcome = .cancelled
        case XK_Return, XK_KP_Enter: return enter()
        case XK_Left, XK_KP_Left: direction = (-step, 0)
        case XK_Right, XK_KP_Right: direction = (step, 0)
        case XK_Up, XK_KP_Up: direction = (0, -step)
        case XK_Down, XK_KP_Down: direction = (0, step)
        default: return
        }
        if state & UInt32(ShiftMask) != 0 {
            selection.stretch(byX: direction.x, y: direction.y)
        } else {
            selection.nudge(byX: direction.x, y: direction.y)
        }
    }

    private func enter() {
        if let region = selection.region { outcome = .taken(region) }
    }
}
