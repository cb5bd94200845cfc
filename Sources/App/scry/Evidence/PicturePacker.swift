import Conversation
import Desktop
import Dispatch
import Evidence
import History
import Media
import Synchronization

/// Encodes pictures at the size that a model gets to see, and keeps all of their pixels where that is smaller.
struct PicturePacker: Sendable {
    /// What few programs show: it is kept as something that all of them do.
    private static let rareTypes = ["image/heic", "image/avif"]

    let media: MediaStore

    /// What came of a picture.
    struct Packed: Sendable {
        var picture: MediaReference
        var origin: PictureOrigin?
    }

    /// Stores a picture for a model.
    ///
    /// - Parameter file: The file that the pixels are from, which is kept instead of an encoding of them.
    /// - Throws: `MediaFailure` or `HistoryFailure`.
    func pack(_ frame: Frame, from file: [UInt8]? = nil, for model: ModelProfile?) throws -> Packed {
        let size = PixelBudget.forModel(model?.id ?? "").fit(width: frame.width, height: frame.height)
        let format = StillFormat.fitting(frame)
        guard size != (frame.width, frame.height) else {
            // A photo loses something each time that it is compressed.
            guard let file, let bare = BareJPEG(file) else { return Packed(picture: try store(frame, as: format)) }
            return Packed(
                picture: try media.store(
                    bare.bytes, mediaType: "image/jpeg", width: frame.width, height: frame.height))
        }
        // Both take about as long; who waits for the picture waits for the longer one alone.
        let smaller = Mutex<Result<MediaReference, any Error>?>(nil)
        let group = DispatchGroup()
        DispatchQueue(label: "scry.packing").async(group: group) {
            let result = Result { try store(frame, as: format, size: size) }
            smaller.withLock { $0 = result }
        }
        let original = Result { try store(whole: frame, from: file, as: format) }
        group.wait()
        guard let picture = try smaller.withLock({ $0 })?.get() else {
            throw MediaFailure(.notEncoded, "A picture could not be encoded.")
        }
        let whole = try original.get()
        return Packed(picture: picture, origin: PictureOrigin(picture: whole, part: PictureArea(allOf: whole)))
    }

    /// Stores a part of a picture for a model; the part stays tied to the whole, so that places in it can be told there.
    ///
    /// - Throws: `ReplyFailure`, `MediaFailure` or `HistoryFailure`.
    func pack(_ part: PictureArea, of whole: MediaReference, for model: ModelProfile?) throws -> Packed {
        let frame = try StillDecoder().decode(media.bytes(of: whole)).cut(Region(part))
        let size = PixelBudget.forModel(model?.id ?? "").fit(width: frame.width, height: frame.height)
        return Packed(
            picture: try store(frame, as: .fitting(frame), size: size),
            origin: PictureOrigin(picture: whole, part: part))
    }

    /// Stores all pixels of a frame: the file that they are from, where there is one.
    private func store(whole frame: Frame, from file: [UInt8]?, as format: StillFormat) throws -> MediaReference {
        guard let file, let type = StillDecoder.mediaType(of: file), !Self.rareTypes.contains(type) else {
            return try store(frame, as: format == .png ? .png : .jpeg(quality: 95))
        }
        return try media.store(file, mediaType: type, width: frame.width, height: frame.height)
    }

    /// Encodes a frame, made smaller when a size is given, and stores it.
    ///
    /// - Throws: `MediaFailure` or `HistoryFailure`.
    func store(
        _ frame: Frame, as format: StillFormat, size: (width: Int, height: Int)? = nil
    ) throws -> MediaReference {
        let encoded = try StillEncoder().encode(frame, as: format, size: size)
        return try media.store(
            encoded.bytes, mediaType: encoded.mediaType, width: encoded.width, height: encoded.height)
    }
}

extension Region {
    init(_ area: PictureArea) { self.init(x: area.x, y: area.y, width: area.width, height: area.height) }
}

extension PictureArea {
    init(_ region: Region) { self.init(x: region.x, y: region.y, width: region.width, height: region.height) }
}
