/// A desktop on which a person can choose a part of the screen.
public protocol RegionChooser: Sendable {
    /// Lets the person choose, on a picture of the screen as it was when this was called.
    ///
    /// Cancelling the task ends the choosing. What is chosen is cut out of that picture: it shows what the person saw.
    ///
    /// - Parameters:
    ///   - last: What was chosen the time before, to begin with.
    ///   - withCursor: Whether the pointer is in the picture.
    /// - Returns: the picture of what was chosen; nil when the person wanted none.
    /// - Throws: `CaptureFailure`; `CancellationError` when the task was cancelled.
    func chooseRegion(last: Region?, withCursor: Bool) async throws -> CapturedPicture?
}
