import Foundation
import Glibc

/// Something read from a file, ready to be attached.
public enum AttachedFile: Sendable, Equatable {
    /// A still picture: its bytes as they are, and their media type.
    case picture(bytes: [UInt8], mediaType: String)
    /// A video, which is too large to hold in memory: where it is.
    case video(path: String, mediaType: String)
    /// A PDF, which is read page by page: where it is.
    case pdf(path: String)
    /// An office document, which becomes a PDF first: where it is, and the ending that its kind has.
    case office(path: String, ending: String)
    /// A web page, and what to call it.
    case webPage(name: String, bytes: [UInt8])
    /// A text, and what to call it.
    case text(name: String, text: String)
}

/// Reads files that people attach, whatever they are called.
public struct AttachmentReader: Sendable {
    /// The longest text that is taken, in bytes; a longer one is cut, and says so.
    public var longestText: Int
    /// How much of a web page is read, in bytes: much of what it has is no text.
    static let longestPage = 16 << 20
    /// The largest picture that is taken, in bytes.
    public var largestPicture: Int

    /// Makes a reader with limits in bytes.
    public init(longestText: Int = 1 << 20, largestPicture: Int = 64 << 20) {
        self.longestText = longestText
        self.largestPicture = largestPicture
    }

    /// Reads a file; blocks the thread for as long as the disk takes.
    public func read(path: String) throws(DocumentFailure) -> AttachedFile {
        var facts = stat()
        guard stat(path, &facts) == 0 else { throw unreadable(path) }
        switch facts.st_mode & S_IFMT {
        case S_IFDIR: throw DocumentFailure(.unsupported, "\(path) is a directory; attach the files in it instead.")
        case S_IFREG, S_IFIFO: break
        // Reading a terminal or a device could last for ever.
        default: throw DocumentFailure(.unsupported, "\(path) is a device, not a file.")
        }
        guard let file = FileHandle(forReadingAtPath: path) else { throw unreadable(path) }
        defer { try? file.close() }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        if facts.st_mode & S_IFMT == S_IFIFO {
            return try read(bytes: continued([], file, path, upTo: largestPicture + 1), name: name)
        }
        var bytes = try continued([], file, path, upTo: FileKind.headLength)
        switch FileKind(head: bytes, isWhole: bytes.count < FileKind.headLength) {
        case .video(let mediaType): return .video(path: path, mediaType: mediaType)
        case .pdf: return .pdf(path: path)
        case .office(let ending): return .office(path: path, ending: ending)
        case .picture: bytes = try continued(bytes, file, path, upTo: largestPicture + 1)
        case .text: bytes = try continued(bytes, file, path, upTo: longestText + 1)
        case .webPage: bytes = try continued(bytes, file, path, upTo: Self.longestPage)
        case .other: break
        }
        return try read(bytes: bytes, name: name, size: Int(facts.st_size))
    }

    /// Reads what came through a pipe or off the clipboard.
    ///
    /// - Parameter size: How large the whole is, where `bytes` are only its beginning.
    public func read(bytes: [UInt8], name: String, size: Int? = nil) throws(DocumentFailure) -> AttachedFile {
        let size = max(size ?? 0, bytes.count)
        guard size > 0 else { throw DocumentFailure(.unsupported, "\(name) is empty: there is nothing to attach.") }
        switch FileKind(head: bytes, isWhole: bytes.count <= FileKind.headLength && size == bytes.count) {
        case .picture(let mediaType):
            guard size <= largestPicture else { throw tooLarge(name) }
            return .picture(bytes: bytes, mediaType: mediaType)
        case .video:
            throw DocumentFailure(.unsupported, "\(name) is a video; save it as a file and attach the file.")
        case .pdf, .office:
            throw DocumentFailure(.unsupported, "\(name) is a document; save it as a file and attach the file.")
        case .webPage: return .webPage(name: name, bytes: Array(bytes.prefix(Self.longestPage)))
        case .text(let guess):
            return .text(name: name, text: text(bytes, guess, size: size))
        case .other(let what):
            let kind = what ?? "neither a picture, a video nor a text"
            throw DocumentFailure(
                .unsupported,
                "\(name) is \(kind), which Scry cannot attach; attach PNG, JPEG, GIF, WebP, BMP, a video, a PDF, "
                    + "an office document or a text.")
        }
    }

    /// A text that was made of a file, cut where it is too long.
    public func cut(_ text: String) -> String { self.text(Array(text.utf8), .utf8, size: text.utf8.count) }

    /// The source of a web page, where nothing can show it as it looks.
    public func source(ofWebPage bytes: [UInt8]) -> String {
        text(bytes, TextEncoding(of: bytes, isWhole: true) ?? .utf8, size: bytes.count)
    }

    private func text(_ bytes: [UInt8], _ guess: TextEncoding, size: Int) -> String {
        let isCut = size > longestText
        let kept = bytes.prefix(longestText)
        // The beginning may have been plain ASCII, and the rest need not be UTF-8.
        let encoding = guess == .utf8 ? TextEncoding(of: Array(kept), isWhole: !isCut) ?? .utf8 : guess
        var text = encoding.text(of: kept)
        guard isCut else { return text }
        // The cut may have gone through the middle of a character.
        while text.unicodeScalars.last == "\u{FFFD}" { text.unicodeScalars.removeLast() }
        return text + "\n[cut here: the first \(longestText) of \(size) bytes]\n"
    }

    private func continued(_ start: [UInt8], _ file: FileHandle, _ path: String, upTo limit: Int)
        throws(DocumentFailure) -> [UInt8]
    {
        var bytes = start
        while bytes.count < limit {
            let block: Data?
            do { block = try file.read(upToCount: min(1 << 20, limit - bytes.count)) } catch { throw unreadable(path) }
            guard let block, !block.isEmpty else { break }
            bytes += block
        }
        return bytes
    }

    private func unreadable(_ path: String) -> DocumentFailure {
        DocumentFailure(.unreadable, "\(path) cannot be read: \(String(cString: strerror(errno))).")
    }

    private func tooLarge(_ name: String) -> DocumentFailure {
        DocumentFailure(.unsupported, "\(name) is larger than \(largestPicture >> 20) MB; scale it down first.")
    }
}
