import Conversation

/// The words in pictures, to be copied.
extension SessionState {
    /// Asks for the words in the last picture.
    mutating func readLastPicture() -> [SessionEffect] {
        guard let picture = viewablePictures.last else {
            notice = Notice(.information, "There is no picture: take one with /shot, or attach a file.")
            return []
        }
        return read(picture.media, part: nil)
    }

    /// Asks for the words in the picture that is looked at: in the part that is shown, where it is enlarged.
    mutating func readPicture(shownIn viewing: PictureViewing) -> [SessionEffect] {
        guard let picture = viewed(viewing) else { return [] }
        return read(picture.media, part: viewing.part(of: picture.media))
    }

    /// Copies the words that were found.
    mutating func copy(textOfPicture text: String) -> [SessionEffect] {
        guard !text.isEmpty else {
            notice = Notice(.information, "No words were found in the picture.")
            return []
        }
        return copy(text, "the words in the picture")
    }

    private mutating func read(_ media: MediaReference, part: PictureArea?) -> [SessionEffect] {
        notice = Notice(
            .information, part == nil ? "Reading the words in the picture…" : "Reading the words in this part…")
        return [.readPicture(media, part: part)]
    }
}
