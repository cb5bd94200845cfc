public import Conversation
import FoundationEssentials
import GRDB

extension History {
    /// Keeps a small picture of a stored one, in place of the one that is there; it goes with the picture.
    ///
    /// - Parameters:
    ///   - bytes: An encoded picture, as a JPEG of a few kilobytes.
    ///   - mediaType: What the bytes are, as "image/jpeg".
    public func storeThumbnail(_ bytes: [UInt8], mediaType: String, for media: MediaReference)
        async throws(HistoryFailure)
    {
        try await write { db in
            try db.execute(
                sql: "INSERT OR REPLACE INTO thumbnail (sha256, mediaType, bytes) VALUES (?, ?, ?)",
                arguments: [media.sha256, mediaType, Data(bytes)])
        }
    }

    /// Reads the small picture of a stored one; nil where none was kept.
    public func thumbnail(for media: MediaReference) async throws(HistoryFailure) -> Thumbnail? {
        try await read { db in
            try Row.fetchOne(
                db, sql: "SELECT mediaType, bytes FROM thumbnail WHERE sha256 = ?", arguments: [media.sha256]
            ).map { Thumbnail(mediaType: $0[0], bytes: Array($0[1] as Data)) }
        }
    }
}

/// A small picture of a stored one.
public struct Thumbnail: Sendable, Equatable {
    /// What the bytes are, as "image/jpeg".
    public var mediaType: String
    /// The encoded picture.
    public var bytes: [UInt8]
}
