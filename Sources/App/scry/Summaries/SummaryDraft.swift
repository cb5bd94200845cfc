import Conversation
import FoundationEssentials
import Glibc

/// What is done of a summary, kept on the disk so that one that was broken off goes on where it was.
struct SummaryDraft: Codable, Equatable, Sendable {
    /// A part of the recording, and what the engine said of it.
    struct Part: Codable, Equatable, Sendable {
        var start: Double
        var end: Double
        /// The times of the frames that the engine sees.
        var frames: [Double]
        /// nil until the engine has said it.
        var text: String?

        /// As it stays with the recording.
        var section: RecordingSection {
            RecordingSection(start: start, end: end, frames: frames, text: text ?? "")
        }
    }

    var parts: [Part]
    /// The summary; nil until all parts are told.
    var summary: String?

    /// How many parts are not told yet.
    var missing: Int { parts.count { $0.text == nil } }

    /// Takes over what was said of the same parts before.
    mutating func adopt(_ earlier: SummaryDraft) {
        for index in parts.indices {
            let same = earlier.parts.first {
                $0.start == parts[index].start && $0.end == parts[index].end && $0.frames == parts[index].frames
            }
            parts[index].text = same?.text
        }
        if missing == 0, parts == earlier.parts { summary = earlier.summary }
    }

    // MARK: - On the disk

    /// Reads a draft; nil when there is none, or it cannot be read.
    init?(file path: String) {
        guard let data = try? Data(contentsOf: URL(filePath: path)),
            let draft = try? JSONText.decoder.decode(SummaryDraft.self, from: data)
        else { return nil }
        self = draft
    }

    init(parts: [Part]) { self.parts = parts }

    /// Writes it, so that a kill leaves this or the one before.
    ///
    /// - Throws: `CaptureFailure`.
    func write(to path: String) throws {
        try OwnFile.write(Array(JSONText.line(self).utf8), to: path + ".new", creatingFolder: true)
        rename(path + ".new", path)
    }
}
