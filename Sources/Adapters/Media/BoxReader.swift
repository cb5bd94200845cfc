/// Reads numbers and boxes of files of MPEG's family, most significant byte first; nil where the bytes end.
struct BoxReader {
    /// A box, as its four letters, and what is in it.
    typealias Box = (type: String, content: BoxReader)

    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// Reads a number of up to eight bytes; nil as well where it is too large for one that counts.
    mutating func number(_ count: Int) -> Int? {
        guard let bytes = bytes(count) else { return nil }
        let value = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int(exactly: value)
    }

    mutating func bytes(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    mutating func letters() -> String? { bytes(4).map { String(decoding: $0, as: UTF8.self) } }

    /// Reads a box; the last one may say that it reaches to the end.
    mutating func box() -> Box? {
        var head = self
        guard let size = head.number(4), let type = head.letters() else { return nil }
        var (headSize, whole) = (8, size)
        if size == 1 {
            guard let large = head.number(8) else { return nil }
            (headSize, whole) = (16, large)
        } else if size == 0 {
            whole = rest.count
        }
        guard whole >= headSize, let bytes = bytes(whole) else { return nil }
        return (type, BoxReader(bytes.dropFirst(headSize)))
    }

    /// The boxes from here on; one that is cut off ends them.
    func boxes() -> [Box] {
        var reader = self
        var boxes: [Box] = []
        while boxes.count < 10_000, let box = reader.box() { boxes.append(box) }
        return boxes
    }
}
