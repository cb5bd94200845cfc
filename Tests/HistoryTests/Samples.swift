import Conversation
import FoundationEssentials
import Glibc
import History
import TestSupport

/// A directory that is gone with the test.
final class TemporaryDirectory: Sendable {
    let path: String

    init() {
        path = "/tmp/scry-history-\(UUID().uuidString.lowercased())"
        mkdir(path, 0o700)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var historyPath: String { path + "/data/history.sqlite" }
    var media: MediaStore { MediaStore(directory: path + "/data/media") }

    func history() throws -> History { try History(path: historyPath, media: media) }

    /// The permissions of a file in the directory, as chmod takes them.
    func mode(_ name: String) -> mode_t? { permissions("\(path)/\(name)") }
}

func permissions(_ path: String) -> mode_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o777 : nil
}

/// A moment that needs no clock; later ones are so many seconds after it.
func moment(_ seconds: Double = 0) -> Date { Date(timeIntervalSince1970: 1_790_000_000 + seconds) }

func question(_ text: String, at seconds: Double = 0, attachments: [Attachment] = []) -> Message {
    Message(
        role: .user, parts: attachments.map(Part.attachment) + [.text(text)], createdAt: moment(seconds))
}

func answer(_ text: String, at seconds: Double = 1, outcome: Message.Outcome = .complete) -> Message {
    Message(role: .assistant, parts: [.text(text)], createdAt: moment(seconds), outcome: outcome, engine: "lab")
}

func picture(_ media: MediaReference, label: String = "screen") -> Attachment {
    Attachment(label: label, takenAt: moment(), content: .picture(media))
}

extension SeededRandom {
    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) } }
}
