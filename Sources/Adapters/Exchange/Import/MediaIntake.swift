public import Conversation

/// Takes the pictures and recordings of an import.
public protocol MediaIntake {
    /// Stores bytes that a chat of Scry's named so.
    ///
    /// - Returns: The reference of what was stored, which names the bytes and not what the file said of them.
    func store(_ bytes: [UInt8], as reference: MediaReference) throws -> MediaReference

    /// Stores a picture from elsewhere.
    ///
    /// - Throws: When it is none that can be decoded.
    func store(picture bytes: [UInt8]) throws -> MediaReference
}
