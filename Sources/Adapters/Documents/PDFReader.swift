import Foundation

/// Reads PDF documents with poppler's programs.
///
/// The files are anybody's: the programs run as child processes with bounded memory and processor time, and what they print
/// is bounded, too.
public struct PDFReader: Sendable {
    /// The size of a page in points, 72 to the inch, as it is looked at.
    public struct PageSize: Sendable, Equatable {
        /// The width.
        public var width: Double
        /// The height.
        public var height: Double

        /// Makes a size.
        public init(width: Double, height: Double) {
            self.width = width
            self.height = height
        }
    }

    /// The most pages of a document that are looked at.
    public static let mostPages = 5000
    /// The most text that is taken of a page, and of a document, in bytes.
    static let longestPage = 1 << 16
    static let longestText = 16 << 20

    private static let package = "poppler-utils (on Debian: apt install poppler-utils)"
    private let info = HelperProgram(name: "pdfinfo", package: package, purpose: "A PDF")
    private let text = HelperProgram(name: "pdftotext", package: package, purpose: "A PDF")
    private let drawing = HelperProgram(name: "pdftoppm", package: package, purpose: "A PDF", seconds: 20)

    /// Makes a reader.
    public init() {}

    /// The sizes of the pages, as many as there are, but at most `mostPages`; and how many there are.
    ///
    /// - Throws: `DocumentFailure` when the file is no PDF, damaged, or wants a password.
    public func pages(of path: String) async throws(DocumentFailure) -> (sizes: [PageSize], count: Int) {
        let arguments = ["-f", "1", "-l", String(Self.mostPages), "-enc", "UTF-8", "--", path]
        let output: [UInt8]
        do {
            output = try await info.run(arguments, limit: 4 << 20)
        } catch {
            throw Self.explained(error, path)
        }
        let (sizes, count) = Self.pages(in: String(decoding: output, as: UTF8.self))
        guard count > 0 else {
            throw DocumentFailure(.unsupported, "\(Self.name(of: path)) has no pages.")
        }
        return (sizes, count)
    }

    /// The words of pages, in the order of lines in which they stand; empty where a page has none, or too many.
    ///
    /// - Parameter numbers: The pages, in rising order.
    public func texts(of path: String, pages numbers: [Int]) async throws(DocumentFailure) -> [Int: String] {
        var texts: [Int: String] = [:]
        var total = 0
        for run in Self.runs(of: numbers, atMost: 100) {
            let arguments = ["-f", String(run.lowerBound), "-l", String(run.upperBound), "-layout", "-enc", "UTF-8"]
            let output: [UInt8]
            do {
                output = try await text.run(arguments + ["--", path, "-"], limit: 8 << 20)
            } catch {
                // One page that cannot be read, or has no end, does not keep the others from being read.
                if error.kind == .toolMissing || Task.isCancelled { throw error }
                continue
            }
            for (index, page) in output.split(separator: 0x0C, omittingEmptySubsequences: false).enumerated()
            where index < run.count {
                let kept = page.prefix(Self.longestPage)
                total += kept.count
                guard total <= Self.longestText else { return texts }
                texts[run.lowerBound + index] = Self.tidied(String(decoding: kept, as: UTF8.self))
            }
        }
        return texts
    }

    /// Draws a page as PNG, so many pixels wide and high.
    public func picture(of path: String, page: Int, width: Int, height: Int) async throws(DocumentFailure) -> [UInt8] {
        let arguments = [
            "-f", String(page), "-l", String(page), "-singlefile", "-png", "-scale-to-x", String(width), "-scale-to-y",
            String(height), "--", path,
        ]
        let bytes: [UInt8]
        do {
            bytes = try await drawing.run(arguments, limit: 64 << 20)
        } catch {
            guard error.kind == .toolFailed else { throw error }
            throw DocumentFailure(
                .toolFailed, "Page \(page) of the document could not be drawn: \(error.message)")
        }
        guard !bytes.isEmpty else {
            throw DocumentFailure(.toolFailed, "Page \(page) of the document could not be drawn.")
        }
        return bytes
    }

    // MARK: - What poppler prints

    /// Reads "Pages: 12", "Page    3 size: 595.276 x 841.89 pts (A4)" and "Page    3 rot:  90".
    static func pages(in text: String) -> (sizes: [PageSize], count: Int) {
        var count = 0
        var sizes: [PageSize] = []
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2, words[0] == "Pages:" { count = Int(words[1]) ?? 0 }
            guard words.count >= 4, words[0] == "Page", Int(words[1]) == sizes.count + (words[2] == "size:" ? 1 : 0)
            else {
                continue
            }
            if words[2] == "size:", words.count >= 6, let width = Double(words[3]), let height = Double(words[5]) {
                sizes.append(PageSize(width: bounded(width), height: bounded(height)))
            } else if words[2] == "rot:", let turn = Int(words[3]), turn % 180 != 0, let last = sizes.last {
                sizes[sizes.count - 1] = PageSize(width: last.height, height: last.width)
            }
        }
        return (sizes, max(count, sizes.count))
    }

    /// A page's side between a stamp and a poster: what lies says anything.
    private static func bounded(_ side: Double) -> Double {
        side.isFinite ? min(max(side, 36), 14_400) : 612
    }

    /// Neighbouring numbers together.
    static func runs(of numbers: [Int], atMost most: Int) -> [ClosedRange<Int>] {
        var runs: [ClosedRange<Int>] = []
        for number in numbers {
            if let last = runs.last, last.upperBound + 1 == number, last.count < most {
                runs[runs.count - 1] = last.lowerBound...number
            } else {
                runs.append(number...number)
            }
        }
        return runs
    }

    /// Without blanks at the ends of lines, and with no more than one empty line in a row.
    static func tidied(_ text: String) -> String {
        var lines: [Substring] = []
        for line in TextRecognizer.tidied(text).split(separator: "\n", omittingEmptySubsequences: false)
        where !line.isEmpty || lines.last?.isEmpty == false {
            lines.append(line)
        }
        return lines.joined(separator: "\n")
    }

    private static func explained(_ failure: DocumentFailure, _ path: String) -> DocumentFailure {
        guard failure.kind == .toolFailed else { return failure }
        let name = name(of: path)
        if failure.message.contains("password") {
            return DocumentFailure(
                .unsupported, "\(name) needs a password; save a copy without one (qpdf --decrypt) and attach that.")
        }
        let reason = failure.message.trimmingPrefix("Syntax Error: ")
        return DocumentFailure(.unreadable, "\(name) cannot be read as PDF, it may be cut off or damaged: \(reason)")
    }

    private static func name(of path: String) -> Substring { path.split(separator: "/").last ?? path[...] }
}
