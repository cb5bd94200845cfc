import Cells

/// Pictures made ready, as many as fit; those that were not drawn for longest are given up first.
struct PictureStore {
    private struct Entry {
        var image: PictureImage
        var lastUse: Int
    }

    /// How many bytes are kept beside what the screen needs.
    static let byteLimit = 32 << 20
    /// How many pictures are kept beside what the screen needs.
    static let countLimit = 128

    private var entries: [PictureCut: Entry] = [:]
    private var byteCount = 0
    private var frame = 0

    /// A picture made ready, which counts as drawn.
    mutating func image(for picture: PictureCut) -> PictureImage? {
        entries[picture]?.lastUse = frame
        return entries[picture]?.image
    }

    mutating func insert(_ image: PictureImage, for picture: PictureCut) {
        byteCount += image.byteCount - (entries[picture]?.image.byteCount ?? 0)
        entries[picture] = Entry(image: image, lastUse: frame)
    }

    /// Begins another screen, and says what was given up.
    mutating func advance() -> [PictureCut] {
        defer { frame += 1 }
        guard byteCount > Self.byteLimit || entries.count > Self.countLimit else { return [] }
        var gone: [PictureCut] = []
        for (picture, entry) in entries.sorted(by: { $0.value.lastUse < $1.value.lastUse }) {
            guard byteCount > Self.byteLimit || entries.count > Self.countLimit, entry.lastUse < frame else { break }
            byteCount -= entry.image.byteCount
            entries[picture] = nil
            gone.append(picture)
        }
        return gone
    }

    mutating func removeAll() {
        entries = [:]
        byteCount = 0
    }
}
