/// A desktop that can give us keys which work in every window.
public protocol HotkeySource: Sendable {
    /// Holds keys for as long as the stream is read.
    ///
    /// The first event says which keys are held; it comes again when the keyboard's layout changes. A key that stays down
    /// is told once. The stream throws `CaptureFailure` when there is no such desktop, or it is gone.
    func hold(_ hotkeys: [Hotkey]) -> AsyncThrowingStream<HotkeyEvent, any Error>
}

/// A key and what it is for.
public struct Hotkey: Sendable, Hashable {
    /// What it is for, as the configuration calls it.
    public var name: String
    /// The key.
    public var chord: HotkeyChord

    /// Makes a hotkey.
    public init(name: String, chord: HotkeyChord) {
        self.name = name
        self.chord = chord
    }
}

/// What happens to keys that are held.
public enum HotkeyEvent: Sendable, Equatable {
    /// These keys are held, or not, since now.
    case held([HeldHotkey])
    /// A key went down at this time, in nanoseconds of CLOCK_MONOTONIC.
    case pressed(Hotkey, at: UInt64)
}

/// Whether a key is ours.
public struct HeldHotkey: Sendable, Equatable {
    /// The key.
    public var hotkey: Hotkey
    /// Why it is not ours, in a sentence for people; nil when it is.
    public var problem: String?
    /// The key in the desktop's own words, which may be another than the one that was wanted; nil for that one.
    public var trigger: String?

    /// Makes a result.
    public init(hotkey: Hotkey, problem: String?, trigger: String? = nil) {
        self.hotkey = hotkey
        self.problem = problem
        self.trigger = trigger
    }
}
