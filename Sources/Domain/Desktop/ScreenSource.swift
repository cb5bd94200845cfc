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
    /// A part of the desktop that the person chooses when the picture is taken; sources that cannot ask refuse.
    case chosenRegion
    /// The part that was chosen the time before; sources that do not remember refuse.
    case lastRegion
}

/// A desktop that can be looked at.
public protocol ScreenSource: Sendable {
    /// Lists monitors and windows.
    ///
    /// - Throws: `CaptureFailure`.
    func layout() async throws -> DesktopLayout

    /// The windows, topmost first; none on a desktop that does not tell them.
    func windows() async -> [Window]

    /// The title that says what a capture would show, as the windows' `title(for:in:)` has it; nil when there is none.
    ///
    /// - Parameter region: What is captured of the desktop; nil when that is all, or not known.
    func title(for target: CaptureTarget, in region: Region?) async -> String?

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

extension ScreenSource {
    /// A desktop that says nothing else does not tell.
    public func windows() async -> [Window] { [] }

    /// Asks for all windows; a desktop that knows a shorter way goes that.
    public func title(for target: CaptureTarget, in region: Region?) async -> String? {
        await windows().title(for: target, in: region)
    }
}

extension [Window] {
    /// The title that says what a capture shows: that of the window that was captured, else of the one that has the focus
    /// if any of it is in sight; nil when there is none.
    ///
    /// - Parameter region: What was captured of the desktop; nil when that is not known.
    public func title(for target: CaptureTarget, in region: Region?) -> String? {
        let window: Window?
        switch target {
        case .window(let id): window = first { $0.id == id }
        case .activeWindow: window = first(where: \.isActive)
        case .screen, .focusedMonitor, .monitor, .region, .chosenRegion, .lastRegion:
            window = first { $0.isActive && !$0.isMinimised && region?.intersection($0.region).isEmpty != true }
        }
        return window.flatMap { $0.title.isEmpty ? nil : $0.title }
    }
}

/// A picture with what is known of its origin.
public struct CapturedPicture: Sendable {
    /// The pixels.
    public var frame: Frame
    /// What a chip shows: "screen", "DP-1", "Firefox — GitHub".
    public var label: String
    /// Where it was on the desktop.
    public var region: Region
    /// The title of the window that it shows, or of the one in it that had the focus; nil when there is none.
    public var windowTitle: String?

    /// Makes a picture.
    public init(frame: Frame, label: String, region: Region, windowTitle: String? = nil) {
        self.frame = frame
        self.label = label
        self.region = region
        self.windowTitle = windowTitle
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
        /// The person was asked what to look at and wanted nothing.
        case cancelled
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

extension CaptureFailure {
    /// What sources say to targets that somebody else has to find out first.
    public static let mustChoose = CaptureFailure(
        .unsupported, "No region can be chosen in this way of capture; name one, as --region 640x480+100+50.")
}
