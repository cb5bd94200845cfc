import Conversation
import Documents
import Evidence
import Foundation
import History
import Media
import Session

/// Turns a file into an attachment: a picture, the frames of a video, or a text.
struct AttachmentLoader: Sendable {
    let services: Services

    /// Reads what is at a path; "-" is standard input.
    ///
    /// - Throws: `DocumentFailure` or `MediaFailure`.
    func load(_ path: String, for model: ModelProfile?) async throws -> Attachment {
        if path == "-" {
            let bytes = try await Standard.readInput(limit: 256 << 20)
            return try await load(bytes: bytes, named: "standard input", for: model)
        }
        return try await load(file: Self.expanded(path), for: model)
    }

    /// Reads the file at a path that is exactly this one.
    func load(file path: String, for model: ModelProfile?) async throws -> Attachment {
        let (path, pages) = Self.divided(path)
        let name = path.split(separator: "/").last.map(String.init) ?? path
        do {
            let file = try AttachmentReader().read(path: path)
            if let document = try await document(file, name, pages: pages) { return document }
            guard pages == nil else {
                throw CommandFailure(.attachmentUnreadable, "\(name) has no pages: only PDF and office documents do.")
            }
            return try attachment(file, name, for: model)
        } catch let failure as MediaFailure {
            throw CommandFailure(.attachmentUnreadable, "\(name) cannot be attached: \(failure.description)")
        }
    }

    /// Reads what came through a pipe.
    private func load(bytes: [UInt8], named name: String, for model: ModelProfile?) async throws -> Attachment {
        switch FileKind(head: bytes, isWhole: bytes.count <= FileKind.headLength) {
        case .pdf, .office:
            // Its readers want a file.
            let path = try services.media.incomingPath(for: "application/pdf")
            defer { try? FileManager.default.removeItem(atPath: path) }
            try Data(bytes).write(to: URL(filePath: path))
            return try await document(AttachmentReader().read(path: path), name, pages: nil)
                ?? attachment(AttachmentReader().read(bytes: bytes, name: name), name, for: model)
        case .webPage:
            let page = try AttachmentReader().read(bytes: bytes, name: name)
            return try await document(page, name, pages: nil) ?? attachment(page, name, for: model)
        default: return try attachment(AttachmentReader().read(bytes: bytes, name: name), name, for: model)
        }
    }

    /// The file and the pages of it that a path means: "report.pdf#3-7", unless there is a file of that very name.
    static func divided(_ path: String) -> (path: String, pages: PageRange?) {
        guard !isFile(path), let (file, pages) = PageRange.divide(path) else { return (path, nil) }
        return (file, pages)
    }

    private func document(_ file: AttachedFile, _ name: String, pages: PageRange?) async throws -> Attachment? {
        let loader = DocumentLoader(media: services.media)
        return switch file {
        case .pdf(let path): try await loader.pdf(path, label: name, pages: pages)
        case .office(let path, let ending):
            try await loader.office(path, ending: ending, label: name, pages: pages)
        case .webPage(let name, let bytes): try await webPage(bytes, name)
        case .picture, .video, .text: nil
        }
    }

    /// A web page as it looks; without the program for that, its source says the same.
    private func webPage(_ bytes: [UInt8], _ name: String) async throws -> Attachment? {
        do {
            let text = try await WebPageReader().text(of: bytes)
            return text.isEmpty
                ? nil : Attachment(label: name, takenAt: Date(), content: .text(AttachmentReader().cut(text)))
        } catch {
            return nil
        }
    }

    private func attachment(_ file: AttachedFile, _ name: String, for model: ModelProfile?) throws -> Attachment {
        switch file {
        case .picture(let bytes, _):
            let frame = try StillDecoder().decode(bytes)
            let packed = try PicturePacker(media: services.media).pack(frame, from: bytes, for: model)
            return Attachment(
                label: name, takenAt: Date(), content: .picture(packed.picture), origin: packed.origin)
        case .video(let path, _):
            return try FrameChooser().attachment(
                path, label: name, for: model, media: services.media, takenAt: Date())
        case .pdf(let path), .office(let path, _):
            throw DocumentFailure(.unsupported, "\(path) is a document; save it as a file and attach the file.")
        case .webPage(let name, let bytes):
            return Attachment(
                label: name, takenAt: Date(), content: .text(AttachmentReader().source(ofWebPage: bytes)))
        case .text(let name, let text):
            return Attachment(label: name, takenAt: Date(), content: .text(text))
        }
    }

    /// Reads files one after another, and tells of each.
    func attach(
        _ files: [String], tickets: [Int], for model: ModelProfile?, _ report: @Sendable (SessionEvent) -> Void
    ) async {
        for (file, ticket) in zip(files, tickets) {
            do {
                report(.attachmentReady(ticket: ticket, try await load(file: file, for: model)))
            } catch {
                report(.attachmentMissed(ticket: ticket, CommandFailure(error).description))
            }
        }
    }

    /// Makes an attachment of a picture's bytes.
    func load(picture bytes: [UInt8], named name: String, for model: ModelProfile?) throws -> Attachment {
        try attachment(AttachmentReader().read(bytes: bytes, name: name), name, for: model)
    }

    /// Whether there is a file at a path, and no directory.
    static func isFile(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && !isDirectory.boolValue
    }

    /// The path that a person means: "file://" URLs with their percent signs, "~", blanks escaped by a shell or a desktop.
    static func expanded(_ text: String) -> String {
        var path = text.trimmingCharacters(in: .whitespacesAndNewlines)
        if path.hasPrefix("'"), path.hasSuffix("'"), path.count > 1 { path = String(path.dropFirst().dropLast()) }
        if !path.hasPrefix("file://") { path = path.replacing("\\ ", with: " ") }
        return resolved(path)
    }

    /// The path that an address of a file or one of the home directory stands for.
    static func resolved(_ path: String) -> String {
        var path = path
        if path.hasPrefix("file://") {
            let rest = path.dropFirst("file://".count).drop { $0 != "/" }
            path = String(rest).removingPercentEncoding ?? String(rest)
        }
        if path == "~" || path.hasPrefix("~/") {
            path = (ProcessInfo.processInfo.environment["HOME"] ?? "") + path.dropFirst()
        }
        return path
    }
}
