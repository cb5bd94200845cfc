/// The first picture of an animated WebP file, which libav's decoder passes over.
enum WebPAnimation {
    /// A file of that picture alone; nil for a file that is no animation.
    static func first(of file: [UInt8]) -> [UInt8]? {
        guard file.starts(with: "RIFF".utf8), file.dropFirst(8).starts(with: "WEBPVP8X".utf8), file.count > 30,
            file[20] & 2 != 0
        else { return nil }
        var chunk = chunk(of: file[12...])
        while let (name, content, rest) = chunk {
            // Place, size, time and flags come before the picture's own chunks.
            if name == "ANMF", content.count > 16 { return still(content.dropFirst(16), size: content.dropFirst(6)) }
            chunk = self.chunk(of: rest)
        }
        return nil
    }

    private static func still(_ chunks: ArraySlice<UInt8>, size: ArraySlice<UInt8>) -> [UInt8] {
        let hasAlpha = chunks.starts(with: "ALPH".utf8)
        let head: [UInt8] = Array("VP8X".utf8) + [10, 0, 0, 0, hasAlpha ? 0x10 : 0, 0, 0, 0] + size.prefix(6)
        let body = Array("WEBP".utf8) + (hasAlpha ? head : []) + chunks
        let count = (0..<4).map { UInt8(truncatingIfNeeded: body.count >> ($0 * 8)) }
        return Array("RIFF".utf8) + count + body
    }

    private static func chunk(
        of bytes: ArraySlice<UInt8>
    ) -> (name: String, content: ArraySlice<UInt8>, rest: ArraySlice<UInt8>)? {
        guard bytes.count >= 8 else { return nil }
        let name = String(decoding: bytes.prefix(4), as: UTF8.self)
        let count = bytes.dropFirst(4).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        let content = bytes.dropFirst(8)
        guard count <= content.count else { return nil }
        return (name, content.prefix(count), content.dropFirst(count + count % 2))
    }
}
