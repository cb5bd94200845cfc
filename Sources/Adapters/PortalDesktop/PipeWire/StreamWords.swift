import Desktop

/// What people are told when a stream ends or cannot be had.
struct StreamWords: Sendable {
    /// The source has gone away.
    var gone: CaptureFailure
    /// Nothing agreed on a format, or nobody connected the stream.
    var silent: CaptureFailure

    /// A screen that the desktop shares.
    static let screen = StreamWords(
        gone: CaptureFailure(
            .gone, "The desktop stopped sharing the screen: the compositor or its portal backend has ended."),
        silent: CaptureFailure(
            .unsupported,
            "The screen is shared, but no stream of it starts: PipeWire has no session manager, or the compositor offers"
                + " only pixels on the graphics card. Check that wireplumber runs (systemctl --user status wireplumber)."
        ))

    /// A node that somebody named.
    static func node(_ name: String) -> StreamWords {
        StreamWords(
            gone: CaptureFailure(.gone, "The PipeWire node “\(name)” has gone."),
            silent: CaptureFailure(
                .unsupported,
                "The PipeWire node “\(name)” starts no stream: it has no pixels in a format that can be read, or PipeWire has"
                    + " no session manager. Check that wireplumber runs (systemctl --user status wireplumber)."))
    }

    /// PipeWire itself has ended.
    var disconnected: CaptureFailure {
        CaptureFailure(
            .gone, "PipeWire closed the connection: it has ended or crashed (systemctl --user status pipewire).")
    }

    /// A format that nobody offered.
    var noFormat: CaptureFailure {
        CaptureFailure(.unsupported, "The screen's stream has pixels in a format that cannot be read.")
    }

    /// PipeWire's own reason.
    func failure(_ reason: String) -> CaptureFailure {
        switch reason {
        // The session manager's words for a target that is not there or left.
        case "no node available", "no target node available", "target not found": gone
        default:
            CaptureFailure(.gone, "PipeWire ended the stream: \(reason.withoutControls).")
        }
    }
}
