import Cells

/// Collects a bracketed paste up to its end mark, which is the only thing in it that means anything.
struct PasteBuffer: Sendable {
    private static let end: [UInt8] = [0x1B, 0x5B, 0x32, 0x30, 0x31, 0x7E]

    /// More bytes than this are counted and not kept: no engine reads them, and a slip should not cost the memory.
    static let limit = 8 << 20

    private var bytes: [UInt8] = []
    private var count = 0
    private var matched = 0

    /// Takes the bytes before the next escape, which cannot end the paste, and returns how many these are.
    mutating func append(plain new: ArraySlice<UInt8>) -> Int {
        guard matched == 0 else { return 0 }
        let plain = new.prefix { $0 != Self.end[0] }
        count += plain.count
        if count <= Self.limit { bytes += plain } else { bytes = [] }
        return plain.count
    }

    /// Takes a byte; when it was the last one, returns the text, safe and with line feeds at the ends of lines.
    mutating func append(_ byte: UInt8) -> TerminalEvent? {
        count += 1
        if count <= Self.limit { bytes.append(byte) } else { bytes = [] }
        // The mark begins with its only escape, so a mismatch can only restart at one.
        matched = byte == Self.end[matched] ? matched + 1 : (byte == Self.end[0] ? 1 : 0)
        guard matched == Self.end.count else { return nil }
        defer { self = PasteBuffer() }
        guard count <= Self.limit else { return .longPaste(byteCount: count - Self.end.count) }
        bytes.removeLast(Self.end.count)
        return .paste(SafeText.sanitized(String(decoding: bytes, as: UTF8.self)))
    }
}
