import Conversation
import Desktop
import Documents
import Evidence
import FoundationEssentials
import History
import Media

/// Makes attachments ready for the model that is going to get them: scaled to fit into its context, or their text read
/// when it cannot see.
///
/// The same attachment for the same model gives the same bytes, so that the engine's prefix cache keeps hitting.
struct AttachmentPreparer: Sendable {
    let services: Services

    /// Prepares the attachments of a whole conversation, oldest first.
    ///
    /// - Parameter question: What is asked, which decides about the pages of documents.
    /// - Throws: `ReplyFailure`, `MediaFailure` or `DocumentFailure`.
    func prepare(_ attachments: [Attachment], for model: ModelProfile?, question: String) async throws -> [Attachment] {
        let documents = DocumentPreparer(media: services.media, recognizer: services.recognizer)
        if model?.vision == false {
            var prepared = try await read(attachments)
            try await documents.read(&prepared, for: question, model)
            return prepared
        }
        guard let model else { return attachments }
        var prepared = attachments
        try await documents.prepare(&prepared, for: question, model)
        let budget = PixelBudget.forModel(model.id)
        prepared = try prepared.map { try $0.mapPictures { try shrink($0, of: $1, by: 1, budget) } }
        try PictureDetailer(media: services.media, model: model).choose(
            &prepared, for: question, spent: cost(of: prepared, for: model))
        if let limiter = PictureLimiter(media: services.media, limits: model.limits) {
            prepared = try prepared.map { attachment in
                try attachment.mapPictures { picture, _ in try limiter.limited(picture, called: attachment.label) }
            }
        }
        try VideoFormChooser(media: services.media, model: model).choose(&prepared)
        return try fit(prepared, for: model)
    }

    // MARK: - For an engine that cannot see

    private func read(_ attachments: [Attachment]) async throws -> [Attachment] {
        var prepared: [Attachment] = []
        for attachment in attachments { prepared.append(try await read(attachment)) }
        return prepared
    }

    private func read(_ attachment: Attachment) async throws -> Attachment {
        let pictures = attachment.pictures
        if case .document = attachment.content { return attachment }
        guard attachment.recognizedText == nil, !pictures.isEmpty else { return attachment }
        var texts: [String] = []
        // One that grew too old to be kept has no text; the question goes on without it.
        for picture in pictures { texts.append(services.media.keeps(picture) ? try await text(of: picture) : "") }
        var prepared = attachment
        prepared.recognizedText = texts
        return prepared
    }

    // The optimiser of Swift 6.3.1 crashes when this is inlined into the loop that calls it.
    @inline(never)
    private func text(of picture: MediaReference) async throws -> String {
        let frame = try StillDecoder().decode(services.media.bytes(of: picture))
        return try await services.recognizer.text(in: frame)
    }

    // MARK: - For an engine that sees

    /// The pictures may fill this share of the context; words and the answer need the rest.
    static func room(for context: Int) -> Int { Int(Double(context) * 0.6) }

    private func fit(_ attachments: [Attachment], for model: ModelProfile) throws -> [Attachment] {
        guard let context = model.contextLength else { return attachments }
        var attachments = attachments
        let allowed = Self.room(for: context)
        // What was added for an earlier question goes first.
        for index in attachments.indices where cost(of: attachments, for: model) > allowed {
            attachments[index].details?.parts = []
        }
        let total = cost(of: attachments, for: model)
        guard total > allowed else { return attachments }
        let budget = PixelBudget.forModel(model.id)
        // Every picture gives up the same share of its tokens.
        let scale = Double(allowed) / Double(total)
        return try attachments.map { try $0.mapPictures { try shrink($0, of: $1, by: scale, budget) } }
    }

    private func cost(of attachments: [Attachment], for model: ModelProfile) -> Int {
        let budget = PixelBudget.forModel(model.id)
        return attachments.reduce(0) { $0 + cost(of: $1, for: model, budget) }
    }

    private func cost(of attachment: Attachment, for model: ModelProfile, _ budget: PixelBudget) -> Int {
        if case .recording(let recording) = attachment.content, recording.form == .frameList,
            let list = recording.frameList, let first = list.first?.picture
        {
            return PictureTokens(model: model.id).video(width: first.width, height: first.height, frames: list.count)
        }
        let parts = attachment.details?.parts.map(\.picture) ?? []
        return (attachment.pictures + parts).reduce(0) { $0 + budget.tokens(width: $1.width, height: $1.height) }
    }

    /// Makes a picture smaller, from all of its pixels where these are kept: by a share of its tokens, and within what
    /// the model takes of a picture.
    private func shrink(
        _ picture: MediaReference, of origin: PictureOrigin?, by scale: Double, _ budget: PixelBudget
    ) throws -> MediaReference {
        let tokens = budget.tokens(width: picture.width, height: picture.height)
        let size = budget.fit(
            width: picture.width, height: picture.height,
            tokens: scale == 1 ? .max : max(16, Int(Double(tokens) * scale)))
        guard size.width < picture.width || size.height < picture.height, services.media.keeps(picture) else {
            return picture
        }
        let packer = PicturePacker(media: services.media)
        let format: StillFormat = picture.mediaType == "image/jpeg" ? FrameChooser.listFormat : .png
        if let origin, services.media.keeps(origin.picture) {
            let whole = try StillDecoder().decode(services.media.bytes(of: origin.picture))
            return try packer.store(whole.cut(Region(origin.part)), as: format, size: size)
        }
        return try packer.store(try StillDecoder().decode(services.media.bytes(of: picture)), as: format, size: size)
    }
}

extension Attachment {
    /// The attachment with other pictures in the place of its own; a video stays.
    fileprivate func mapPictures(
        _ change: (MediaReference, PictureOrigin?) throws -> MediaReference
    ) rethrows -> Attachment {
        var attachment = self
        switch content {
        case .picture(let picture):
            let changed = try change(picture, origin)
            attachment.content = .picture(changed)
            // Its pixels are kept: there may be more room another time, or a detail be asked for.
            if changed != picture, origin == nil {
                attachment.origin = PictureOrigin(picture: picture, part: PictureArea(allOf: picture))
            }
            if let parts = details?.parts {
                attachment.details?.parts = try parts.map { part in
                    var part = part
                    part.picture = try change(part.picture, nil)
                    return part
                }
            }
        case .recording(var recording):
            for index in recording.frames.indices {
                recording.frames[index].picture = try change(recording.frames[index].picture, nil)
            }
            recording.frameList = try recording.frameList?.map { frame in
                var frame = frame
                frame.picture = try change(frame.picture, nil)
                return frame
            }
            attachment.content = .recording(recording)
        case .document(var document):
            for index in document.pages.indices {
                document.pages[index].picture = try document.pages[index].picture.map { try change($0, nil) }
            }
            attachment.content = .document(document)
        case .text: break
        }
        return attachment
    }
}

extension Conversation {
    /// Puts prepared attachments in the place of those with the same id.
    mutating func replace(_ attachments: [Attachment]) {
        let prepared = Dictionary(attachments.map { ($0.id, $0) }) { $1 }
        for index in messages.indices {
            messages[index].parts = messages[index].parts.map { part in
                guard case .attachment(let old) = part else { return part }
                return .attachment(prepared[old.id] ?? old)
            }
        }
    }
}
