import Conversation
import Exchange
import Foundation
import Testing

@Suite("Markdown")
struct ChatMarkdownTests {
    @Test("The text names pictures that lie beside it")
    func pictures() throws {
        let (library, folder) = (Library(), try Folder())
        var buffer = ByteBuffer()
        var writer = ChatMarkdown(
            folder: MediaFolder(path: folder.path + "/chat-media", media: library), folderLink: "chat-media")
        #expect(try writer.write(Sample.chat(library), to: &buffer) == 0)
        let text = String(decoding: buffer.bytes, as: UTF8.self)
        #expect(text.hasPrefix("# What is \\<this\\>?\n"))
        #expect(text.contains("![screen](<chat-media/8901aaaaaaaaaaaa.png>)"))
        #expect(text.contains("![at 2.5 s](<chat-media/8902aaaaaaaaaaaa.png>)"))
        #expect(text.contains("[the recording](<chat-media/1a45aaaaaaaaaaaa.mkv>)"))
        #expect(text.contains("> Hm.\n>\n> A window?\n") && text.contains("\nA **dialog**.\n"))
        #expect(
            text.contains("What is\\\nthis?") && text.contains("*Stopped.*") && text.contains("*The engine broke.*"))
        #expect(text.contains("````\none\n```\ntwo\n````"))
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/chat-media").sorted()
        #expect(names == ["1a45aaaaaaaaaaaa.mkv", "8901aaaaaaaaaaaa.png", "8902aaaaaaaaaaaa.png"])
    }

    @Test("Both forms that people read say which window was captured when")
    func origin() throws {
        let library = Library()
        guard case .attachment(var shot) = Sample.picture(library.add([0x89, 1])) else { return }
        shot.windowTitle = " <Inbox>\n*Mail*"
        shot.takenAt = Date(timeIntervalSince1970: 1_790_000_000)
        let chat = Conversation(createdAt: Sample.day, messages: [Sample.question(.attachment(shot))])

        var markdown = ByteBuffer()
        var writer = ChatMarkdown(folder: nil, folderLink: "")
        _ = try writer.write(chat, to: &markdown)
        var page = ByteBuffer()
        _ = try ChatPage(media: library, nonce: "n0") { $0 }.write(chat, to: &page)

        #expect(
            String(decoding: markdown.bytes, as: UTF8.self)
                .contains("\n*\\<Inbox\\> \\*Mail\\* · 2026-09-21 14:13 UTC*\n"))
        #expect(
            String(decoding: page.bytes, as: UTF8.self)
                .contains("<figcaption>screen · &lt;Inbox&gt; *Mail* · 2026-09-21 14:13 UTC</figcaption>"))
    }

    @Test("A person's words mean nothing to Markdown, and an open code block of an answer is closed")
    func escaping() throws {
        let chat = Conversation(
            createdAt: Sample.day,
            messages: [
                Sample.question(.text("# no heading\n- no list\n1. none either\n<b>*x*</b>")),
                Sample.answer("```swift\nlet a = 1", .cutByLength), Sample.question(.text("go on")),
            ])
        var buffer = ByteBuffer()
        var writer = ChatMarkdown(folder: nil, folderLink: "")
        #expect(try writer.write(chat, to: &buffer) == 0)
        let text = String(decoding: buffer.bytes, as: UTF8.self)
        #expect(text.contains("\\# no heading\\\n\\- no list\\\n1\\. none either\\\n\\<b\\>\\*x\\*\\</b\\>"))
        #expect(text.contains("```swift\nlet a = 1\n```\n\n*Cut by the token limit.*\n\n## You\n\ngo on"))
    }

    @Test(
        "The first block of code is found",
        arguments: [
            ("a\n```sh\nls\n```\nb\n```\nother\n```", "ls\n"), ("no code", nil), ("~~~\n```\n~~~", "```\n"),
            ("```\nopen\n", "open\n"), ("- item\n  ```\n  two\n   three\n  ```", "two\n three\n"), ("```\n```", ""),
            ("``inline``", nil),
        ] as [(String, String?)])
    func firstBlock(_ markdown: String, _ code: String?) { #expect(CodeBlocks.first(in: markdown) == code) }
}
