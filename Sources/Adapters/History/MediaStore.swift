public import Conversation
import FoundationEssentials
import Glibc

/// Keeps pictures and recordings in files that are named by the SHA-256 of what is in them.
///
/// The same picture is kept once however often it is sent. Files are written whole or not at all, readable by their owner
/// only, and never changed afterwards. All calls block; they are safe from any thread and beside other programs.
public struct MediaStore: MediaLibrary {
    /// Where the files are.
    public let directory: String

    /// Names a place for media; it is made when something is first stored.
    public init(directory: String) {
        self.directory = directory
    }

    /// Stores bytes.
    ///
    /// - Returns: The reference that finds them again.
    public func store(_ bytes: [UInt8], mediaType: String, width: Int, height: Int) throws(HistoryFailure)
        -> MediaReference
    {
        let media = MediaReference(
            sha256: SHA256.hash(bytes), mediaType: mediaType, byteCount: bytes.count, width: width, height: height)
        let path = try makePlace(for: media)
        if !refresh(path, byteCount: bytes.count) { try PrivateFile.write(bytes, to: path) }
        return media
    }

    /// Moves a finished file in, as a recording that was written with `incomingPath(for:)`.
    ///
    /// The file is read once, to hash it, and not held in memory. Afterwards it is no longer at its old path.
    ///
    /// - Returns: The reference that finds it again.
    public func adopt(file: String, mediaType: String, width: Int, height: Int) throws(HistoryFailure) -> MediaReference
    {
        var hash = SHA256()
        var byteCount = 0
        let failed = PrivateFile.read(file) { piece in
            hash.update(piece)
            byteCount += piece.count
        }
        guard failed == 0 else { throw HistoryFailure(failed, doing: "read", at: file) }
        let media = MediaReference(
            sha256: hash.finish(), mediaType: mediaType, byteCount: byteCount, width: width, height: height)
        let path = try makePlace(for: media)
        if refresh(path, byteCount: byteCount) {
            unlink(file)
        } else {
            try move(file, to: path)
        }
        return media
    }

    /// Makes up a path in the store for a file that is going to be written piece by piece, and adopted or removed.
    ///
    /// What a program that died left there is removed by `History.sweep(now:keepDays:)` after a day.
    public func incomingPath(for mediaType: String) throws(HistoryFailure) -> String {
        let incoming = directory + "/" + Self.incoming
        try PrivateFile.makeDirectory(incoming)
        return "\(incoming)/\(UUID().uuidString.lowercased()).\(Self.fileExtension(of: mediaType))"
    }

    /// The path at which a reference's bytes are, or would be; nil when the reference is not one that the store made.
    public func path(of media: MediaReference) -> String? {
        let hash = media.sha256
        // References come back from rows and files that anybody may have changed: no hash, no path.
        guard hash.utf8.count == 64, hash.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else {
            return nil
        }
        return "\(directory)/\(hash.prefix(2))/\(hash).\(Self.fileExtension(of: media.mediaType))"
    }

    /// Reads the bytes that a reference names.
    ///
    /// - Throws: `ReplyFailure` of kind `.attachmentUnreadable` when they are gone or cut short.
    public func bytes(of media: MediaReference) throws -> [UInt8] {
        guard let path = path(of: media) else {
            throw ReplyFailure(.attachmentUnreadable, "An attachment's name is damaged; attach the file again.")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(max(0, media.byteCount), 1 << 28))
        let failed = PrivateFile.read(path) { bytes.append(contentsOf: $0) }
        guard failed == 0 else {
            let reason = failed == ENOENT ? "it was deleted" : String(cString: strerror(failed))
            throw ReplyFailure(
                .attachmentUnreadable, "An attachment cannot be read from \(path) (\(reason)); attach it again.")
        }
        guard bytes.count == media.byteCount else {
            throw ReplyFailure(
                .attachmentUnreadable,
                "An attachment is damaged: \(path) has \(bytes.count) bytes, not \(media.byteCount); attach it again.")
        }
        return bytes
    }

    /// Whether the file that a reference names is there.
    public func keeps(_ media: MediaReference) -> Bool {
        path(of: media).map { PrivateFile.status($0) != nil } ?? false
    }

