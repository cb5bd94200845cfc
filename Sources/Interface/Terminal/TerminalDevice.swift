public import Cells

/// Something that shows screens and says what the user does: a terminal, or its twin in tests.
@MainActor public protocol TerminalDevice: AnyObject {
    /// The size now.
    var size: Size { get }

    /// What happens, in order; for one reader, until `close`.
    var events: AsyncStream<TerminalEvent> { get }

    /// Shows a screen, at the cost of what changed since the last one; another size is cut or padded.
    func show(_ screen: Screen)

    /// What it can do with pictures; an event says when that changes.
    var pictures: PictureAbility { get }

    /// What the last screen has places for and the terminal does not have.
    var wantedPictures: [PictureCut] { get }

    /// Takes a picture that was wanted; the next `show` draws it.
    func take(_ image: PictureImage, for picture: PictureCut)

    /// Forgets what the terminal shows, so that the next `show` paints everything.
    func redraw()

    /// Offers a text to the terminal's clipboard; terminals that have none ignore it.
    ///
    /// - Returns: Whether it was offered: a very long text is not.
    @discardableResult func copy(_ text: String) -> Bool

    /// How many colours it can show; 0 for none.
    var colorCount: Int { get }

    /// Asks for the colour behind the words, which comes as `.background`, if it comes.
    func askBackground()

    /// Calls somebody who looks elsewhere.
    func alert(_ alert: TerminalAlert)

    /// Gives the terminal back for a while, to an editor or to the shell; events stop.
    func suspend()

    /// Takes the terminal again and paints the last screen; harmless when it is ours already.
    func resume()

    /// Suspends, stops the process as Ctrl+Z does, and resumes when it is continued.
    func stopProcess()

    /// Gives the terminal back for good and ends the events.
    func close()
}
