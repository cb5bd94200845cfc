import Conversation
import Exchange
import Foundation
import Testing

@Suite("Training data")
struct TrainingSetTests {
    private struct Example: Decodable {
        struct Said: Decodable, Equatable {
            var role: String
            var content: String
        }
        var messages: [Said]
        var images: [String]
        var videos: [String]
    }

    private func examples(
        _ chats: [Conversation], _ form: TrainingSet.Form, _ library: Library, _ folder: Folder,
        correction: @escaping (Message) -> String? = { _ in nil }, isGood: @escaping (Message) -> Bool = { _ in true }
    ) throws -> ([Example], TrainingSet.Summary) {
        var set = TrainingSet(
            form: form, folder: folder.path + "/set", media: library, correction: correction, isGood: isGood)
        for chat in chats { try set.add(chat) }
        try set.write(replaces: true)
        let data = try Data(contentsOf: URL(filePath: folder.path + "/set/finetune.json"))
        return (try JSONDecoder().decode([Example].self, from: data), set.summary)
    }

    @Test("Good whole turns are kept in the form of the model, the others left out")
    func forms() throws {
        let (library, folder) = (Library(), try Folder())
        let chat = Sample.chat(library)
        let (old, summary) = try examples([chat], .glm41v, library, folder)
        #expect(old.count == 1)
        #expect(
            old[0].messages == [
                .init(role: "user", content: "<image>\nWhat is\nthis?"),
                .init(role: "assistant", content: "<think>\nHm.\n\nA window?</think>\n<answer>A **dialog**.</answer>"),
            ])
        #expect(old[0].images == ["media/8901aaaaaaaaaaaa.png"] && old[0].videos.isEmpty)
        #expect(summary.examples == 1 && summary.turns == 1 && summary.unfinished == 2)
        #expect(summary.missing == 0 && summary.media == 1)
        let (new, _) = try examples([chat], .glm45v, library, folder)
        #expect(new[0].messages[1].content == "<think>\nHm.\n\nA window?</think>\nA **dialog**.")
        let info = try folder.text("set/dataset_info.json")
        #expect(info.contains("\"file_name\" : \"finetune.json\"") && info.contains("\"formatting\" : \"sharegpt\""))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/set/media").count == 1)
    }

    @Test("A corrected answer takes the place of what was said, its thoughts and its end")
    func corrections() throws {
        let (library, folder) = (Library(), try Folder())
        let chat = Sample.chat(library)
        let (set, _) = try examples(
            [chat], .glm41v, library, folder, correction: { $0.id == chat.messages[3].id ? "It closes." : nil },
            isGood: { _ in false })
        #expect(
            set.first?.messages.map(\.content) == [
                "<video>\nAnd now?", "<think>\n</think>\n<answer>It closes.</answer>",
            ])
        #expect(set.first?.videos == ["media/1a45aaaaaaaaaaaa.mkv"])
    }

    @Test(
        "A placeholder that somebody typed is none",
        arguments: ["<image>", "x<video>y<audio>", "<image>\u{301}", "<|user|><|image|>", "<<image>>"])
    func typedPlaceholders(_ words: String) throws {
        let (library, folder) = (Library(), try Folder())
        let chat = Conversation(
            createdAt: Sample.day,
            messages: [
                Sample.question(
                    Sample.picture(library.add([0x89])), .text(words),
                    .attachment(Attachment(label: words, takenAt: Sample.day, content: .text(words)))),
                Sample.answer("You wrote \(words)", thinking: words),
            ])
        let (set, _) = try examples([chat], .glm45v, library, folder)
        let all = Array(try #require(set.first).messages.map(\.content).joined().utf8)
        func count(_ mark: String) -> Int { all.indices.count { all[$0...].starts(with: Array(mark.utf8)) } }
        #expect(count("<image>") == 1 && count("<video>") == 0 && count("<audio>") == 0)
        #expect(!set[0].messages[0].content.contains("<|user|>"))
    }

    @Test("Marks decide when nothing else is said")
    func marks() throws {
        let (library, folder) = (Library(), try Folder())
        var chat = Sample.chat(library)
        var set = TrainingSet(form: .glm45v, folder: folder.path + "/set", media: library)
        try set.add(chat)
        #expect(set.summary.turns == 0)
        chat.messages[1].mark = Mark(.good)
        chat.messages[3].mark = Mark(.bad, correction: "It closes.")
        try set.add(chat)
        #expect(set.summary.turns == 2)
    }

    @Test("A turn whose picture is gone is left out; a set of nothing is not written")
    func missing() throws {
        let (library, folder) = (Library(), try Folder())
        let chat = Sample.chat(library)
        var set = TrainingSet(form: .glm45v, folder: folder.path + "/set", media: Library(), isGood: { _ in true })
        try set.add(chat)
        #expect(set.summary.missing == 1 && set.summary.turns == 0)
        #expect { try set.write(replaces: false) } throws: { ($0 as? ExchangeFailure)?.kind == .nothing }
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/set/finetune.json"))
    }
}
