import Conversation
import Evidence
import History
import Media

/// Chooses for recordings the form in which a model gets to see most of them, within what its engine takes.
struct VideoFormChooser {
    let media: MediaStore
    let model: ModelProfile

    /// Chooses for the recordings of a conversation, oldest first: the newest go as videos, as many as may.
    ///
    /// - Throws: `MediaFailure` or `HistoryFailure`.
    func choose(_ attachments: inout [Attachment]) throws {
        var left = model.limits.videos ?? .max
        for index in attachments.indices.reversed() {
            guard case .recording(var recording) = attachments[index].content else { continue }
            try choose(for: &recording, mayBeVideo: left > 0)
            if recording.form == .frameList || recording.form == nil && recording.video != nil { left -= 1 }
            attachments[index].content = .recording(recording)
        }
    }

    private func choose(for recording: inout Recording, mayBeVideo: Bool) throws {
        let fits = (recording.video?.byteCount ?? 0) <= model.limits.videoBytes ?? .max
        // A video without chosen frames has no other form.
        let isVideo = recording.video != nil && (mayBeVideo && fits || recording.frames.isEmpty)
        let takesLists = mayBeVideo && model.frameLists?.isTaken == true
        let form = VideoForm.choose(
            hasLegibleVideo: isVideo && model.video != false,
            frameList: takesLists ? sight(recording.frameList ?? recording.frames, most: mostOfList, share: 2) : nil,
            pictures: sight(recording.frames, most: model.limits.pictures ?? .max, share: 1))
        switch form {
        case .video: recording.form = nil
        case .frameList:
            recording.form = .frameList
            if recording.frameList == nil { recording.frameList = try list(of: recording.frames) }
        case .pictures:
            recording.form = .pictures
            if let most = model.limits.pictures { recording.frames = Self.thinned(recording.frames, to: most) }
        }
    }

    private var mostOfList: Int { FrameListAbility.mostFrames }

    // MARK: - Comparing

    /// What is seen of frames that share the model's room for pictures.
    ///
    /// - Parameter share: How many frames cost what one picture does.
    private func sight(_ frames: [TimedPicture], most: Int, share: Int) -> VideoForm.Sight {
        let count = min(frames.count, most)
        guard count > 0, let picture = frames.first?.picture else { return VideoForm.Sight(frames: 0, side: 0) }
        let room = model.contextLength.map { AttachmentPreparer.room(for: $0) * share / count } ?? .max
        let size = PixelBudget.forModel(model.id).fit(width: picture.width, height: picture.height, tokens: room)
        return VideoForm.Sight(frames: count, side: max(size.width, size.height))
    }

    /// So many of the frames: the first, the last, and others at even distances between them.
    static func thinned(_ frames: [TimedPicture], to most: Int) -> [TimedPicture] {
        guard frames.count > max(1, most) else { return frames }
        guard most > 1 else { return Array(frames.suffix(1)) }
        return (0..<most).map { frames[$0 * (frames.count - 1) / (most - 1)] }
    }

    // MARK: - Making a list

    /// The frames as JPEG of one size, as those of a video have to be.
    private func list(of frames: [TimedPicture]) throws -> [TimedPicture] {
        let kept = Self.thinned(frames.filter { media.keeps($0.picture) }, to: mostOfList)
        let width = kept.map(\.picture.width).min() ?? 0
        let height = kept.map(\.picture.height).min() ?? 0
        return try kept.map { frame in
            let picture = try StillEncoder().encode(
                StillDecoder().decode(media.bytes(of: frame.picture)), as: FrameChooser.listFormat,
                size: (width, height))
            return TimedPicture(
                time: frame.time, why: frame.why,
                picture: try media.store(
                    picture.bytes, mediaType: picture.mediaType, width: picture.width, height: picture.height),
                windowTitle: frame.windowTitle)
        }
    }
}
