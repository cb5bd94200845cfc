internal import Conversation

/// Lays out what a message says: attachments and words as they were written.
struct ContentWriter {
    /// Whether the engine sees pictures; when false, the text that was read from them goes in their place.
    let sendsPictures: Bool
    /// Whether a recording goes as one video.
    let sendsVideo: Bool
    /// Whether a recording may go as a list of frames.
    let sendsFrameLists: Bool
    /// What is still kept of the pictures and recordings.
    let media: any MediaLibrary

    /// The parts of a message, in the order in which they were put among the words; reasoning is left out.
    func pieces(of message: Message) -> [RequestEncoder.ContentPiece] {
        var pieces: [RequestEncoder.ContentPiece] = []
        var words = ""
        for part in message.parts {
            switch part {
            case .text(let text): words += text
            case .reasoning: break
            case .attachment(let attachment):
                if !words.isEmpty { pieces.append(.text(SpecialTokens.neutralize(words))) }
                words = ""
                pieces += self.pieces(of: attachment)
            }
        }
        words = SpecialTokens.neutralize(words)
        // A message of attachments alone has no words; an empty one still needs its place between its neighbours.
        if !words.isEmpty || pieces.isEmpty { pieces.append(.text(words)) }
        return pieces
    }

    private func pieces(of attachment: Attachment) -> [RequestEncoder.ContentPiece] {
        switch attachment.content {
        case .picture(let picture): self.picture(picture, of: attachment)
        case .recording(let recording): self.recording(recording, of: attachment)
        case .document(let document): pages(document, of: attachment)
        case .text(let text): [self.document(text, of: attachment)]
        }
    }

    private func picture(_ picture: MediaReference, of attachment: Attachment) -> [RequestEncoder.ContentPiece] {
        if sendsPictures {
            guard media.keeps(picture) else { return [.text(gone("picture", attachment))] }
            return PictureWords(attachment, media: media).pieces(around: picture)
        }
        let text = attachment.recognizedText?.first
        return [.text(unseen("the picture \(name(attachment))", text))]
    }

    private func recording(_ recording: Recording, of attachment: Attachment) -> [RequestEncoder.ContentPiece] {
        if sendsPictures {
            switch recording.form(sendsVideo: sendsVideo, sendsFrameLists: sendsFrameLists) {
            case .video:
                if let video = recording.video, media.keeps(video) { return [.video(video)] }
            case .frameList:
                let frames = (recording.frameList ?? []).filter { media.keeps($0.picture) }
                // One frame alone is no video.
                if frames.count > 1 { return list(frames, of: recording) }
            case .pictures: break
            }
        }
        let frames = sendsPictures ? recording.frames.filter { media.keeps($0.picture) } : recording.frames
        if frames.isEmpty, !recording.frames.isEmpty { return [.text(gone("recording", attachment))] }
        return self.frames(frames, of: recording, attachment)
    }

    /// The frames in one part; their times go in words, since most engines count frames instead.
    private func list(_ frames: [TimedPicture], of recording: Recording) -> [RequestEncoder.ContentPiece] {
        var before: String?
        let times = frames.map { frame in
            defer { before = frame.windowTitle }
            guard let title = frame.windowTitle, title != before else { return clock(frame.time) }
            return "\(clock(frame.time)) (\(self.title(title)))"
        }.joined(separator: ", ")
        let introduction =
            "A recording of the screen, \(seconds(recording.seconds)) seconds long, as a video of \(frames.count) chosen "
            + "frames. In minutes and seconds of the recording they are from: \(times)."
        return [.text(introduction), .frameList(frames, seconds: recording.seconds)]
    }

    private func frames(_ frames: [TimedPicture], of recording: Recording, _ attachment: Attachment)
        -> [RequestEncoder.ContentPiece]
    {
        let count = frames.count
        let pictures = count == 1 ? "1 picture" : "\(count) pictures"
        let introduction =
            "A recording of the screen, \(seconds(recording.seconds)) seconds long, as \(pictures) in order, each after its time "
            + "in minutes and seconds:"
        var pieces: [RequestEncoder.ContentPiece] = [.text(introduction)]
        for (index, frame) in frames.enumerated() {
            let time = "[\(clock(frame.time))]" + (frame.windowTitle.map { " " + title($0) } ?? "")
            if sendsPictures {
                pieces += [.text(time), .picture(frame.picture)]
            } else {
                let texts = attachment.recognizedText ?? []
                let text = texts.indices.contains(index) ? texts[index] : nil
                pieces.append(.text(time + " " + unseen("the recording \(name(attachment))", text)))
            }
        }
        return pieces
    }

