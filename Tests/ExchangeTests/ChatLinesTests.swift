import Conversation
import Exchange
import Foundation
import TestSupport
import Testing

@Suite("Scry's own lines")
struct ChatLinesTests {
    private func lines(_ chats: [Conversation], _ library: Library) throws -> [UInt8] {
        var buffer = ByteBuffer()
        for chat in chats { #expect(try ChatLines(media: library).write(chat, to: &buffer) == 0) }
        return buffer.bytes
    }

    @Test("An import gives the chats that were exported, with their media")
    func roundTrip() throws {
        let library = Library()
        let chats = [Sample.chat(library), Sample.chat(library)]
        let bytes = try lines(chats, library)
        let fresh = Library()
        let result = try ChatImport(media: fresh).read(Data(bytes), named: "chats.jsonl")
        #expect(result.origin == .scry)
        #expect(result.conversations == chats)
        #expect(result.skipped == 0 && result.missingMedia == 0)
        #expect(fresh.count == 3)
        #expect(try lines(result.conversations, fresh) == bytes)
    }

    @Test("A document comes back with its pages, and its parts stand beside a text in Markdown")
    func documents() throws {
        let library = Library()
        let document = Attachment(label: "b.pdf", takenAt: Sample.day, content: .document(Sample.document(library)))
        let chat = Conversation(
            title: "Pages", createdAt: Sample.day,
            messages: [Sample.question(.attachment(document), .text("Which page?")), Sample.answer("Page 2.")])
        let bytes = try lines([chat], library)
        let fresh = Library()
        let result = try ChatImport(media: fresh).read(Data(bytes), named: "chats.jsonl")
        #expect(result.conversations == [chat])
        #expect(fresh.count == 2 && result.missingMedia == 0)

        var page = ByteBuffer()
        _ = try ChatPage(media: library, nonce: "n0") { $0 }.write(chat, to: &page)
        let html = String(decoding: page.bytes, as: UTF8.self)
        #expect(html.contains("page 1</figcaption>") && html.contains("words of page 2</pre>"))
        #expect(!html.contains("words of page 3"))
    }

    @Test("Branches and marks come back too")
    func branches() throws {
        let library = Library()
        var chat = Sample.chat(library)
        chat.messages[1].mark = Mark(.bad, correction: "A window.")
        var nodes: [BranchedMessage] = []
        for message in chat.messages {
            nodes.append(BranchedMessage(message: message, parent: nodes.last?.message.id, isShown: true))
        }
        let other = Sample.answer("Another one.")
        nodes.insert(BranchedMessage(message: other, parent: chat.messages[0].id, isShown: false), at: 2)
        var buffer = ByteBuffer()
        _ = try ChatLines(media: library).write(chat, branches: nodes, to: &buffer)
        let result = try ChatImport(media: Library()).read(Data(buffer.bytes), named: "x")
        #expect(result.conversations == [chat])
        #expect(result.branches == [chat.id: nodes])
    }

    @Test("Media that are gone are counted, and the chat is whole otherwise")
    func missingMedia() throws {
        let library = Library()
        let chat = Sample.chat(library)
        var buffer = ByteBuffer()
        #expect(try ChatLines(media: Library()).write(chat, to: &buffer) == 3)
        let result = try ChatImport(media: Library()).read(Data(buffer.bytes), named: "chats.jsonl")
        #expect(result.conversations == [chat])
        #expect(result.missingMedia == 3)
    }

    @Test("A damaged line costs its message and nothing else")
    func damagedLines() throws {
        let library = Library()
        let chat = Sample.chat(library)
        var text = String(decoding: try lines([chat], library), as: UTF8.self).split(separator: "\n").map(String.init)
        let place = try #require(text.firstIndex { $0.contains("It clos") })
        text[place] = String(text[place].prefix(100))
        text.append(#"{"type":"weather","sky":"blue"}"#)
        let result = try ChatImport(media: Library()).read(Data(text.joined(separator: "\n").utf8), named: "x")
        #expect(
            result.conversations.first?.messages.map(\.id)
                == chat.messages.map(\.id).filter { $0 != chat.messages[3].id })
        #expect(result.skipped == 2)
    }

    @Test("Names of media that are no hashes never become file names")
    func hostileReference() throws {
        let reference = #"{"sha256":"../../etc/passwd","media_type":"image/png","bytes":1,"width":1,"height":1}"#
        let text = """
            {"type":"chat","format":"scry-chats","version":1,"id":"c","title":"","created_at":1}
            {"type":"message","chat":"c","id":"m","role":"user","created_at":1,"outcome":"complete",\
            "parts":[{"type":"picture","picture":\(reference)}]}
            """
        let result = try ChatImport(media: Library()).read(Data(text.utf8), named: "x")
        let media = try #require(result.conversations.first?.messages.first?.attachments.first?.media.first)
        #expect(media.sha256 == String(repeating: "0", count: 64) && result.missingMedia == 1)
    }

    @Test("Random damage neither crashes nor invents anything")
    func randomDamage() throws {
        var random = SeededRandom(seed: 7)
        let library = Library()
        let whole = try lines([Sample.chat(library)], library)
        for _ in 0..<300 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            let result = try? ChatImport(media: Library()).read(Data(bytes), named: "x")
            #expect((result?.conversations.first?.messages.count ?? 0) <= 6)
        }
    }
}
