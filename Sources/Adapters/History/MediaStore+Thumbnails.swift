public import Conversation
import Glibc

/// Small pictures of the stored ones, for lists: each lies beside its picture, and goes with it.
extension MediaStore {
    /// The path at which the small picture of a stored one is, or would be; nil when the reference is not the store's.
    public func thumbnailPath(of media: MediaReference) -> String? {
        path(of: media).map { PrivateFile.directory(of: $0) + "/" + media.sha256 + Self.thumbnailEnding }
    }

    /// Keeps a small picture of a stored one, in place of the one that is there; nothing is kept of a picture that is gone.
    ///
    /// - Parameter bytes: A JPEG of a few kilobytes.
    public func storeThumbnail(_ bytes: [UInt8], of media: MediaReference) throws(HistoryFailure) {
        guard keeps(media), let path = thumbnailPath(of: media) else { return }
        try PrivateFile.write(bytes, to: path)
        // It was deleted meanwhile: what shows it in small must not stay.
        if !keeps(media) { unlink(path) }
    }

    /// Whether there is a small picture of a stored one.
    public func hasThumbnail(of media: MediaReference) -> Bool {
        thumbnailPath(of: media).map { PrivateFile.status($0) != nil } ?? false
    }

    /// Reads the small picture of a stored one; nil where none is kept.
    public func thumbnail(of media: MediaReference) -> [UInt8]? {
        guard let path = thumbnailPath(of: media) else { return nil }
        var bytes: [UInt8] = []
        return PrivateFile.read(path) { bytes.append(contentsOf: $0) } == 0 ? bytes : nil
    }

    // MARK: - For the other files of History

    /// How the names of small pictures end; no picture's name ends so.
    static let thumbnailEnding = ".thumbnail.jpg"

    /// Removes a file and the small picture of it.
    ///
    /// - Returns: Whether the file was there.
    @discardableResult
    func remove(file: String) -> Bool {
        let wasThere = unlink(file) == 0
        let name = file.split(separator: "/").last ?? ""
        if !file.hasSuffix(Self.thumbnailEnding), let hash = name.split(separator: ".").first {
            unlink(PrivateFile.directory(of: file) + "/" + hash + Self.thumbnailEnding)
        }
        return wasThere
    }
}
