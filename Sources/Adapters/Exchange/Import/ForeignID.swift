import FoundationEssentials

/// Names of imported chats: the same chat always gets the same one, so that it is not imported twice.
enum ForeignID {
    /// The id of the export where it is a UUID, else one made of it, or of what else tells the chat from others.
    static func conversation(_ id: String?, else text: String) -> String {
        if let id, let uuid = UUID(uuidString: id) { return uuid.uuidString.lowercased() }
        return made(of: id ?? text)
    }

    /// A UUID of version 8 that depends on a text alone.
    static func made(of text: String) -> String {
        // FNV-1a twice: it names, and protects nothing.
        func hash(_ seed: UInt64) -> UInt64 {
            var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ seed
            for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            return hash
        }
        let (high, low) = (hash(0), hash(0x9e37_79b9_7f4a_7c15))
        var bytes = withUnsafeBytes(of: high.bigEndian, Array.init) + withUnsafeBytes(of: low.bigEndian, Array.init)
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        var name = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { name.append("-") }
            name.append(digit)
        }
        return name
    }
}
