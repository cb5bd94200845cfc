/// What to take a picture of.
public enum CaptureTarget: Sendable, Hashable {
    /// All monitors.
    case screen
    /// The monitor that has the pointer.
    case focusedMonitor
    /// The monitor with this name.
    case monitor(String)
    /// The window that has the focus.
    case activeWindow
    /// The window with this id.
    case window(UInt64)
    /// A part of the desktop.
    case region(Region)
}

/// A desktop that can be looked at.
public protocol ScreenSource: Sendable {
    /// Lists monitors and windows.
    ///
    /// - Throws: `CaptureFailure`.
    func layout() async throws -> DesktopLayout

    /// Takes one picture.
    ///
    /// - Throws: `CaptureFailure`.
    func capture(_ target: CaptureTarget, withCursor: Bool) async throws -> CapturedPicture

    /// Takes pictures until the stream is no longer read, at most `rate` a second, and only when something changed.
    ///
    /// The first frame comes at once. A reader that is too slow misses frames, never gets old ones; `changes` then covers
    /// what happened in between. The stream throws `CaptureFailure` when what is captured is gone.
    func frames(of target: CaptureTarget, rate: Double, withCursor: Bool) -> AsyncThrowingStream<
        CapturedFrame, any Error
    >
}

/// A picture with what is known of its origin.
public struct CapturedPicture: Sendable {
    /// The pixels.
    public var frame: Frame
    /// What a chip shows: "screen", "DP-1", "Firefox — GitHub".
    public var label: String
    /// Where it was on the desktop.
    public var region: Region

    /// Makes a picture.
    public init(frame: Frame, label: String, region: Region) {
        self.frame = frame
        self.label = label
        self.region = region
    }
}

/// Why the screen could not be seen: what failed, why, and what to do, in a sentence for people.
public struct CaptureFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// What went wrong, as far as a program needs to know.
    public enum Kind: Sendable, Equatable {
        /// There is no desktop to look at, or it cannot be reached.
        case noDesktop
        /// There is no such monitor or window, or it is minimised.
        case noTarget
        /// The window or the desktop went away meanwhile.
        case gone
        /// The desktop or the person refused.
        case refused
        /// The desktop cannot do it.
        case unsupported
        /// The picture or recording could not be encoded or written.
        case notWritten
    }

    /// What went wrong.
    public var kind: Kind
    /// The sentence that people see.
    public var message: String

    /// Makes a failure.
    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// The sentence.
    public var description: String { message }
}
