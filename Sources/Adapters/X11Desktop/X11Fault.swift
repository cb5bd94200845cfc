import CX11
import Desktop
import Synchronization

/// What the server or the connection answered instead of what was asked for.
enum X11Fault: Error, Equatable {
    /// The server refused a request: the protocol's error number.
    case refused(code: UInt8)
    /// The server is gone.
    case disconnected
    /// Pixels of a kind that nobody has taught us to read: bits a pixel.
    case strangePixels(Int)

    /// The sentence for people, when this happened to `subject` ("the window “Notes”").
    func failure(_ subject: String) -> CaptureFailure {
        switch self {
        case .refused:
            CaptureFailure(.gone, "\(subject) went away while it was captured.".capitalizedFirst)
        case .disconnected:
            CaptureFailure(.gone, "The X server closed the connection: the desktop has ended or crashed.")
        case .strangePixels(let bits):
            CaptureFailure(
                .unsupported,
                "This X server stores pixels in \(bits) bits, which cannot be read. Use a colour depth of 8 or more.")
        }
    }
}

extension String {
    /// The text with a capital first letter, as at the start of a sentence.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

/// Where Xlib's handlers leave what they are told until the caller looks: they get no context of ours.
enum X11Complaints {
    private static let pending = Mutex<[UInt: X11Fault]>([:])

    /// Puts our handlers in place of Xlib's, which end the process, and prepares Xlib for several threads.
    static func install() { _ = isInstalled }

    // Once: Xlib's own preparation is not safe against itself.
    private static let isInstalled: Bool = {
        XInitThreads()
        XSetErrorHandler(rememberError)
        XSetIOErrorHandler(rememberDisconnection)
        return true
    }()

    /// Keeps Xlib from ending the process when this display's server goes away.
    static func survive(_ display: OpaquePointer) {
        XSetIOErrorExitHandler(display, leaveProcessRunning, nil)
    }

    /// The first complaint since the last call; a lost connection stays lost.
    static func take(_ display: OpaquePointer) -> X11Fault? {
        pending.withLock { pending in
            let fault = pending[key(display)]
            if fault != .disconnected { pending[key(display)] = nil }
            return fault
        }
    }

    /// Forgets a display that was closed.
    static func forget(_ display: OpaquePointer) {
        pending.withLock { $0[key(display)] = nil }
    }

    fileprivate static func add(_ fault: X11Fault, _ display: OpaquePointer) {
        pending.withLock { pending in
            if fault == .disconnected || pending[key(display)] == nil { pending[key(display)] = fault }
        }
    }

    private static func key(_ display: OpaquePointer) -> UInt { UInt(bitPattern: display) }
}

private func rememberError(_ display: OpaquePointer?, _ event: UnsafeMutablePointer<XErrorEvent>?) -> Int32 {
    guard let display, let event else { return 0 }
    X11Complaints.add(.refused(code: event.pointee.error_code), display)
    return 0
}

private func rememberDisconnection(_ display: OpaquePointer?) -> Int32 {
    if let display { X11Complaints.add(.disconnected, display) }
    return 0
}

private func leaveProcessRunning(_ display: OpaquePointer?, _ context: UnsafeMutableRawPointer?) {
    // Xlib (1.8.4, `_XIOError`) has locked the display for this thread, for good: whoever closes it would wait for ever.
    if let display { XUnlockDisplay(display) }
}
