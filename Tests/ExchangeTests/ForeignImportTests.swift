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

    @Test("Circles and missing parents end a branch")
    func circles() throws {
        let text = """
            [{"current_node":"a","mapping":{
              "a":{"parent":"b","children":["b"],"message":{"author":{"role":"user"},"content":{"parts":["one"]}}},
              "b":{"parent":"a","children":["a"],"message":{"author":{"role":"assistant"},"content":{"parts":["two"]}}}}},
             {"current_node":"nowhere","mapping":{"z":{"parent":"gone","children":[]}}}]
            """
        let result = try read(text)
        #expect(result.conversations.map { $0.messages.map(\.text) } == [["two", "one"]])
        #expect(result.skipped == 1)
    }

    @Test("Random damage neither crashes nor hangs", arguments: [chatGPT, openWebUI])
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
