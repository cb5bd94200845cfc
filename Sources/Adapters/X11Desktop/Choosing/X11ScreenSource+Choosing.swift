public import Desktop

extension X11ScreenSource: RegionChooser {
    /// Lets the person choose; see `RegionChooser`.
    ///
    /// Keyboard and pointer are held by a connection of its own: whatever ends this program, they are free again.
    public nonisolated func chooseRegion(last: Region?, withCursor: Bool) async throws -> CapturedPicture? {
        let wake = WakeSignal()
        let place = place
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                BlockingThread.start {
                    continuation.resume(
                        with: Result {
                            try BrokenPipe.tolerated {
                                try RegionPicker.run(place, last: last, withCursor: withCursor, wake: wake)
                            }
                        })
                }
            }
        } onCancel: {
            wake.send()
        }
    }
}