    /// A window's title as it goes with a picture: no longer than says what it is.
    private func title(_ title: String) -> String {
        SpecialTokens.neutralize(title.count > 60 ? title.prefix(59) + "…" : title)
    }

    /// The pages in their order, each after its number, as pictures or as their words.
    private func pages(_ document: Document, of attachment: Attachment) -> [RequestEncoder.ContentPiece] {
        func going(_ page: DocumentPage) -> DocumentPage.Form {
            switch page.form {
            case .omitted: .omitted
            case .picture where sendsPictures && page.picture.map(media.keeps) == true: .picture
            // Whose picture is not sent, or no longer kept, is read.
            case .picture, .text, nil: page.text.isEmpty ? .omitted : .text
            }
        }
        let pages = document.pages
        let shown = pages.filter { going($0) != .omitted }
        let left = pages.filter { going($0) == .omitted }
        let count = document.pageCount == 1 ? "1 page" : "\(document.pageCount) pages"
        var introduction = "The document \(name(attachment)), \(count)."
        if shown.count < document.pageCount {
            let numbers = Document.list(shown.map(\.number))
            introduction +=
                numbers.isEmpty
                ? " None of it can be shown." : " Shown here: \(shown.count == 1 ? "page" : "pages") \(numbers)."
        }
        if !left.isEmpty { introduction += " Left out for want of room: \(Document.list(left.map(\.number)))." }
        if !shown.isEmpty { introduction += " Cite pages by these numbers." }
        var pieces: [RequestEncoder.ContentPiece] = [.text(introduction)]
        for page in shown {
            if going(page) == .picture, let picture = page.picture {
                pieces += [.text("[page \(page.number)]"), .picture(picture)]
            } else {
                pieces.append(
                    .text(
                        "[page \(page.number), its text]\n\(SpecialTokens.neutralize(page.text))\n[end of page \(page.number)]"
                    ))
            }
        }
        return pieces
    }

    private func document(_ text: String, of attachment: Attachment) -> RequestEncoder.ContentPiece {
        let name = name(attachment)
        return .text("Attached text \(name):\n\n\(SpecialTokens.neutralize(text))\n\nEnd of the attached text \(name).")
    }

    // MARK: - Words

    private func unseen(_ source: String, _ text: String?) -> String {
        guard let text, !text.allSatisfy(\.isWhitespace) else {
            return
                "[\(source.capitalizedFirst) is attached, but you cannot see pictures, and no text could be read from it.]"
        }
        return
            "Text read from \(source) (you cannot see pictures):\n\n\(SpecialTokens.neutralize(text))\n\nEnd of that text."
    }

    private func gone(_ kind: String, _ attachment: Attachment) -> String {
        let text = (attachment.recognizedText ?? []).joined(separator: "\n")
        let note = "[The \(kind) \(name(attachment)) was attached here, but is no longer kept.]"
        guard !text.allSatisfy(\.isWhitespace) else { return note }
        return "\(note)\n\nText read from it:\n\n\(SpecialTokens.neutralize(text))\n\nEnd of that text."
    }

    private func name(_ attachment: Attachment) -> String {
        "\"\(SpecialTokens.neutralize(attachment.label.shown(atMost: 120)).replacing("\"", with: "'"))\""
    }

    private func tenths(_ seconds: Double) -> Int {
        seconds.isFinite ? Int((min(max(seconds, 0), 1e9) * 10).rounded()) : 0
    }

    private func seconds(_ seconds: Double) -> String {
        let tenths = tenths(seconds)
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }

    /// A time as "00:03.2", or "1:02:03.4" after the first hour.
    private func clock(_ seconds: Double) -> String {
        let tenths = tenths(seconds)
        let whole = tenths / 10
        let minutes = twoDigits(whole / 60 % 60) + ":" + twoDigits(whole % 60) + ".\(tenths % 10)"
        return whole >= 3600 ? "\(whole / 3600):\(minutes)" : minutes
    }

    private func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
