import Conversation
import Exchange
import Foundation
import Testing

@Suite("A page")
struct ChatPageTests {
    private func page(_ chat: Conversation, _ library: Library) throws -> String {
        var buffer = ByteBuffer()
        let writer = ChatPage(media: library, nonce: "n0") { "<p>" + $0.replacing("<", with: "&lt;") + "</p>" }
        _ = try writer.write(chat, to: &buffer)
        return String(decoding: buffer.bytes, as: UTF8.self)
    }

    @Test("The page has everything in it, and a policy that lets nothing else in")
    func whole() throws {
        let library = Library()
        let html = try page(Sample.chat(library), library)
        #expect(html.contains("default-src 'none'; img-src data:; style-src 'nonce-n0'"))
        #expect(html.contains("prefers-color-scheme: dark"))
        #expect(html.contains("src=\"data:image/png;base64,iQE=\""))
        #expect(html.contains("<title>What is &lt;this&gt;?</title>"))
        #expect(html.contains("<summary>Thought for 1.5 s</summary>"))
        #expect(html.contains("glm-4.5v · 2.0 s · 20 tokens · Stopped."))
        #expect(!html.contains("http:") && !html.contains("https:") && !html.contains("<script"))
    }

    @Test("Nothing that anybody wrote is an element or an attribute")
    func escaped() throws {
        let evil = "\"><script>alert(1)</script><img src=x onerror='alert(2)'><\u{301}b>\u{202E}\u{0}"
        let library = Library()
        var picture = library.add([0x89])
        picture.mediaType = "image/png\" onload=\"alert(3)"
        let chat = Conversation(
            title: evil, createdAt: Sample.day,
            messages: [
                Sample.question(
                    Sample.picture(picture, evil), .text(evil),
                    .attachment(Attachment(label: evil, takenAt: Sample.day, content: .text(evil)))),
                Message(
                    role: .assistant, parts: [.reasoning(Reasoning(text: evil)), .text(evil)], createdAt: Sample.day,
                    outcome: .failed(evil), model: evil),
            ])
        let html = try page(chat, library)
        #expect(!html.contains("<script") && !html.contains("<img src=x") && !html.contains("onload=\""))
        #expect(!html.unicodeScalars.contains("\u{202E}") && html.contains("&lt;\u{301}b"))
        #expect(!html.contains("\u{202E}") && !html.contains("\u{0}"))
        #expect(html.contains("the picture is gone"))
    }
}
