import Cells

/// Which rows of the screen belong to what.
struct ScreenRegions: Equatable {
    /// The conversation.
    var transcript: Rect
    /// How far the engine is, what went wrong.
    var banner: Rect
    /// The line above what is written; empty on a low screen.
    var separator: Rect
    /// Attachments.
    var chips: Rect
    /// What is being written.
    var composer: Rect
    /// The lowest line.
    var status: Rect

    /// The smallest screen on which anything is drawn.
    static let smallest = Size(columns: 40, rows: 10)

    /// Chips never take more rows than this.
    static func chipLimit(_ size: Size) -> Int { size.rows >= 16 ? 3 : 1 }

    /// What is written never takes more rows than this.
    static func composerLimit(_ size: Size) -> Int { max(1, size.rows / 3) }

    /// Deals out the rows: the transcript always keeps three, what is written gets at most a third.
    init(size: Size, bannerRows: Int, chipRows: Int, composerRows: Int) {
        var left = max(0, size.rows - 2 - 3)
        func take(_ wanted: Int) -> Int {
            let taken = min(max(0, wanted), left)
            left -= taken
            return taken
        }
        let separatorRows = size.rows >= 12 ? take(1) : 0
        let chips = take(chipRows)
        let banner = take(bannerRows)
        let composer = 1 + take(min(composerRows, Self.composerLimit(size)) - 1)
        var rest = Rect(size)
        (rest, self.status) = rest.splitBottom(1)
        (rest, self.composer) = rest.splitBottom(composer)
        (rest, self.chips) = rest.splitBottom(chips)
        (rest, self.separator) = rest.splitBottom(separatorRows)
        (transcript, self.banner) = rest.splitBottom(banner)
    }
}
