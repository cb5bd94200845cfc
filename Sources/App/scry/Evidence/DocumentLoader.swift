import Conversation
import Documents
import Evidence
import FoundationEssentials
import History

/// Turns a PDF or an office document into an attachment: the words of its pages, and the file that pages are drawn from.
struct DocumentLoader: Sendable {
    let media: MediaStore

    private static let mediaType = "application/pdf"

    /// Reads a PDF.
    ///
    /// - Parameter range: The pages that are wanted; nil for all.
    /// - Throws: `DocumentFailure` or `HistoryFailure`.
    func pdf(_ path: String, label: String, pages range: PageRange?) async throws -> Attachment {
        let reader = PDFReader()
        let (sizes, count) = try await reader.pages(of: path)
        let numbers = range?.pages(of: sizes.count) ?? Array(1...sizes.count)
        guard !numbers.isEmpty else {
            throw CommandFailure(
                .attachmentUnreadable,
                "\(label) has no such page: it has \(count == 1 ? "one page" : "\(count) pages").")
        }
        let texts = try await reader.texts(of: path, pages: numbers)
        let pages = numbers.map { number in
            let size = sizes[number - 1]
            return DocumentPage(number: number, width: size.width, height: size.height, text: texts[number] ?? "")
        }
        let copy = try media.incomingPath(for: Self.mediaType)
        do {
            try FileManager.default.copyItem(atPath: path, toPath: copy)
            let file = try media.adopt(file: copy, mediaType: Self.mediaType, width: 0, height: 0)
            return Attachment(
                label: label, takenAt: Date(),
                content: .document(Document(pages: pages, pageCount: count, file: file)))
        } catch {
            try? FileManager.default.removeItem(atPath: copy)
            throw error
        }
    }

    /// Reads an office document, by way of a PDF.
    func office(_ path: String, ending: String, label: String, pages range: PageRange?) async throws -> Attachment {
        let (pdf, folder) = try await OfficeConverter().pdf(of: path, ending: ending)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try await self.pdf(pdf, label: label, pages: range)
    }
}
