import Conversation
import Exchange
import Foundation
import TestSupport
import Testing

@Suite("Chats from elsewhere")
struct ForeignImportTests {
    private func read(_ text: String, folder: String? = nil) throws -> ChatImport.Result {
        try ChatImport(media: Library()).read(Data(text.utf8), named: "export.json", folder: folder)
    }

    static let chatGPT = """
        [{"title":"Sky colour","create_time":1700000000.5,"conversation_id":"6F9619FF-8B86-D011-B42D-00CF4FC964FF",
          "current_node":"d","mapping":{
          "root":{"id":"root","message":null,"parent":null,"children":["s"]},
          "s":{"id":"s","message":{"author":{"role":"system"},"content":{"content_type":"text","parts":["You are"]}},
               "parent":"root","children":["a"]},
          "a":{"id":"a","message":{"author":{"role":"user"},"create_time":1700000001,"content":{"content_type":
               "multimodal_text","parts":[{"content_type":"image_asset_pointer","asset_pointer":
               "file-service://file-AbCdEf12345"},"Why is it blue?"]}},"parent":"s","children":["b","x"]},
          "x":{"id":"x","message":{"author":{"role":"assistant"},"content":{"content_type":"text","parts":["Old."]}},
               "parent":"a","children":[]},
          "b":{"id":"b","message":{"author":{"role":"assistant"},"content":{"content_type":"thoughts","thoughts":
               [{"summary":"Light","content":"Rayleigh."}]}},"parent":"a","children":["c"]},
          "c":{"id":"c","message":{"author":{"role":"assistant"},"recipient":"browser","content":{"content_type":
               "code","text":"search()"}},"parent":"b","children":["d"]},
          "d":{"id":"d","message":{"author":{"role":"assistant"},"recipient":"all","create_time":1700000009,"content":
               {"content_type":"text","parts":["It scatters."]},"metadata":{"model_slug":"gpt-4o"}},"parent":"c",
               "children":[]}}},
         {"mapping":17}]
        """

