import Cells

/// Collects a bracketed paste up to its end mark, which is the only thing in it that means anything.
struct PasteBuffer: Sendable {
    private static let end: [UInt8] = [0x1B, 0x5B, 0x32, 0x30, 0x31, 0x7E]

    private var bytes: [UInt8] = []
    private var matched = 0

    /// Takes a byte and returns the text when it was the last one: safe, with line feeds at the ends of lines.
    mutating func append(_ byte: UInt8) -> String? {
        bytes.append(byte)
        // The mark begins with its only escape, so a mismatch can only restart at one.
        matched = byte == Self.end[matched] ? matched + 1 : (byte == Self.end[0] ? 1 : 0)
        guard matched == Self.end.count else { return nil }
        bytes.removeLast(Self.end.count)
        defer { self = PasteBuffer() }
        return SafeText.sanitized(String(decoding: bytes, as: UTF8.self))
    }
}
