import Conversation
import Desktop

/// Covering what is private in a picture before it is sent, and cutting a part out of it.
extension SessionState {
    /// Begins to mark parts of the picture that is looked at.
    mutating func mark(_ purpose: PictureMarking.Purpose, at viewing: PictureViewing, isRegion: Bool = false) {
        let isWaiting = waitingPicture(viewing) != nil
        // A part of what was sent already is a picture of its own.
        guard isWaiting || purpose == .crop, let media = viewed(viewing)?.media else {
            notice = Notice(.information, "Only a picture that waits to be sent can be changed.")
            return
        }
        var viewing = viewing
        viewing.enlarge(by: -PictureViewing.largestZoom)
        viewing.marking = PictureMarking(
            purpose, width: media.width, height: media.height, isRegion: isRegion, isDetail: !isWaiting)
        notice = nil
        overlay = .picture(viewing)
    }

    /// The attachment that is looked at, if it is a picture in the composer.
    private func waitingPicture(_ viewing: PictureViewing) -> (attachment: Attachment, media: MediaReference)? {
        guard let attachment = composer.attachments.first(where: { $0.id == viewing.attachment }),
            case .picture(let media) = attachment.content
        else { return nil }
        return (attachment, media)
    }

    /// Handles a command while parts are marked.
    mutating func perform(_ command: Command, marking: PictureMarking, at viewing: PictureViewing) -> [SessionEffect] {
        guard !marking.isApplied else { return [] }
        var marking = marking
        switch command {
        case .cancel, .interrupt: return leave(marking, viewing)
        case .send: return apply(marking, viewing)
        case .moveLeft: marking.move(-1, 0)
        case .moveRight: marking.move(1, 0)
        case .moveUp: marking.move(0, -1)
        case .moveDown: marking.move(0, 1)
        case .selectLeft: marking.stretch(-1, 0)
        case .selectRight: marking.stretch(1, 0)
        case .selectUp: marking.stretch(0, -1)
        case .selectDown: marking.stretch(0, 1)
        default: return []
        }
        return mark(marking, viewing)
    }

    /// Handles letters while parts are marked.
    mutating func perform(
        typed text: String, marking: PictureMarking, at viewing: PictureViewing
    ) -> [SessionEffect] {
        guard !marking.isApplied else { return [] }
        var marking = marking
        switch text {
        case "h": marking.selection.nudge(byX: -1, y: 0)
        case "l": marking.selection.nudge(byX: 1, y: 0)
        case "k": marking.selection.nudge(byX: 0, y: -1)
        case "j": marking.selection.nudge(byX: 0, y: 1)
        // Letters of the same keys make it larger and smaller, for terminals that keep Shift+arrows to themselves.
        case "H": marking.stretch(-1, 0)
        case "L": marking.stretch(1, 0)
        case "K": marking.stretch(0, -1)
        case "J": marking.stretch(0, 1)
        case " ": marking.keep()
        case "u": marking.takeBack()
        case "q": return leave(marking, viewing)
        default: return []
        }
        return mark(marking, viewing)
    }

    /// The mouse marks: places are in the picture's own pixels.
    mutating func mark(_ stroke: MarkingStroke, x: Int, y: Int) -> [SessionEffect] {
        guard case .picture(let viewing) = overlay, var marking = viewing.marking, !marking.isApplied else { return [] }
        switch stroke {
        case .press: marking.selection.press(x: x, y: y)
        case .move: marking.selection.move(x: x, y: y)
        case .release: _ = marking.selection.release(x: x, y: y)
        }
        return mark(marking, viewing)
    }

    private mutating func mark(_ marking: PictureMarking?, _ viewing: PictureViewing) -> [SessionEffect] {
        var viewing = viewing
        viewing.marking = marking
        overlay = .picture(viewing)
        return []
    }

    /// Changes nothing; a picture that was taken for a region of it goes.
    private mutating func leave(_ marking: PictureMarking, _ viewing: PictureViewing) -> [SessionEffect] {
        guard marking.isRegion else { return mark(nil, viewing) }
        overlay = nil
        let picture = waitingPicture(viewing)
        composer.remove(viewing.attachment)
        notice = Notice(.information, "No region was chosen.")
        return picture.map { $0.attachment.media.map { .discardMedia($0) } } ?? []
    }

    private mutating func apply(_ marking: PictureMarking, _ viewing: PictureViewing) -> [SessionEffect] {
        let parts = marking.result
        if marking.isDetail, let part = parts.last, let picture = viewed(viewing) {
            overlay = nil
            return cutDetail(of: picture, PictureArea(x: part.x, y: part.y, width: part.width, height: part.height))
        }
        guard !parts.isEmpty, let picture = waitingPicture(viewing) else { return leave(marking, viewing) }
        var marking = marking
        marking.isApplied = true
        _ = mark(marking, viewing)
        return [.changePicture(picture.attachment, marking.purpose, parts)]
    }

    /// Takes the changed picture in; the one before it is not kept.
    mutating func take(changed attachment: Attachment, instead old: MediaReference) -> [SessionEffect] {
        let before = composer.attachments.first { $0.id == attachment.id }?.media ?? []
        composer.replace(attachment)
        if case .picture(var viewing) = overlay, viewing.attachment == attachment.id {
            let isDone = viewing.marking?.isRegion == true
            viewing.marking = nil
            overlay = isDone ? nil : .picture(viewing)
        }
        let kept = Set(attachment.media)
        return Set(before + [old]).subtracting(kept).sorted { $0.sha256 < $1.sha256 }.map { .discardMedia($0) }
    }

    /// The picture is as it was.
    mutating func keepUnchanged(_ sentence: String) {
        notice = Notice(.problem, sentence)
        // Out of the way of the sentence.
        if case .picture(let viewing) = overlay, viewing.marking?.isApplied == true { overlay = nil }
    }

    /// Lets a region be chosen in a picture that was just attached.
    mutating func chooseRegion(in attachment: Attachment.ID) {
        guard overlay == nil else { return }
        mark(.crop, at: PictureViewing(attachment: attachment, number: 0), isRegion: true)
    }
}