    @Test("A ChatGPT export keeps the answers that were not shown, and every name the next time")
    func chatGPTBranches() throws {
        let result = try read(Self.chatGPT)
        let chat = try #require(result.conversations.first)
        let nodes = try #require(result.branches[chat.id])
        #expect(
            nodes.map(\.message.text) == [
                "[a picture that is not in the export]Why is it blue?", "It scatters.", "Old.",
            ])
        #expect(nodes.map(\.isShown) == [true, true, false])
        #expect(nodes[2].parent == nodes[0].message.id && nodes[1].parent == nodes[0].message.id)
        #expect(try read(Self.chatGPT).branches == result.branches)
    }

    /// As exports of 2025 have it: spoken words, a drawn picture, a canvas, a document, marks of sources, pieces of files.
    static let lateChatGPT = """
        [{"title":null,"create_time":1750000000,"conversation_id":"7a","current_node":"8","mapping":{
          "client-created-root":{"message":null,"parent":null,"children":["0"]},
          "0":{"parent":"client-created-root","children":["1"],"message":{"author":{"role":"user"},"content":
               {"content_type":"user_editable_context","user_profile":"I like tea"},"metadata":
               {"is_visually_hidden_from_conversation":true}}},
          "1":{"parent":"0","children":["2"],"message":{"author":{"role":"user"},"create_time":1750000001,"content":
               {"content_type":"multimodal_text","parts":[{"content_type":"audio_transcription","text":"Draw it.",
               "direction":"in"},{"content_type":"audio_asset_pointer","asset_pointer":"sediment://file_audio00001"},
               {"content_type":"image_asset_pointer","asset_pointer":"sediment://file_00000000e72471f5?shared=1",
               "metadata":{"dalle":null,"generation":null}}]},"metadata":{"attachments":[{"id":"file-Doc12345",
               "name":"notes.md","mime_type":"text/markdown"},{"id":"file-Gone12345","name":"gone.pdf","mimeType":
               "application/pdf"},{"id":"file_00000000e72471f5","name":"s.png","mime_type":"image/png"}]}}},
          "2":{"parent":"1","children":["3"],"message":{"author":{"role":"assistant"},"recipient":"t2uay3k.sj1i4kz",
               "content":{"content_type":"code","language":"json","text":"{}"}}},
          "3":{"parent":"2","children":["4"],"message":{"author":{"role":"tool","name":"t2uay3k.sj1i4kz"},"content":
               {"content_type":"multimodal_text","parts":[{"content_type":"image_asset_pointer","asset_pointer":
               "sediment://file_00000000aaaa1111","metadata":{"dalle":{"prompt":"a red disc"},"generation":null}}]}}},
          "4":{"parent":"3","children":["5"],"message":{"author":{"role":"assistant"},"content":{"content_type":
               "reasoning_recap","content":"Thought for 3s"}}},
          "5":{"parent":"4","children":["6"],"message":{"author":{"role":"assistant"},"recipient":"all","content":
               {"content_type":"text","parts":["Here it is.\u{E200}cite\u{E202}turn0search0\u{E201}"]},"metadata":
               {"model_slug":"gpt-5","finish_details":{"type":"max_tokens"}}}},
          "6":{"parent":"5","children":["7"],"message":{"author":{"role":"user"},"content":{"content_type":"text",
               "parts":["How was it made?"]}}},
          "7":{"parent":"6","children":["8"],"message":{"author":{"role":"assistant"},"recipient":"all","content":
               {"content_type":"code","language":"python","text":"disc()"}}},
          "8":{"parent":"7","children":[],"message":{"author":{"role":"assistant"},"content":null}}}}]
        """

    @Test("A late ChatGPT export: spoken words, drawn pictures, documents, sources")
    func lateChatGPTExport() throws {
        let folder = try Folder()
        try FileManager.default.createDirectory(atPath: folder.path + "/user-1", withIntermediateDirectories: false)
        for (name, bytes) in [
            ("file_00000000e72471f5-sanitized.dat", [0x89, 1]), ("user-1/file_00000000aaaa1111-x.png", [0x89, 2]),
            ("file_00000000aaaa11112-longer.png", [0x89, 3]), ("file-Doc12345-notes.md", Array("# Notes".utf8)),
        ] as [(String, [UInt8])] {
            try Data(bytes).write(to: URL(filePath: folder.path + "/" + name))
        }
        let whole = try #require(Self.lateChatGPT.data(using: .utf8))
        try whole.write(to: URL(filePath: folder.path + "/conversations-000.json"))
        try Data(Self.chatGPT.utf8).write(to: URL(filePath: folder.path + "/conversations-001.json"))
        let result = try ChatImport(media: Library()).read(folder.path)
        #expect(result.conversations.count == 2 && result.skipped == 1)
        // The document, and the picture of the second file.
        #expect(result.missingMedia == 2)
        let chat = result.conversations[0]
        #expect(chat.messages.map(\.role) == [.user, .assistant, .user, .assistant])
        #expect(chat.messages[0].text == "[file: gone.pdf]\n\nDraw it.")
        #expect(chat.messages[0].attachments.map(\.label) == ["notes.md", "picture"])
        #expect(chat.messages[0].attachments.first?.content == .text("# Notes"))
        #expect(chat.messages[1].text == "Here it is." && chat.messages[1].outcome == .cutByLength)
        #expect(chat.messages[1].attachments.first?.media.first?.sha256.hasPrefix("8902") == true)
        #expect(chat.messages[3].text == "```python\ndisc()\n```")
        #expect(chat.title.hasPrefix("[file: gone.pdf]"))
    }

    @Test("A ChatGPT export: the open branch, thoughts, pictures beside the file")
    func chatGPTExport() throws {
        let folder = try Folder()
        try Data([0x89, 7]).write(to: URL(filePath: folder.path + "/file-AbCdEf12345-sky.png"))
        let result = try read(Self.chatGPT, folder: folder.path)
        #expect(result.origin == .chatGPT && result.skipped == 1 && result.missingMedia == 0)
        let chat = try #require(result.conversations.first)
        #expect(chat.id == "6f9619ff-8b86-d011-b42d-00cf4fc964ff" && chat.title == "Sky colour")
        #expect(chat.createdAt == Date(timeIntervalSince1970: 1_700_000_000.5))
        #expect(chat.messages.map(\.role) == [.user, .assistant])
        #expect(chat.messages[0].text == "Why is it blue?" && chat.messages[0].attachments.count == 1)
        #expect(chat.messages[1].text == "It scatters." && chat.messages[1].reasoning?.text == "Rayleigh.")
        #expect(chat.messages[1].model == "gpt-4o")
        #expect(try read(Self.chatGPT).missingMedia == 1)
    }

    static let openWebUI = """
        [{"id":"8c2f7f0e-0c51-4d53-9a86-0f7f7d5f6a10","title":"Icons","created_at":1710000000,"chat":{"title":"Icons",
          "history":{"currentId":"b","messages":{
          "a":{"id":"a","parentId":null,"childrenIds":["b"],"role":"user","content":"What is it?","timestamp":1710000001,
               "files":[{"type":"image","url":"data:image/png;base64,iQc="},{"type":"image","url":"/api/files/1"}]},
          "b":{"id":"b","parentId":"a","childrenIds":[],"role":"assistant","model":"glm-4.5v","done":true,"timestamp":
               1710000005,"content":"<details type=\\"reasoning\\" done=\\"true\\" duration=\\"5\\">\\n<summary>Thought for 5 \
        seconds</summary>\\n&gt; ignored\\n> a &lt; b\\n> so\\n</details>\\nA disc."}}}}}]
        """

    @Test("An Open WebUI export: pictures in it, thoughts out of their element")
    func openWebUIExport() throws {
        let result = try read(Self.openWebUI)
        #expect(result.origin == .openWebUI && result.missingMedia == 1)
        let chat = try #require(result.conversations.first)
        #expect(chat.title == "Icons" && chat.messages.count == 2)
        #expect(chat.messages[0].attachments.count == 1 && chat.messages[0].text.hasSuffix("What is it?"))
        #expect(chat.messages[1].text == "A disc." && chat.messages[1].model == "glm-4.5v")
        #expect(chat.messages[1].reasoning == Reasoning(text: "> ignored\na < b\nso", seconds: 5))
        #expect(try read(Self.openWebUI).conversations.first?.id == chat.id)
    }

    @Test(
        "What is no export is refused with one sentence",
        arguments: [
            "", "{}", "[]", "null", "not json", "[{\"mapping\":null}]", "[[[[", "PK\u{3}\u{4}zip",
            String(repeating: "[", count: 100_000), "{\"chat\":{\"history\":{\"messages\":[]}}}",
        ])
    func refused(_ text: String) {
        #expect { try read(text) } throws: { error in
            (error as? ExchangeFailure)?.kind == .notUnderstood && "\(error)".hasSuffix(".")
        }
    }

    @Test("A late Open WebUI export: models side by side, marks, documents, thoughts in the middle, tools")
    func lateOpenWebUI() throws {
        let text = """
            [{"id":"","title":"Two","created_at":1710000000,"chat":{"id":"","title":"Two","timestamp":1710000000123,
              "history":{"currentId":"d","messages":{
              "a":{"id":"a","parentId":null,"childrenIds":["c","d"],"role":"user","content":"Which?","models":["x","y"],
                   "files":[{"type":"file","id":"f","name":"notes.txt","file":{"filename":"notes.txt","data":{"content":
                   "Notes."}}},{"type":"collection","id":"k"},{"type":"file","id":"g","name":"late.pdf"}]},
              "d":{"id":"d","parentId":"a","childrenIds":[],"role":"assistant","model":"y","content":"<details type=\\"tool_calls\\"
                   done=\\"true\\" name=\\"find\\"><summary>Tool</summary></details>\\n<details type=\\"reasoning\\"
                   duration=\\"2\\">\\n<summary>Thought</summary>\\n> One.\\n</details>\\nFirst, <details type=\\"reasoning\\"
                   duration=\\"3\\">\\n<summary>Thought</summary>\\n> Two.\\n</details>\\nthen <details>kept</details>.",
                   "annotation":{"rating":-1},"usage":{"prompt_tokens":7,"completion_tokens":9},"done":true},
              "c":{"id":"c","parentId":"a","childrenIds":[],"role":"assistant","modelName":"x","content":"X.",
                   "annotation":{"rating":1},"error":true}}}}}]
            """.replacing(/\n */, with: " ")
        let result = try read(text)
        let chat = try #require(result.conversations.first)
        let nodes = try #require(result.branches[chat.id])
        try #require(nodes.count == 3 && chat.messages.count == 2)
        #expect(nodes.map(\.message.model) == [nil, "x", "y"] && nodes.map(\.isShown) == [true, false, true])
        #expect(nodes.map(\.message.mark) == [nil, Mark(.good), Mark(.bad)])
        #expect(chat.messages[0].text == "[file: late.pdf]\n\nWhich?" && result.missingMedia == 1)
        #expect(chat.messages[0].attachments.map(\.content) == [.text("Notes.")])
        #expect(chat.messages[1].reasoning == Reasoning(text: "One.\n\nTwo.", seconds: 5))
        #expect(chat.messages[1].text == "First, then <details>kept</details>.")
        #expect(chat.messages[1].usage == Usage(promptTokens: 7, completionTokens: 9))
    }

    @Test("A chat of a hundred thousand messages is read without recursion")
    func deep() throws {
        let nodes = (0..<100_000).map { number in
            let role = number.isMultiple(of: 2) ? "user" : "assistant"
            return "\"\(number)\":{\"parent\":\"\(number - 1)\",\"message\":{\"author\":{\"role\":\"\(role)\"},"
                + "\"content\":{\"parts\":[\"m\(number)\"]}}}"
        }
        let result = try read("[{\"current_node\":\"99999\",\"mapping\":{\(nodes.joined(separator: ","))}}]")
        #expect(result.conversations.first?.messages.count == 100_000 && result.branches.isEmpty)
        #expect(result.conversations.first?.messages.last?.text == "m99999")
    }

    @Test("Circles and missing parents end a branch")
    func circles() throws {
        let text = """
            [{"current_node":"a","mapping":{
              "a":{"parent":"b","children":["b"],"message":{"author":{"role":"user"},"content":{"parts":["one"]}}},
              "b":{"parent":"a","children":["a"],"message":{"author":{"role":"assistant"},"content":{"parts":["two"]}}}}},
             {"current_node":"nowhere","mapping":{"z":{"parent":"gone","children":[]}}}]
            """
        let result = try read(text)
        #expect(result.conversations.map { $0.messages.map(\.text) } == [["one"]])
        // What comes after it in the circle is kept beside it.
        #expect(result.branches.values.map { $0.map(\.message.text) } == [["one", "two"]])
        #expect(result.skipped == 1)
    }

    @Test("Random damage neither crashes nor hangs", arguments: [chatGPT, lateChatGPT, openWebUI])
    func randomDamage(_ text: String) {
        var random = SeededRandom(seed: 11)
        let whole = Array(text.utf8)
        for _ in 0..<300 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                if Bool.random(using: &random) {
                    bytes.remove(at: place)
                } else {
                    bytes[place] = UInt8.random(in: 32...126, using: &random)
                }
            }
            let result = try? ChatImport(media: Library()).read(Data(bytes), named: "x")
            #expect((result?.conversations.count ?? 0) <= 2)
        }
    }
}
