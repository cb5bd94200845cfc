import Conversation
import Desktop

/// Details of pictures: a part of one that was sent goes with all of its pixels, as a picture of its own.
extension SessionState {
    /// The picture that is looked at.
    func viewed(_ viewing: PictureViewing) -> ViewedPicture? {
        viewablePictures.first { $0.attachment.id == viewing.attachment && $0.number == viewing.number }
    }

    /// Cuts a part out of the last picture, or lets it be chosen there.
    ///
    /// - Parameter geometry: The part as "WxH+X+Y", in the picture's own pixels; empty lets it be chosen.
    mutating func cropLastPicture(_ geometry: String = "") -> [SessionEffect] {
        guard let picture = viewablePictures.last else {
            notice = Notice(.information, "There is no picture: take one with /shot, or attach a file.")
            return []
        }
        let media = picture.media
        let viewing = PictureViewing(attachment: picture.attachment.id, number: picture.number)
        guard !geometry.isEmpty else {
            mark(.crop, at: viewing)
            return []
        }
        let whole = Region(x: 0, y: 0, width: media.width, height: media.height)
        guard let wanted = Region(geometry: geometry), !wanted.intersection(whole).isEmpty else {
            notice = Notice(
                .problem,
                "\(geometry) is no part of a picture of \(media.width)×\(media.height): write WxH+X+Y, as 640x400+0+80."
            )
            return []
        }
        let part = wanted.intersection(whole)
        if picture.message == nil, case .picture = picture.attachment.content {
            notice = nil
            return [.changePicture(picture.attachment, .crop, [part])]
        }
        return cutDetail(of: picture, PictureArea(x: part.x, y: part.y, width: part.width, height: part.height))
    }

    /// Cuts out what is shown of a picture that is looked at enlarged; what is shown as a whole is marked first.
    mutating func cutDetail(shownIn viewing: PictureViewing) -> [SessionEffect] {
        guard let picture = viewed(viewing) else { return [] }
        guard let part = viewing.part(of: picture.media) else {
            mark(.crop, at: viewing)
            return []
        }
        overlay = nil
        return cutDetail(of: picture, part)
    }

    /// Asks for a part of a picture; of one that is a part itself, its place in the whole is what counts.
    mutating func cutDetail(of picture: ViewedPicture, _ part: PictureArea) -> [SessionEffect] {
        notice = nil
        pendingAttachments += 1
        composer.insert(.pending(ticket: nil))
        let label = picture.attachment.label
        let name = label.hasPrefix("detail of ") ? label : "detail of \(label)"
        guard let origin = picture.attachment.origin, origin.picture != picture.media else {
            return [.cutDetail(picture.media, part, label: name)]
        }
        guard canShow(origin.picture) else { return [.cutDetail(picture.media, part, label: name)] }
        let area = origin.part.area(of: part, shownIn: picture.media.width, picture.media.height)
        return [.cutDetail(origin.picture, area, label: name)]
    }

    /// Asks what changed between the last two pictures; which places differ is found before the engine is asked.
    mutating func compareLastPictures() -> [SessionEffect] {
        let stills = viewablePictures.filter { if case .picture = $0.attachment.content { true } else { false } }
        guard stills.count >= 2 else {
            notice = Notice(.information, "Two pictures are compared: take or attach another one.")
            return []
        }
        composer.insert("What changed between the last two pictures?")
        return send()
    }
}
