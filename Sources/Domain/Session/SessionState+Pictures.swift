public import Conversation

/// Looking at pictures on the whole screen.
extension SessionState {
    /// All pictures that can be looked at, in their order.
    public var viewablePictures: [ViewedPicture] {
        var pictures: [ViewedPicture] = []
        func add(_ attachment: Attachment, _ message: Message.ID?) {
            let wholes = attachment.viewedPictures
            for (number, sent) in attachment.pictures.enumerated() {
                guard let media = [wholes[number], sent].first(where: canShow) else { continue }
                pictures.append(ViewedPicture(attachment: attachment, number: number, message: message, media: media))
            }
        }
        for message in conversation.messages {
            for case .attachment(let attachment) in message.parts { add(attachment, message.id) }
        }
        for attachment in composer.attachments { add(attachment, nil) }
        return pictures
    }

    /// Whether a picture is still kept and can be drawn.
    public func canShow(_ media: MediaReference) -> Bool {
        !missingMedia.contains(media.sha256) && !unreadableMedia.contains(media.sha256)
    }

    /// Opens the first picture of a message, or of the composer.
    mutating func view(picturesOf message: Message.ID?) {
        guard let first = viewablePictures.first(where: { $0.message == message }) else {
            let text = conversation.messages.first { $0.id == message }?.text ?? ""
            if let message, let moment = RecordingMoment.all(in: text).first {
                return show(moment: moment.seconds, of: message)
            }
            notice = Notice(.information, "There is no picture in this message.")
            return
        }
        notice = nil
        overlay = .picture(PictureViewing(attachment: first.attachment.id, number: first.number))
    }

    /// Handles a command while a picture is looked at.
    mutating func perform(_ command: Command, at viewing: PictureViewing) -> [SessionEffect] {
        if let marking = viewing.marking { return perform(command, marking: marking, at: viewing) }
        notice = nil
        var viewing = viewing
        switch command {
        case .moveLeft, .pageUp: return turn(-1, from: viewing)
        case .moveRight, .pageDown: return turn(1, from: viewing)
        case .moveUp, .scrollUp: viewing.move(right: 0, down: -0.25)
        case .moveDown, .scrollDown: viewing.move(right: 0, down: 0.25)
        default: return []
        }
        overlay = .picture(viewing)
        return []
    }

    /// Handles letters while a picture is looked at.
    mutating func perform(typed text: String, at viewing: PictureViewing) -> [SessionEffect] {
        if let marking = viewing.marking { return perform(typed: text, marking: marking, at: viewing) }
        notice = nil
        var viewing = viewing
        switch text {
        case "b", "c":
            mark(text == "b" ? .cover : .crop, at: viewing)
            return []
        case "z": return cutDetail(shownIn: viewing)
        case "t": return readPicture(shownIn: viewing)
        case "q": return close(viewing)
        case "o":
            let media = viewablePictures.first { $0.attachment.id == viewing.attachment && $0.number == viewing.number }
            return media.map { [.openMedia($0.media)] } ?? []
        case "+", "=": viewing.enlarge(by: 1)
        case "-": viewing.enlarge(by: -1)
        case "0": viewing.enlarge(by: -PictureViewing.largestZoom)
        case "h": viewing.move(right: -0.25, down: 0)
        case "l": viewing.move(right: 0.25, down: 0)
        case "k": viewing.move(right: 0, down: -0.25)
        case "j": viewing.move(right: 0, down: 0.25)
        default: return []
        }
        overlay = .picture(viewing)
        return []
    }

    private mutating func close(_ viewing: PictureViewing) -> [SessionEffect] {
        overlay = nil
        return []
    }

    private mutating func turn(_ step: Int, from viewing: PictureViewing) -> [SessionEffect] {
        let all = viewablePictures
        guard let old = all.firstIndex(where: { $0.attachment.id == viewing.attachment && $0.number == viewing.number })
        else { return close(viewing) }
        guard all.indices.contains(old + step) else { return [] }
        let new = all[old + step]
        overlay = .picture(PictureViewing(attachment: new.attachment.id, number: new.number))
        // Who closes it stands at the message that was looked at last.
        if let message = new.message, reading != nil, reading?.message != message {
            reading?.message = message
            sight = Sight(message: message, place: nil)
        }
        return []
    }

    /// Notes that a picture cannot be drawn: it is shown as a line of text from now on.
    mutating func note(unreadable media: String) {
        unreadableMedia.insert(media)
        guard case .picture(let viewing) = overlay, viewing.marking == nil else { return }
        let all = viewablePictures
        if !all.contains(where: { $0.attachment.id == viewing.attachment && $0.number == viewing.number }) {
            overlay = nil
            notice = Notice(.problem, "The picture cannot be read.")
        }
    }
}
