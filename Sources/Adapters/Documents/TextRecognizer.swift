public import Desktop
import Subprocess

/// Reads the text in a picture, with tesseract as a child process.
public struct TextRecognizer: Sendable {
    /// The languages that people asked for, as tesseract calls them ("deu", "jpn"); English is always tried, too.
    public var languages: [String]
    /// The program.
    var program = "tesseract"

    /// Makes a recognizer.
    public init(languages: [String] = []) {
        self.languages = languages
    }

    /// Whether tesseract is installed.
    public var isAvailable: Bool { get async { await (try? installedLanguages()) != nil } }

    /// Reads the text of an encoded picture: PNG, JPEG or what else tesseract reads.
    ///
    /// Lines are as they are in the picture, without blanks at their ends; empty where there is no text.
    public func text(in picture: [UInt8]) async throws(DocumentFailure) -> String {
        let installed = try await installedLanguages()
        let wanted = (["eng"] + languages.filter { $0 != "eng" }).filter(installed.contains)
        guard !wanted.isEmpty else {
            throw DocumentFailure(
                .toolMissing,
                "tesseract has no language data for English; install it (on Debian: apt install tesseract-ocr-eng).")
        }
        // Full layout analysis (3) read screenshots of terminals better than a single block (6) or sparse text (11).
        let (status, output, complaint) = try await run(
            ["stdin", "stdout", "--psm", "3", "-l", wanted.joined(separator: "+")], input: picture)
        guard status else {
            throw DocumentFailure(
                .toolFailed, "The text of the picture could not be read: \(Self.lastLine(of: complaint))")
        }
        return Self.tidied(output)
    }

    /// Reads the text of the pixels of a screen.
    ///
    /// This is better than encoding them first: small bitmap fonts are read with a third fewer mistakes at twice the size,
    /// which costs little. Light text on dark ground needs no help.
    public func text(in frame: Frame) async throws(DocumentFailure) -> String {
        try await text(in: GreyPicture.doubled(frame))
    }

    private func installedLanguages() async throws(DocumentFailure) -> [String] {
        let (status, output, complaint) = try await run(["--list-langs"], input: [])
        guard status else {
            throw DocumentFailure(.toolFailed, "tesseract does not work: \(Self.lastLine(of: complaint))")
        }
        // The first line says where they are; some versions print it on standard error.
        return output.split(separator: "\n").filter { !$0.contains(" ") }.map(String.init)
    }

    private func run(_ arguments: [String], input: [UInt8]) async throws(DocumentFailure) -> (Bool, String, String) {
        do {
            let result = try await Subprocess.run(
                .name(program), arguments: Arguments(arguments),
                // More threads make one page of a screen slower, not faster.
                environment: .inherit.updating(["OMP_THREAD_LIMIT": "1"]), input: .array(input),
                output: .string(limit: 4 << 20), error: .string(limit: 1 << 16))
            return (result.terminationStatus.isSuccess, result.standardOutput, result.standardError)
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw DocumentFailure(
                .toolMissing,
                "Text in pictures is read by tesseract, which is not installed; install tesseract-ocr "
                    + "(on Debian: apt install tesseract-ocr).")
        } catch {
            throw DocumentFailure(.toolFailed, "tesseract could not be run: \(error).")
        }
    }

    private static func lastLine(of text: String) -> String {
        text.split(whereSeparator: \.isNewline).last.map(String.init) ?? "it did not say why."
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
