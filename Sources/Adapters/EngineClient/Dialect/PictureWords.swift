internal import Conversation

/// The words that go with a picture of which not all pixels are sent, and with its details.
struct PictureWords {
    private let attachment: Attachment
    private let media: any MediaLibrary

    init(_ attachment: Attachment, media: any MediaLibrary) {
        self.attachment = attachment
        self.media = media
    }

    /// The picture, and what goes before and after it.
    func pieces(around picture: MediaReference) -> [RequestEncoder.ContentPiece] {
        var pieces: [RequestEncoder.ContentPiece] = []
        if let part = part { pieces.append(.text(part)) }
        pieces.append(.picture(picture))
        guard let details = attachment.details, let whole = attachment.wholePicture else { return pieces }
        if let comparison = details.comparison { pieces.append(.text(words(comparison, in: whole))) }
        let parts = details.parts.filter { media.keeps($0.picture) }
        if parts.contains(where: { $0.kind == .tile }) {
            pieces.append(
                .text("The picture above is an overview. The parts where something is written follow in full:"))
        }
        for part in parts {
            pieces += [.text("[\(kind(part.kind)): \(place(part.area, in: whole))]"), .picture(part.picture)]
        }
        return pieces
    }

    /// Where in a larger picture this one is; nil for all of one.
    private var part: String? {
        guard let origin = attachment.origin, origin.part != PictureArea(allOf: origin.picture) else { return nil }
        return "[a part of a larger picture: \(place(origin.part, in: origin.picture))]"
    }

    private func kind(_ kind: PictureDetails.Kind) -> String {
        switch kind {
        case .tile: "part"
        case .before: "before"
        case .after: "now"
        }
    }

    private func words(_ comparison: PictureDetails.Comparison, in whole: MediaReference) -> String {
        let label = SpecialTokens.neutralize(comparison.label.shown(atMost: 120)).replacing("\"", with: "'")
        let other = "Compared pixel by pixel with the picture before it (\"\(label)\")"
        guard comparison.changedThousandths > 0 else { return "[\(other): nothing differs.]" }
        let share = comparison.changedThousandths
        let percent = share < 10 ? "less than 1" : "\(share / 10)"
        guard !comparison.places.isEmpty else { return "[\(other): \(percent) % of it differs, all over the picture.]" }
        let places = comparison.places.map { place($0, in: whole) }.joined(separator: "; ")
        let count = comparison.places.count == 1 ? "1 place differs" : "\(comparison.places.count) places differ"
        return "[\(other): \(count), \(percent) % of it: \(places).]"
    }

    private func place(_ area: PictureArea, in whole: MediaReference) -> String {
        "\(area.place(in: whole.width, whole.height)), x \(area.x)–\(area.x + area.width), "
            + "y \(area.y)–\(area.y + area.height) of \(whole.width)×\(whole.height)"
    }
}
