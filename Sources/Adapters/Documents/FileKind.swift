/// What a file is, judged by its bytes: names lie.
public enum FileKind: Sendable, Equatable {
    /// A still picture of a media type that engines take.
    case picture(mediaType: String)
    /// A video of a media type.
    case video(mediaType: String)
    /// A text in an encoding.
    case text(TextEncoding)
    /// A web page.
    case webPage
    /// A PDF document.
    case pdf
    /// An office document, by the ending that its kind has: "docx", "odt", "xls".
    case office(ending: String)
    /// Something else; its name where it is a common thing, as "a gzip archive".
    case other(String?)

    /// How many bytes from the beginning are enough to judge.
    public static let headLength = 4096

    /// Judges a file.
    ///
    /// - Parameters:
    ///   - head: The beginning of the file, `headLength` bytes of it if there are as many.
    ///   - isWhole: Whether that is all of the file; otherwise a character may be cut at the end.
    public init(head: some Collection<UInt8>, isWhole: Bool) {
        let head = Array(head.prefix(Self.headLength))
        if let known = Self.signed(head) {
            self = known
        } else if Self.beginsWebPage(head) {
            self = .webPage
        } else if let encoding = TextEncoding(of: head, isWhole: isWhole) {
            self = .text(encoding)
        } else {
            self = .other(nil)
        }
    }

    /// Whether a text begins as web pages do, in any encoding but UTF-16: that is up to the page to say.
    private static func beginsWebPage(_ head: [UInt8]) -> Bool {
        if head.contains(0) { return false }
        var rest = head.starts(with: [0xEF, 0xBB, 0xBF]) ? head.dropFirst(3) : head[...]
        func skip(to end: String) -> Bool {
            guard let range = rest.firstRange(of: Array(end.utf8)) else { return false }
            rest = rest[range.upperBound...]
            return true
        }
        while true {
            rest = rest.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
            if rest.starts(with: "<!--".utf8) {
                guard skip(to: "-->") else { return false }
            } else if rest.starts(with: "<?xml".utf8) {
                guard skip(to: "?>") else { return false }
            } else {
                break
            }
        }
        let start = String(decoding: rest.prefix(15), as: UTF8.self).lowercased()
        return start.hasPrefix("<!doctype html") || start.hasPrefix("<html")
    }

    private static func signed(_ head: [UInt8]) -> FileKind? {
        func has(_ bytes: [UInt8], at offset: Int = 0) -> Bool { head.dropFirst(offset).starts(with: bytes) }
        func has(_ letters: String, at offset: Int = 0) -> Bool { has(Array(letters.utf8), at: offset) }

        if has([0x89] + "PNG\r\n\u{1A}\n".utf8) { return .picture(mediaType: "image/png") }
        if has([0xFF, 0xD8, 0xFF]) { return .picture(mediaType: "image/jpeg") }
        if has("GIF87a") || has("GIF89a") { return .picture(mediaType: "image/gif") }
        if has("RIFF"), has("WEBP", at: 8) { return .picture(mediaType: "image/webp") }
        // "BM" alone could begin a text; the reserved bytes of the header are zero, which no text is.
        if has("BM"), has([0, 0, 0, 0], at: 6) { return .picture(mediaType: "image/bmp") }

        if has("RIFF"), has("AVI ", at: 8) { return .video(mediaType: "video/x-msvideo") }
        if has([0x1A, 0x45, 0xDF, 0xA3]) {
            let isWebM = head.firstRange(of: Array("webm".utf8)) != nil
            return .video(mediaType: isWebM ? "video/webm" : "video/x-matroska")
        }
        if has("ftyp", at: 4) { return isoMedia(brand: String(decoding: head.dropFirst(8).prefix(4), as: UTF8.self)) }
        if has("moov", at: 4) || has("mdat", at: 4) || has("wide", at: 4) {
            return .video(mediaType: "video/quicktime")
        }
        if has([0, 0, 1, 0xBA]) || has([0, 0, 1, 0xB3]) { return .video(mediaType: "video/mpeg") }
        if has("FLV\u{1}") { return .video(mediaType: "video/x-flv") }

        if has("%PDF-") { return .pdf }
        if has("PK\u{3}\u{4}") { return zipped(head) }
        if has("{\\rtf") { return .office(ending: "rtf") }
        // What all of Microsoft's older programs wrote; LibreOffice finds out itself which of them it was.
        if has([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) { return .office(ending: "doc") }
        if has([0x1F, 0x8B]) { return .other("a gzip archive") }
        if has([0x7F] + "ELF".utf8) { return .other("a program") }
        if has("II*\0") || has("MM\0*") { return .other("a TIFF picture") }
        if has("OggS") || has("ID3") || has("fLaC") || (has("RIFF") && has("WAVE", at: 8)) { return .other("a sound") }
        return nil
    }

    /// An office document by the first names in its archive.
    private static func zipped(_ head: [UInt8]) -> FileKind {
        func names(_ name: String) -> Bool { head.firstRange(of: Array(name.utf8)) != nil }
        for (type, ending) in [("text", "odt"), ("spreadsheet", "ods"), ("presentation", "odp"), ("graphics", "odg")]
        where names("application/vnd.oasis.opendocument.\(type)") {
            return .office(ending: ending)
        }
        for (folder, ending) in [("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx")] where names(folder) {
            return .office(ending: ending)
        }
        // Microsoft's documents that begin otherwise; LibreOffice finds out itself which of them it is.
        if names("[Content_Types].xml") || names("_rels/.rels") { return .office(ending: "docx") }
        return .other("a ZIP archive")
    }

    private static func isoMedia(brand: String) -> FileKind {
        switch brand {
        case "heic", "heix", "heim", "heis", "mif1", "msf1": .picture(mediaType: "image/heic")
        case "avif", "avis": .picture(mediaType: "image/avif")
        case "M4A ", "M4B ": .other("a sound")
        case "qt  ": .video(mediaType: "video/quicktime")
        default: .video(mediaType: "video/mp4")
        }
    }
}
