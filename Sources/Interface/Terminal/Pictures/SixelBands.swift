/// A sixel sequence that can be cut between its bands of six rows, so that a picture is encoded once however it scrolls.
public struct SixelBands: Hashable, Sendable {
    /// The height of a band in pixels.
    static let height = 6

    /// The number of columns.
    let width: Int
    /// What introduces the sequence, up to its size.
    private let introducer: [UInt8]
    /// The colours.
    private let palette: [UInt8]
    private let bands: [[UInt8]]

    var byteCount: Int { palette.count + bands.reduce(0) { $0 + $1.count } }

    /// Takes a sequence apart; `nil` where it does not define its size and all of its colours first.
    init?(_ bytes: [UInt8]) {
        let end = Array("\u{1B}\\".utf8)
        guard bytes.starts(with: Array("\u{1B}P".utf8)), bytes.suffix(2) == end[...],
            let start = bytes.firstIndex(of: UInt8(ascii: "q")), bytes.count > start + 3,
            bytes[start + 1] == UInt8(ascii: "\"")
        else { return nil }
        let body = bytes[(start + 2)..<(bytes.count - 2)]
        let sizeEnd = body.firstIndex { !Self.isParameter($0) } ?? body.endIndex
        let size = body[..<sizeEnd].split(separator: UInt8(ascii: ";")).compactMap {
            Int(String(decoding: $0, as: UTF8.self))
        }
        guard size.count == 4, size[2] > 0 else { return nil }
        // A definition has parameters behind the colour's number, a choice has not.
        var index = sizeEnd
        while index < body.endIndex, body[index] == UInt8(ascii: "#") {
            let next = body[(index + 1)...].firstIndex { !Self.isParameter($0) } ?? body.endIndex
            guard body[index..<next].contains(UInt8(ascii: ";")) else { break }
            index = next
        }
        introducer = Array(bytes[...start])
        palette = Array(body[sizeEnd..<index])
        width = size[2]
        var bands = body[index...].split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false).map {
            Array($0)
        }
        if bands.last?.isEmpty == true { bands.removeLast() }
        self.bands = bands
    }

    /// The sequence of the bands that lie within some rows of pixels; empty where none does.
    func sequence(pixels: Range<Int>) -> [UInt8] {
        let first = (max(0, pixels.lowerBound) + Self.height - 1) / Self.height
        let last = min(bands.count, pixels.upperBound / Self.height)
        guard first < last else { return [] }
        var bytes = introducer + Array("\"1;1;\(width);\((last - first) * Self.height)".utf8) + palette
        for band in bands[first..<last] {
            bytes += band
            bytes.append(UInt8(ascii: "-"))
        }
        return bytes + Array("\u{1B}\\".utf8)
    }

    private static func isParameter(_ byte: UInt8) -> Bool { (0x30...0x3B).contains(byte) }
}
