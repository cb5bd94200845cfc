import Conversation
import Exchange
import Foundation
import Synchronization

/// Media in memory: what tests export from, and import into.
final class Library: MediaLibrary, MediaIntake {
    private let files = Mutex<[String: [UInt8]]>([:])

    var count: Int { files.withLock(\.count) }

    func add(_ bytes: [UInt8], type: String = "image/png") -> MediaReference {
        let name = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let hash = String((name + String(repeating: "a", count: 64)).prefix(64))
        files.withLock { $0[hash] = bytes }
        return MediaReference(sha256: hash, mediaType: type, byteCount: bytes.count, width: 4, height: 3)
    }

    func bytes(of media: MediaReference) throws -> [UInt8] {
        guard let bytes = files.withLock({ $0[media.sha256] }) else {
            throw ReplyFailure(.attachmentUnreadable, "Gone.")
        }
        return bytes
    }

    func store(_ bytes: [UInt8], as reference: MediaReference) throws -> MediaReference {
        files.withLock { $0[reference.sha256] = bytes }
        return reference
    }

    func store(picture bytes: [UInt8]) throws -> MediaReference {
        guard bytes.starts(with: [0x89]) else { throw ReplyFailure(.attachmentUnreadable, "No picture.") }
        return add(bytes)
    }
}

/// A folder that is gone when the test ends.
final class Folder {
    let path = "/tmp/scry-exchange-\(getpid())-\(UInt32.random(in: 0 ..< .max))"

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func text(_ name: String) throws -> String { try String(contentsOfFile: path + "/" + name, encoding: .utf8) }

    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }
}

/// Chats with something of everything.
enum Sample {
    static let day = Date(timeIntervalSince1970: 1_790_000_000.125)

    static func picture(_ reference: MediaReference, _ label: String = "screen") -> Part {
        .attachment(Attachment(label: label, takenAt: day, content: .picture(reference), recognizedText: ["Save"]))
    }

    static func question(_ parts: Part...) -> Message { Message(role: .user, parts: parts, createdAt: day) }

    static func answer(_ text: String, thinking: String? = nil, _ outcome: Message.Outcome = .complete) -> Message {
        let thoughts = thinking.map { [Part.reasoning(Reasoning(text: $0, seconds: 1.5, cutAt: 900))] } ?? []
        return Message(
            role: .assistant, parts: thoughts + [.text(text)], createdAt: day, outcome: outcome, engine: "vllm",
            model: "glm-4.5v", usage: Usage(promptTokens: 10, completionTokens: 20, cachedTokens: 3),
            timing: Timing(firstToken: 0.25, total: 2))
    }

    /// Three pages of nine: one that was shown, one that was told, one for which there was no room.
    static func document(_ library: Library) -> Document {
        let forms: [DocumentPage.Form] = [.picture, .text, .omitted]
        let pages = forms.enumerated().map { index, form in
            DocumentPage(
                number: index + 1, width: 595, height: 842, text: "words of page \(index + 1)", form: form,
                picture: form == .picture ? library.add([0x89, 3]) : nil)
        }
        return Document(pages: pages, pageCount: 9, file: library.add(Array("%PDF".utf8), type: "application/pdf"))
    }

    /// Pictures, a recording, a text, thoughts, and every way to end.
    static func chat(_ library: Library) -> Conversation {
        let frame = library.add([0x89, 2])
        let recording = Recording(
            frames: [
                TimedPicture(time: 0, why: "first", picture: frame),
                TimedPicture(time: 2.5, why: "last", picture: frame),
            ],
            video: library.add([0x1A, 0x45], type: "video/x-matroska"), seconds: 3,
            frameList: [TimedPicture(time: 0, why: "first", picture: frame)], form: .frameList)
        return Conversation(
            title: "What is <this>?", createdAt: day,
            messages: [
                question(picture(library.add([0x89, 1])), .text("What is\nthis?")),
                answer("A **dialog**.", thinking: "Hm.\n\nA window?"),
                question(
                    .attachment(Attachment(label: "screen", takenAt: day, content: .recording(recording))),
                    .text("And now?")),
                answer("It clos", .stopped),
                question(
                    .attachment(Attachment(label: "a.txt", takenAt: day, content: .text("one\n```\ntwo"))),
                    .text("Sum up.")),
                answer("", .failed("The engine broke.")),
            ])
    }
}
