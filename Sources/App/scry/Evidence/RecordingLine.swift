import Synchronization

/// Shows on a terminal's standard error how far a recording is.
final class RecordingLine: Sendable {
    private let last = Mutex(ScreenRecorder.Progress(frames: 0, byteCount: 0, dropped: 0))
    private let control: RecordingControl

    init(_ control: RecordingControl) { self.control = control }

    /// Keeps what the recorder told.
    func note(_ progress: ScreenRecorder.Progress) { last.withLock { $0 = progress } }

    /// Shows the line until the task is cancelled, once a second, and takes it away.
    func show() async {
        while !Task.isCancelled {
            // A region may still have to be chosen.
            if control.elapsed > .zero { Standard.error("\r\u{1B}[K" + line) }
            try? await Task.sleep(for: .seconds(1))
        }
        Standard.error("\r\u{1B}[K")
    }

    private var line: String {
        let progress = last.withLock(\.self)
        let time = Int(control.elapsed / .seconds(1))
        let clock = String(time / 60) + ":" + (time % 60 < 10 ? "0" : "") + String(time % 60)
        var parts = [control.isPaused ? "○ paused \(clock)" : "● REC \(clock)", "\(progress.frames) frames"]
        parts.append("\((progress.byteCount + 500) / 1000) kB")
        if progress.dropped > 0 { parts.append("\(progress.dropped) dropped") }
        if RecordingKeys.areTyped { parts.append(control.isPaused ? "p goes on" : "p pauses") }
        return (parts + ["Ctrl-C ends it"]).joined(separator: " · ")
    }
}
