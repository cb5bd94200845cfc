import CX11
import Desktop

/// Reads what another program has put onto the clipboard of an X server.
///
/// Every call has a connection of its own and blocks until the other program has answered, or has not in time: never call
/// it on a thread that somebody waits for.
public struct X11Clipboard: Sendable {
    /// What was read.
    public struct Content: Sendable, Equatable {
        /// The type that the other program gave it, as "image/png" or "UTF8_STRING".
        public var type: String
        /// The bytes.
        public var bytes: [UInt8]
    }

    /// More bytes are not taken.
    public static let limit = 64 << 20

    private let displayName: String?
    private let patience: Duration

    /// Makes a reader.
    ///
    /// - Parameters:
    ///   - displayName: The server; nil for the one that DISPLAY names.
    ///   - patience: How long the other program may be silent.
    public init(displayName: String? = nil, patience: Duration = .seconds(3)) {
        self.displayName = displayName
        self.patience = patience
    }

    /// Reads the clipboard in the first of these types that is offered; nil when it is empty or offers none of them.
    ///
    /// - Throws: `CaptureFailure`.
    public func read(_ types: [String]) throws -> Content? {
        try BrokenPipe.tolerated {
            let reader = try SelectionReader(displayName: displayName, patience: patience)
            guard reader.hasOwner else { return nil }
            let offered = try reader.offered()
            for type in types where offered.contains(type) {
                // One that is offered and refused all the same is passed over.
                if let bytes = try reader.bytes(as: type) { return Content(type: type, bytes: bytes) }
            }
            return nil
        }
    }
}

/// A connection with a window of its own, to which the owner of the clipboard sends.
final class SelectionReader {
    private let display: OpaquePointer
    private let window: XID
    private let clipboard: Atom
    private let property: Atom
    private let incremental: Atom
    private let patience: Duration

    init(displayName: String?, patience: Duration) throws(CaptureFailure) {
        X11Complaints.install()
        guard let display = XOpenDisplay(displayName) else {
            throw CaptureFailure(
                .noDesktop,
                "The clipboard cannot be reached: the X server does not run or does not let this user in. Check DISPLAY "
                    + "and XAUTHORITY.")
        }
        X11Complaints.forget(display)
        X11Complaints.survive(display)
        self.display = display
        self.patience = patience
        clipboard = XInternAtom(display, "CLIPBOARD", 0)
        property = XInternAtom(display, "SCRY_CLIPBOARD", 0)
        incremental = XInternAtom(display, "INCR", 0)
        window = XCreateSimpleWindow(display, XDefaultRootWindow(display), 0, 0, 1, 1, 0, 0, 0)
        XSelectInput(display, window, PropertyChangeMask)
    }

    deinit {
        XCloseDisplay(display)
        X11Complaints.forget(display)
    }

    var hasOwner: Bool { XGetSelectionOwner(display, clipboard) != 0 }

    /// The types in which the owner can send; nothing when it does not say.
    func offered() throws(CaptureFailure) -> [String] {
        guard let bytes = try bytes(as: "TARGETS") else { return [] }
        // Xlib hands 32-bit values out as `unsigned long`s.
        let step = MemoryLayout<UInt>.size
        return stride(from: 0, to: bytes.count - step + 1, by: step).prefix(200).compactMap { start in
            let atom = bytes[start..<start + step].reversed().reduce(UInt(0)) { $0 << 8 | UInt($1) }
            guard atom != 0, let name = XGetAtomName(display, atom) else { return nil }
            defer { XFree(name) }
            return String(cString: name)
        }
    }

    /// What the owner sends in a type; nil when it refuses.
    func bytes(as type: String) throws(CaptureFailure) -> [UInt8]? {
        XDeleteProperty(display, window, property)
        XConvertSelection(display, clipboard, XInternAtom(display, type, 0), property, window, 0)
        let window = window
        let answer = try wait(for: "The program that owns the clipboard does not answer.") { event in
            event.type == SelectionNotify && event.xselection.requestor == window
        }
        guard answer.xselection.property != 0 else { return nil }
        guard let first = try take() else { return nil }
        return first.type == incremental ? try pieces() : first.bytes
    }

    /// Takes a long answer piece by piece: the property is deleted, and written once more, until it is empty.
    private func pieces() throws(CaptureFailure) -> [UInt8] {
        let (window, property) = (window, property)
        var bytes: [UInt8] = []
        while true {
            _ = try wait(for: "The program that owns the clipboard stopped in the middle.") { event in
                event.type == PropertyNotify && event.xproperty.window == window && event.xproperty.atom == property
                    && event.xproperty.state == PropertyNewValue
            }
            guard let piece = try take() else { continue }
            if piece.bytes.isEmpty { return bytes }
            bytes += piece.bytes
            guard bytes.count <= X11Clipboard.limit else { throw Self.tooLarge }
        }
    }

    /// Reads and deletes the property; nil when it is not there.
    private func take() throws(CaptureFailure) -> (bytes: [UInt8], type: Atom)? {
        var bytes: [UInt8] = []
        var kind: Atom = 0
        while true {
            var (type, count, left): (Atom, UInt, UInt) = (0, 0, 0)
            var format: Int32 = 0
            var memory: UnsafeMutablePointer<UInt8>?
            // In units of four bytes; 16 MiB at a time.
            let status = XGetWindowProperty(
                display, window, property, bytes.count / 4, 4 << 20, 0, Atom(AnyPropertyType), &type, &format, &count,
                &left, &memory)
            defer { if let memory { XFree(memory) } }
            if X11Complaints.take(display) == .disconnected { throw Self.lost }
            guard status == Success, type != 0 else { return nil }
            kind = type
            if let memory {
                let size = format == 32 ? MemoryLayout<UInt>.size : Int(format) / 8
                bytes += UnsafeBufferPointer(start: memory, count: Int(count) * size)
            }
            guard bytes.count <= X11Clipboard.limit else { throw Self.tooLarge }
            if left == 0 || format != 8 { break }
        }
        XDeleteProperty(display, window, property)
        return (bytes, kind)
    }

    /// Waits for an event; others are dropped.
    private func wait(for silence: String, _ isWanted: (XEvent) -> Bool) throws(CaptureFailure) -> XEvent {
        let deadline = ContinuousClock.now + patience
        var event = XEvent()
        while true {
            while XPending(display) > 0 {
                XNextEvent(display, &event)
                if isWanted(event) { return event }
            }
            if X11Complaints.take(display) == .disconnected { throw Self.lost }
            let left = deadline - .now
            guard left > .zero else { throw CaptureFailure(.gone, silence) }
            var wait = pollfd(fd: XConnectionNumber(display), events: Int16(POLLIN), revents: 0)
            _ = poll(&wait, 1, Int32(left / .milliseconds(1)) + 1)
        }
    }

    private static let tooLarge = CaptureFailure(
        .unsupported,
        "What is on the clipboard is larger than \(X11Clipboard.limit >> 20) MB; save it to a file instead.")
    private static let lost = CaptureFailure(
        .gone, "The X server closed the connection: the desktop has ended or crashed.")
}
