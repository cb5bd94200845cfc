public import Desktop
import FoundationEssentials
import Subprocess

/// Reads the text in a picture, with tesseract as a child process.
public struct TextRecognizer: Sendable {
    /// The languages that people asked for, as tesseract calls them ("deu", "jpn"), beside English; where there are none,
    /// those that are installed, or of many those of the locale.
    public var languages: [String]
    /// The program; a picture of a whole wall of screens takes it half a minute.
    var program = HelperProgram(
        name: "tesseract", package: "tesseract-ocr (on Debian: apt install tesseract-ocr)", purpose: "Text in pictures",
        seconds: 120)

    /// Whether it gets only the processor time that nothing else wants.
    public var isIdle: Bool {
        get { program.isIdle }
        set { program.isIdle = newValue }
    }

    /// Makes a recognizer.
    public init(languages: [String] = []) {
        self.languages = languages
    }

    /// Whether tesseract is installed.
    public var isAvailable: Bool { get async { await (try? installedLanguages()) != nil } }

    /// The languages that are looked for, as tesseract calls them.
    ///
    /// - Throws: `DocumentFailure` where tesseract or all its languages are missing.
    public func languagesInUse() async throws(DocumentFailure) -> [String] {
        let variables = ProcessInfo.processInfo.environment
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { variables[$0] }.first { !$0.isEmpty }
        let chosen = RecognizerLanguages(wanted: languages, installed: try await installedLanguages(), locale: locale)
        guard !chosen.names.isEmpty else {
            throw DocumentFailure(
                .toolMissing,
                "tesseract has no language data for English; install it (on Debian: apt install tesseract-ocr-eng).")
        }
        return chosen.names
    }

    /// Every language that tesseract has data for.
    public func installedLanguages() async throws(DocumentFailure) -> [String] {
        let output = try await run(["--list-langs"], input: [])
        // The first line says where they are.
        return output.split(separator: "\n").filter { !$0.contains(" ") }.map(String.init)
    }

    /// Reads the text of an encoded picture of a page, dark on light: PNG, JPEG or what else tesseract reads.
    ///
    /// Lines are as they are in the picture, without blanks at their ends; empty where there is no text.
    public func text(in picture: [UInt8]) async throws(DocumentFailure) -> String {
        // Full layout analysis (3) read screenshots of terminals better than a single block (6) or sparse text (11).
        let arguments = ["stdin", "stdout", "--psm", "3", "-l", try await languagesInUse().joined(separator: "+")]
        return Self.tidied(try await run(arguments, input: picture))
    }

    /// Reads the text of the pixels of a screen, of whatever colours, beside and on top of each other.
    ///
    /// Far better than the picture itself: text and ground become black and white first, window by window, and small
    /// letters large.
    public func text(in frame: Frame) async throws(DocumentFailure) -> String {
        guard frame.width > 0, frame.height > 0 else { return "" }
        return try await text(in: InkPicture(frame).file())
    }

    private func run(_ arguments: [String], input: [UInt8]) async throws(DocumentFailure) -> String {
        do {
            let output = try await program.run(
                arguments, limit: 4 << 20,
                // More threads make one page of a screen slower, not faster.
                environment: ["OMP_THREAD_LIMIT": "1"], input: input)
            return String(decoding: output, as: UTF8.self)
        } catch {
            guard error.kind == .toolFailed else { throw error }
            throw DocumentFailure(.toolFailed, "The text of the picture could not be read: \(error.message)")
        }
    }

    /// Removes blanks at the ends of lines, the form feed after a page, and empty lines around the text.
    static func tidied(_ text: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            var line = line
            while let last = line.last, last.isWhitespace { line.removeLast() }
            return line
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines.drop(while: \.isEmpty).joined(separator: "\n")
    }
}
