import Foundation

/// How large the files in a ZIP archive are unpacked, as its directory says, without unpacking one.
struct ArchiveSizes: Equatable {
    /// All files together, in bytes.
    private(set) var whole = 0
    /// Those that are text, of which a program that reads the archive makes much more: XML and what goes with it.
    private(set) var markup = 0

    /// A directory of more bytes than this belongs to no document.
    private static let largestDirectory = 16 << 20
    /// The record at the end of an archive, and the longest comment behind it.
    private static let endLength = 22
    private static let longestComment = 0xFFFF

    /// Reads the directory of a file; nil where it has none, or one that is damaged.
    init?(ofFile path: String) {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        func bytes(at offset: UInt64, _ count: Int) -> [UInt8]? {
            guard (try? file.seek(toOffset: offset)) != nil, let data = try? file.read(upToCount: count) else {
                return nil
            }
            return Array(data)
        }
        guard let size = try? file.seekToEnd() else { return nil }
        let tailStart = size - min(size, UInt64(Self.endLength + Self.longestComment))
        guard let tail = bytes(at: tailStart, Self.endLength + Self.longestComment),
            let end = Self.directoryPlace(inTail: tail), end.size <= Self.largestDirectory,
            UInt64(end.offset) + UInt64(end.size) <= size,
            let directory = bytes(at: UInt64(end.offset), end.size), directory.count == end.size
        else { return nil }
        self.init(directory: directory)
    }

    /// Reads a directory; nil where it is damaged.
    init?(directory: [UInt8]) {
        var rest = directory[...]
        while !rest.isEmpty {
            guard rest.count >= 46, Self.number(rest, at: 0, bytes: 4) == 0x0201_4B50 else { return nil }
            let size = Self.number(rest, at: 24, bytes: 4)
            let nameLength = Self.number(rest, at: 28, bytes: 2)
            let length = 46 + nameLength + Self.number(rest, at: 30, bytes: 2) + Self.number(rest, at: 32, bytes: 2)
            guard rest.count >= length else { return nil }
            let name = String(decoding: rest.dropFirst(46).prefix(nameLength), as: UTF8.self).lowercased()
            // Each is below four gigabytes, and there are fewer than a million: the sum cannot overflow.
            whole += size
            if Self.markupEndings.contains(where: name.hasSuffix) { markup += size }
            rest = rest.dropFirst(length)
        }
    }

    private static let markupEndings = [".xml", ".rels", ".vml", ".htm", ".html", ".svg"]

    /// Where the directory is, by the last end record that there is; one that belongs to an archive of 64 bits says that
    /// it is as far away and as large as can be said.
    private static func directoryPlace(inTail tail: [UInt8]) -> (offset: Int, size: Int)? {
        guard tail.count >= endLength else { return nil }
        for start in stride(from: tail.count - endLength, through: 0, by: -1)
        where tail[start] == 0x50 && number(tail[start...], at: 0, bytes: 4) == 0x0605_4B50 {
            return (number(tail[start...], at: 16, bytes: 4), number(tail[start...], at: 12, bytes: 4))
        }
        return nil
    }

    /// A number whose lowest byte comes first.
    private static func number(_ bytes: ArraySlice<UInt8>, at offset: Int, bytes count: Int) -> Int {
        let start = bytes.startIndex + offset
        return bytes[start..<start + count].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
