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
    /// - Throws: `ReplyFailure`, `MediaFailure` or `DocumentFailure`.
    func prepare(_ attachments: [Attachment], for model: ModelProfile?) async throws -> [Attachment] {
        if model?.vision == false { return try await read(attachments) }
        let allowed = try model.map { try obey($0.limits, attachments) } ?? attachments
        return try fit(allowed, for: model)
    }

    // MARK: - For an engine with limits

    /// Makes every picture that is larger than an engine takes as much smaller as it has to be.
    private func obey(_ limits: MediaLimits, _ attachments: [Attachment]) throws -> [Attachment] {
        var attachments = attachments
        if limits.pictureSide != nil || limits.pictureBytes != nil {
            attachments = try attachments.map { try $0.mapPictures { try obey(limits, $0) } }
        }
        // The newest recordings go as videos, as many as may; the others as pictures with their times.
        var left = limits.videos ?? .max
        for index in attachments.indices.reversed() {
            guard case .recording(var recording) = attachments[index].content, let video = recording.video else {
                continue
            }
            if left > 0, video.byteCount <= limits.videoBytes ?? .max {
                left -= 1
            } else if !recording.frames.isEmpty {
                recording.video = nil
                attachments[index].content = .recording(recording)
            }
        }
        return attachments
    }

    private func obey(_ limits: MediaLimits, _ picture: MediaReference) throws -> MediaReference {
        let side = limits.pictureSide ?? .max
        let most = limits.pictureBytes ?? .max
        let longest = max(picture.width, picture.height)
        guard longest > side || picture.byteCount > most, services.media.keeps(picture) else { return picture }
        let frame = try StillDecoder().decode(services.media.bytes(of: picture))
        var scale = min(1, Double(side) / Double(max(1, longest)))
        // Text stays sharper as PNG; what is too large as that, photographs above all, goes as JPEG, then smaller.
        var format = StillFormat.png
        while true {
            let size = (max(1, Int(Double(frame.width) * scale)), max(1, Int(Double(frame.height) * scale)))
            let encoded = try StillEncoder().encode(frame, as: format, size: size)
            guard encoded.bytes.count > most, max(size.0, size.1) > 64 else { return try store(encoded) }
            if case .png = format { format = .jpeg(quality: 88) } else { scale *= 0.75 }
        }
    }

    private func store(_ picture: EncodedPicture) throws -> MediaReference {
        try services.media.store(
            picture.bytes, mediaType: picture.mediaType, width: picture.width, height: picture.height)
    }

    // MARK: - For an engine that cannot see

    private func read(_ attachments: [Attachment]) async throws -> [Attachment] {
        var prepared: [Attachment] = []
        for attachment in attachments { prepared.append(try await read(attachment)) }
        return prepared
    }

    private func read(_ attachment: Attachment) async throws -> Attachment {
        let pictures = attachment.pictures
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
    private static let share = 0.6

    private func fit(_ attachments: [Attachment], for model: ModelProfile?) throws -> [Attachment] {
        guard let context = model?.contextLength else { return attachments }
        let budget = PixelBudget.forModel(model?.id ?? "")
        let costs = attachments.map { attachment in
            attachment.pictures.reduce(0) { $0 + budget.tokens(width: $1.width, height: $1.height) }
        }
        let total = costs.reduce(0, +)
        let allowed = Int(Double(context) * Self.share)
        guard total > allowed else { return attachments }
        // Every picture gives up the same share of its tokens.
        let scale = Double(allowed) / Double(total)
        return try attachments.map { try $0.mapPictures { try shrink($0, by: scale, budget) } }
    }

    private func shrink(_ picture: MediaReference, by scale: Double, _ budget: PixelBudget) throws -> MediaReference {
        let tokens = budget.tokens(width: picture.width, height: picture.height)
        let size = budget.fit(
            width: picture.width, height: picture.height, tokens: max(16, Int(Double(tokens) * scale)))
        guard size.width < picture.width || size.height < picture.height, services.media.keeps(picture) else {
            return picture
        }
        let frame = try StillDecoder().decode(services.media.bytes(of: picture))
        let format: StillFormat = picture.mediaType == "image/jpeg" ? .jpeg(quality: 88) : .png
        return try store(try StillEncoder().encode(frame, as: format, size: size))
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
            attachment.content = .recording(recording)
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
