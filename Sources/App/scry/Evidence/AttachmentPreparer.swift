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
        if let limiter = PictureLimiter(media: services.media, limits: model.limits) {
            prepared = try prepared.map { attachment in
                try attachment.mapPictures { try limiter.limited($0, called: attachment.label) }
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
        let budget = PixelBudget.forModel(model.id)
        let costs = attachments.map { cost(of: $0, for: model, budget) }
        let total = costs.reduce(0, +)
        let allowed = Self.room(for: context)
        guard total > allowed else { return attachments }
        // Every picture gives up the same share of its tokens.
        let scale = Double(allowed) / Double(total)
        return try attachments.map { try $0.mapPictures { try shrink($0, by: scale, budget) } }
    }

    private func cost(of attachment: Attachment, for model: ModelProfile, _ budget: PixelBudget) -> Int {
        if case .recording(let recording) = attachment.content, recording.form == .frameList,
            let list = recording.frameList, let first = list.first?.picture
        {
            return PictureTokens(model: model.id).video(width: first.width, height: first.height, frames: list.count)
        }
        return attachment.pictures.reduce(0) { $0 + budget.tokens(width: $1.width, height: $1.height) }
    }

    private func shrink(_ picture: MediaReference, by scale: Double, _ budget: PixelBudget) throws -> MediaReference {
        let tokens = budget.tokens(width: picture.width, height: picture.height)
        let size = budget.fit(
            width: picture.width, height: picture.height, tokens: max(16, Int(Double(tokens) * scale)))
        guard size.width < picture.width || size.height < picture.height, services.media.keeps(picture) else {
            return picture
        }
        let frame = try StillDecoder().decode(services.media.bytes(of: picture))
        let format: StillFormat = picture.mediaType == "image/jpeg" ? FrameChooser.listFormat : .png
        let smaller = try StillEncoder().encode(frame, as: format, size: size)
        return try services.media.store(
            smaller.bytes, mediaType: smaller.mediaType, width: smaller.width, height: smaller.height)
    }
}

extension Attachment {
    /// The attachment with other pictures in the place of its own; a video stays.
    fileprivate func mapPictures(_ change: (MediaReference) throws -> MediaReference) rethrows -> Attachment {
        var attachment = self
        switch content {
        case .picture(let picture): attachment.content = .picture(try change(picture))
        case .recording(var recording):
            for index in recording.frames.indices {
                recording.frames[index].picture = try change(recording.frames[index].picture)
            }
            recording.frameList = try recording.frameList?.map { frame in
                var frame = frame
                frame.picture = try change(frame.picture)
                return frame
            }
            attachment.content = .recording(recording)
        case .document(var document):
            for index in document.pages.indices {
                document.pages[index].picture = try document.pages[index].picture.map(change)
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