    /// How many pictures and recordings are stored, and how many bytes they have with the small pictures of them.
    func size() -> (files: Int, bytes: Int) {
        var size = (files: 0, bytes: 0)
        for folder in PrivateFile.names(in: directory) {
            for name in PrivateFile.names(in: "\(directory)/\(folder)") {
                guard let status = PrivateFile.status("\(directory)/\(folder)/\(name)") else { continue }
                size.files += name.hasSuffix(Self.thumbnailEnding) ? 0 : 1
                size.bytes += status.byteCount
            }
        }
        return size
    }

    // MARK: - Removing

    /// Removes a stored file; one that is gone already is no failure.
    func remove(sha256: String, mediaType: String) {
        let media = MediaReference(sha256: sha256, mediaType: mediaType, byteCount: 0, width: 0, height: 0)
        if let path = path(of: media) { remove(file: path) }
    }

    /// Removes the files whose hash is not wanted, and what was left incoming, if last touched before a time.
    ///
    /// - Returns: What was removed.
    func removeAll(touchedBefore limit: Date, unless isWanted: (_ sha256: String) -> Bool) -> Sweep {
        var removed = Sweep(files: 0, bytes: 0)
        for file in files(touchedBefore: limit, unless: isWanted) where remove(file: file.path) {
            removed = Sweep(files: removed.files + 1, bytes: removed.bytes + file.byteCount)
        }
        return removed
    }

    /// The files whose hash is not wanted, and what was left incoming, if last touched before a time.
    ///
    /// Small pictures are not listed beside their pictures, with which they go.
    func files(touchedBefore limit: Date, unless isWanted: (_ sha256: String) -> Bool) -> [(
        path: String, byteCount: Int
    )] {
        var files: [(path: String, byteCount: Int)] = []
        for folder in PrivateFile.names(in: directory) where folder == Self.incoming || folder.utf8.count == 2 {
            let names = PrivateFile.names(in: "\(directory)/\(folder)")
            let pictures = Set(names.filter { !$0.hasSuffix(Self.thumbnailEnding) }.map { $0.prefix { $0 != "." } })
            for name in names {
                let path = "\(directory)/\(folder)/\(name)"
                let isWhole = folder != Self.incoming && !name.hasSuffix(".tmp")
                let hash = name.prefix { $0 != "." }
                if isWhole, name.hasSuffix(Self.thumbnailEnding) ? pictures.contains(hash) : isWanted(String(hash)) {
                    continue
                }
                guard let status = PrivateFile.status(path), status.modified < limit.timeIntervalSince1970 else {
                    continue
                }
                files.append((path, status.byteCount))
            }
        }
        return files
    }

    // MARK: - Private

    private static let incoming = "incoming"

    private static func fileExtension(of mediaType: String) -> String {
        switch mediaType {
        case "image/png": "png"
        case "image/jpeg": "jpg"
        case "image/webp": "webp"
        case "image/gif": "gif"
        case "video/x-matroska", "video/matroska": "mkv"
        case "video/webm": "webm"
        case "video/mp4": "mp4"
        case "application/pdf": "pdf"
        default: "bin"
        }
    }

    private func makePlace(for media: MediaReference) throws(HistoryFailure) -> String {
        guard let path = path(of: media) else { preconditionFailure("no path for the hash \(media.sha256)") }
        try PrivateFile.makeDirectory(PrivateFile.directory(of: path))
        return path
    }

    /// Tells whether the file is there already, and says so to a sweep that runs now.
    private func refresh(_ path: String, byteCount: Int) -> Bool {
        guard PrivateFile.status(path)?.byteCount == byteCount else { return false }
        return utimensat(AT_FDCWD, path, nil, 0) == 0
    }

    private func move(_ file: String, to path: String) throws(HistoryFailure) {
        let descriptor = open(file, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw HistoryFailure(errno, doing: "read", at: file) }
        defer { close(descriptor) }
        guard fchmod(descriptor, 0o600) == 0, fsync(descriptor) == 0 else {
            throw HistoryFailure(errno, doing: "write", at: file)
        }
        if rename(file, path) == 0 { return }
        guard errno == EXDEV else { throw HistoryFailure(errno, doing: "write", at: path) }
        // From another file system it has to be copied; then it is no recording of ours, but a file of bearable size.
        var bytes: [UInt8] = []
        let failed = PrivateFile.read(file) { bytes.append(contentsOf: $0) }
        guard failed == 0 else { throw HistoryFailure(failed, doing: "read", at: file) }
        try PrivateFile.write(bytes, to: path)
        unlink(file)
    }
}
