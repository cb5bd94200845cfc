import Conversation
import Desktop
import Evidence
import History
import Media

/// Decides what goes to the engine beside a picture: its parts in full, where small print would be lost, and the places
/// that changed, where a question asks for them.
///
/// What was decided once stays, so that the engine gets the same bytes on every turn; only a question that needs more of
/// the newest picture is a reason to send more of it.
struct PictureDetailer {
    let media: MediaStore
    let model: ModelProfile

    /// What parts may cost where nobody says how much the model can hold.
    private static let cautiousTokens = 12_000
    /// The most parts of a picture.
    private static let mostParts = 12
    /// The most changed places of which pictures go, before and after.
    private static let mostPlaces = 4

    /// Decides for all pictures of a conversation, oldest first.
    ///
    /// - Parameter spent: What everything costs that is sent anyway.
    /// - Throws: `ReplyFailure`, `MediaFailure` or `HistoryFailure`.
    func choose(_ attachments: inout [Attachment], for question: String, spent: Int) throws {
        var need = DetailNeed(question: question)
        let newest = attachments.lastIndex { $0.wholePicture != nil }
        var tokens =
            (model.contextLength.map { AttachmentPreparer.room(for: $0) } ?? spent + Self.cautiousTokens) - spent
        var count = (model.limits.pictures ?? .max) - attachments.reduce(0) { $0 + $1.sentPictureCount }
        for index in attachments.indices.reversed() where attachments[index].wholePicture != nil {
            let old = attachments[index].details
            let isWanted = index == newest && need != .overview
            guard old == nil || isWanted && old?.parts.isEmpty == true && old?.comparison == nil else { continue }
            attachments[index].details = old ?? PictureDetails()
            if index == newest, need == .comparing,
                let other = partner(of: attachments[index], in: attachments[..<index])
            {
                try compare(&attachments[index], with: other, &tokens, &count)
            }
            guard attachments[index].details?.comparison == nil else {
                // What did not change is not asked about.
                need = .overview
                continue
            }
            try divide(&attachments[index], need, &tokens, &count)
        }
    }

    // MARK: - Parts in full

    private func divide(_ attachment: inout Attachment, _ need: DetailNeed, _ tokens: inout Int, _ count: inout Int)
        throws
    {
        guard case .picture(let picture) = attachment.content, let origin = attachment.origin,
            media.keeps(origin.picture)
        else { return }
        let budget = PixelBudget.forModel(model.id)
        let cost = budget.tokens(width: picture.width, height: picture.height)
        let overview = budget.fit(
            width: origin.part.width, height: origin.part.height,
            tokens: min(DetailPlan.overviewTokens(of: tokens + cost), cost))
        // The overview gives up what it does not need.
        let freed = cost - budget.tokens(width: overview.width, height: overview.height)
        let shown = budget.seenScale(
            width: origin.part.width, height: origin.part.height, sentWidth: picture.width)
        // What is legible as it goes need not be looked at.
        guard shown < DetailPlan.leastScale(for: need), count > 0 else { return }
        let frame = try StillDecoder().decode(media.bytes(of: origin.picture)).cut(Region(origin.part))
        guard
            let plan = DetailPlan(
                width: origin.part.width, height: origin.part.height, shownWidth: picture.width, need: need,
                budget: budget, tokens: tokens + freed, maximumCount: min(Self.mostParts, count),
                places: WrittenPlaces(in: frame).places)
        else { return }
        let packer = PicturePacker(media: media)
        let format = StillFormat.fitting(frame)
        attachment.content = .picture(try packer.store(frame, as: format, size: overview))
        attachment.details?.parts = try zip(plan.tiles, plan.sizes).map { tile, size in
            let area = PictureArea(
                x: origin.part.x + tile.x, y: origin.part.y + tile.y, width: tile.width, height: tile.height)
            return PictureDetails.Part(
                .tile, area: area,
                picture: try packer.store(frame.cut(tile), as: format, size: (size.width, size.height)))
        }
        tokens += freed - plan.tokens
        count -= plan.tiles.count
    }

    // MARK: - What changed

    /// The picture before one, of the same size.
    private func partner(of attachment: Attachment, in earlier: ArraySlice<Attachment>) -> Attachment? {
        earlier.last { other in
            guard let old = other.wholePicture, let new = attachment.wholePicture else { return false }
            return (old.width, old.height) == (new.width, new.height) && media.keeps(old) && media.keeps(new)
        }
    }

    private func compare(
        _ attachment: inout Attachment, with other: Attachment, _ tokens: inout Int, _ count: inout Int
    ) throws {
        guard let old = other.wholePicture, let new = attachment.wholePicture else { return }
        let before = try StillDecoder().decode(media.bytes(of: old))
        let after = try StillDecoder().decode(media.bytes(of: new))
        guard let changes = ChangedPlaces(from: before, to: after) else { return }
        // Of a picture that is another one altogether no places are named.
        let places = changes.share > 0.6 ? [] : Array(changes.places.prefix(12))
        attachment.details?.comparison = PictureDetails.Comparison(
            label: other.label, changedThousandths: changes.share == 0 ? 0 : max(1, Int(changes.share * 1000)),
            places: places.map { PictureArea($0) })
        let budget = PixelBudget.forModel(model.id)
        let packer = PicturePacker(media: media)
        let whole = new.width * new.height
        // What fills much of the picture is seen in it.
        for place in places.filter({ $0.area < whole / 4 }).prefix(min(Self.mostPlaces, count / 2)) {
            let area = Self.surroundings(of: place, in: after)
            let size = budget.fit(width: area.width, height: area.height, tokens: min(2_000, tokens / 2))
            let cost = 2 * budget.tokens(width: size.width, height: size.height)
            guard cost <= tokens else { break }
            for (kind, frame) in [(PictureDetails.Kind.before, before), (.after, after)] {
                let part = frame.cut(area)
                attachment.details?.parts.append(
                    PictureDetails.Part(
                        kind, area: PictureArea(area), picture: try packer.store(part, as: .png, size: size)))
            }
            tokens -= cost
            count -= 2
        }
    }

    /// A place with some of what is around it, as much as makes it recognisable.
    private static func surroundings(of place: Region, in frame: Frame) -> Region {
        let margin = 32
        let width = min(frame.width, max(place.width + 2 * margin, 224))
        let height = min(frame.height, max(place.height + 2 * margin, 112))
        return Region(
            x: min(max(0, place.x + place.width / 2 - width / 2), frame.width - width),
            y: min(max(0, place.y + place.height / 2 - height / 2), frame.height - height), width: width, height: height
        )
    }
}

extension Attachment {
    /// How many pictures of it go.
    var sentPictureCount: Int { pictures.count + (details?.parts.count ?? 0) }
}
