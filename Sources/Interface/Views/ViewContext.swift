import Cells
import Conversation
import Session

/// What every view is drawn with.
struct ViewContext {
    var theme: Theme
    var keymap: Keymap
    var tokenCost: @Sendable (MediaReference, String?) -> Int
    /// The model whose tokens are counted, and that sees the pictures or does not.
    var model: ModelProfile?
    /// Stored pictures, by their SHA-256, that are not kept any more.
    var missingMedia: Set<String> = []
    /// Stored pictures that cannot be drawn.
    var unreadableMedia: Set<String> = []
    /// The room that pictures get; nil where none are shown.
    var pictures: PictureRoom?

    /// Whether a picture is still kept and can be drawn.
    func canShow(_ media: MediaReference) -> Bool {
        !missingMedia.contains(media.sha256) && !unreadableMedia.contains(media.sha256)
    }

    /// What is said of an attachment beside it.
    func chip(_ attachment: Attachment) -> String {
        let label = SafeText.singleLine(attachment.label)
        let gone = attachment.pictures.filter { missingMedia.contains($0.sha256) }.count
        switch attachment.content {
        case .picture(let picture):
            if gone > 0 { return "▣ \(label) \(picture.width)×\(picture.height) · picture no longer kept" }
            let cost = isBlind ? "as text" : "\(tokenCost(picture, model?.id)) tokens"
            return "▣ \(label) \(picture.width)×\(picture.height) · \(cost)"
        case .recording(let recording):
            let tokens = recording.frames.reduce(0) { $0 + tokenCost($1.picture, model?.id) }
            let cost = isBlind ? "as text" : "\(Quantity.tokens(tokens)) tokens"
            let frames = recording.frames.count
            let length = "◉ \(label) \(Quantity.tenths(recording.seconds)) s"
            if gone > 0 {
                return length
                    + (gone == frames ? " · recording no longer kept" : " · \(gone) of \(frames) frames no longer kept")
            }
            return "\(length) · \(frames) \(frames == 1 ? "frame" : "frames") · \(cost)"
        case .document(let document): return self.document(document, label)
        case .text(let text):
            return "≡ \(label) \(Quantity.bytes(Int64(text.utf8.count)))"
        }
    }

    /// A document: how many pages, and how they go once that is decided.
    private func document(_ document: Document, _ label: String) -> String {
        let pages = document.pages
        let count = "\(pages.count) \(pages.count == 1 ? "page" : "pages")"
        let whole = pages.count == document.pageCount ? count : "\(count) of \(document.pageCount)"
        let shown = pages.count { $0.form == .picture }
        let told = pages.count { $0.form == .text }
        let left = pages.count { $0.form == .omitted }
        var words = ["▤ \(label) \(whole)"]
        if shown > 0 {
            words.append(
                shown == pages.count ? "all as pictures" : "\(shown) as \(shown == 1 ? "picture" : "pictures")")
        }
        if told > 0 { words.append(told == pages.count ? "all as text" : "\(told) as text") }
        if left > 0 { words.append("\(left) left out") }
        return words.joined(separator: " · ")
    }

    /// The sign of what is attached.
    static func symbol(of attachment: Attachment) -> String {
        switch attachment.content {
        case .picture: "▣"
        case .recording: "◉"
        case .document: "▤"
        case .text: "≡"
        }
    }

    /// Whether pictures are read, because the model cannot see them.
    private var isBlind: Bool { model?.vision == false }

    /// A hint such as "Ctrl+O folds"; nil when the command has no key.
    func hint(_ command: Command, _ verb: String) -> String? {
        let label = keymap.label(for: command)
        return label.isEmpty ? nil : "\(label) \(verb)"
    }
}

extension String {
    /// The text in at most so many columns, with "…" where something is left out.
    func shortened(to columns: Int) -> String {
        guard columns > 0 else { return "" }
        guard utf8.count > columns, DisplayWidth.columns(of: self) > columns else { return self }
        var kept = ""
        var width = 0
        for character in self {
            let step = DisplayWidth.columns(of: character)
            guard width + step < columns else { break }
            kept.append(character)
            width += step
        }
        return kept + "…"
    }
}
