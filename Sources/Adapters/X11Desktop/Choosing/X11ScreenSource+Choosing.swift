import CX11
public import Desktop

extension X11ScreenSource: RegionChooser {
    /// Lets the person choose; see `RegionChooser`.
    ///
    /// Keyboard and pointer are held by a connection of its own: whatever ends this program, they are free again.
    public nonisolated func chooseRegion(last: Region?, withCursor: Bool) async throws -> CapturedPicture? {
        try await chooseRegion(last: last, withCursor: withCursor, hiding: nil)
    }

    /// Lets the person choose on a screen on which a window seems not to be: what is behind it is in its place.
    public nonisolated func chooseRegion(
        last: Region?, withCursor: Bool, hiding window: UInt64?
    ) async throws -> CapturedPicture? {
        let wake = WakeSignal()
        let place = place
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                BlockingThread.start {
                    continuation.resume(
                        with: Result {
                            try BrokenPipe.tolerated {
                                try RegionPicker.run(
                                    place, last: last, withCursor: withCursor, hiding: window.map { XID($0) },
                                    wake: wake)
                            }
                        })
                }
            }
        } onCancel: {
            wake.send()
        }
    }
}
