import CLibAV
public import Desktop

/// Reads PNG, JPEG, WebP, GIF, BMP, HEIC and AVIF files, whoever wrote them.
///
/// Of an animation the first picture is read. A photo comes out upright, as its camera noted, and what was made for very
/// bright screens as usual ones show it.
public struct StillDecoder: Sendable {
    /// Makes a decoder.
    public init() {}

    /// The media type that a file's first bytes tell, as "image/png"; nil for what is not read here.
    public static func mediaType(of bytes: some Collection<UInt8>) -> String? { kind(of: bytes)?.mediaType }

    /// Decodes a file into pixels: `.bgra` when any of it can be transparent, else `.bgrx`.
    ///
    /// - Throws: `MediaFailure` when the bytes are no such picture, damaged, or more than 100 million pixels.
    public func decode(_ bytes: [UInt8]) throws(MediaFailure) -> Frame {
        try LibAV.prepare()
        guard let kind = Self.kind(of: bytes) else {
            throw MediaFailure(
                .unreadable, "This is no picture that can be read. Give a PNG, JPEG, WebP, GIF, BMP, HEIC or AVIF file."
            )
        }
        guard bytes.count <= 256 << 20 else {
            throw MediaFailure(.tooLarge, "This picture's file is larger than 256 MB. Make it smaller and try again.")
        }
        guard let codecName = kind.codec else { return try HEIFDecoder(bytes, kind: kind.name).frame() }
        guard let codec = avcodec_find_decoder(codecName) else {
            throw MediaFailure(.unreadable, "This system's libavcodec does not read \(kind.name) pictures.")
        }
        let decoder = try Decoder(codec, parameters: nil)
        let decoded: Picture
        do {
            decoded = try decoder.decodeOnly(WebPAnimation.first(of: bytes) ?? bytes)
        } catch {
            throw MediaFailure(error.kind, "This \(kind.name) picture cannot be read: \(error.message)")
        }
        if let light = PNGLight(of: bytes) {
            decoded.frame.pointee.color_trc = light.transfer
            decoded.frame.pointee.color_primaries = light.primaries
        }
        let orientation = ExifOrientation(of: bytes)
        return try FrameReader().frame(from: decoded.frame, time: 0)
            .turned(orientation.quarterTurns, isMirrored: orientation.isMirrored)
    }

    private struct FileKind {
        var name: String
        var mediaType: String
        /// Nil for files that libav does not take whole.
        var codec: AVCodecID?
    }

    private static func kind(of bytes: some Collection<UInt8>) -> FileKind? {
        let head = Array(bytes.prefix(12))
        func has(_ text: [UInt8], at offset: Int = 0) -> Bool { head.dropFirst(offset).starts(with: text) }
        if has([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) {
            return FileKind(name: "PNG", mediaType: "image/png", codec: AV_CODEC_ID_PNG)
        }
        if has([0xff, 0xd8, 0xff]) {
            return FileKind(name: "JPEG", mediaType: "image/jpeg", codec: AV_CODEC_ID_MJPEG)
        }
        if has(Array("RIFF".utf8)), has(Array("WEBP".utf8), at: 8) {
            return FileKind(name: "WebP", mediaType: "image/webp", codec: AV_CODEC_ID_WEBP)
        }
        if has(Array("GIF87a".utf8)) || has(Array("GIF89a".utf8)) {
            return FileKind(name: "GIF", mediaType: "image/gif", codec: AV_CODEC_ID_GIF)
        }
        if has(Array("BM".utf8)) {
            return FileKind(name: "BMP", mediaType: "image/bmp", codec: AV_CODEC_ID_BMP)
        }
        if let type = HEIFFile.mediaType(ofHead: head) {
            return FileKind(name: type == "image/avif" ? "AVIF" : "HEIC", mediaType: type, codec: nil)
        }
        return nil
    }
}
