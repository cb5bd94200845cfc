import Conversation
import Testing

@testable import EngineClient

#if canImport(FoundationEssentials)
    import FoundationEssentials
#endif

@Suite struct RequestEncoderTests {
    static let picture = MediaReference(sha256: "p", mediaType: "image/png", byteCount: 3, width: 2, height: 1)
    static let second = MediaReference(sha256: "q", mediaType: "image/jpeg", byteCount: 2, width: 2, height: 1)
    static let video = MediaReference(sha256: "v", mediaType: "video/mp4", byteCount: 4, width: 2, height: 1)
    static let library = MemoryLibrary(contents: ["p": [1, 2, 3], "q": [4, 5], "v": [6, 7, 8, 9]])

    private func attachment(_ label: String, _ content: ChatAttachment.Content, _ text: [String]? = nil)
        -> ChatAttachment
    {
        ChatAttachment(label: label, takenAt: Date(timeIntervalSince1970: 0), content: content, recognizedText: text)
    }

    private func encode(
        _ request: ChatRequest, kind: EngineProfile.Kind = .vllm, url: String = "http://127.0.0.1:8000/v1",
        models: [ModelProfile] = []
    ) throws -> String {
        let profile = EngineProfile(name: "lab", kind: kind, url: url, models: models)
        let encoder = RequestEncoder(dialect: Dialect(profile: profile, modelID: request.model), media: Self.library)
        return String(decoding: try encoder.encode(request), as: UTF8.self)
    }

    private func content(_ request: ChatRequest, kind: EngineProfile.Kind = .vllm) throws -> JSONValue? {
        let json = JSONParser.parse(Array(try encode(request, kind: kind).utf8))
        return json?["messages"]?.elements.last?["content"]
    }

    /// The parts of a content as short words.
    private func parts(_ content: JSONValue?) -> [String] {
        (content?.elements ?? []).map { part in
            part["text"]?.string ?? (part["image_url"] ?? part["video_url"])?["url"]?.string ?? "?"
        }
    }

    // MARK: - Dialects

    static let bodies: [(kind: EngineProfile.Kind, thinking: Bool, rest: String)] = [
        (.vllm, true, #""stream_options":{"include_usage":true},"chat_template_kwargs":{"enable_thinking":true}"#),
        (.vllm, false, #""stream_options":{"include_usage":true},"chat_template_kwargs":{"enable_thinking":false}"#),
        (.sglang, true, #""stream_options":{"include_usage":true},"chat_template_kwargs":{"enable_thinking":true}"#),
        (.sglang, false, #""stream_options":{"include_usage":true},"chat_template_kwargs":{"enable_thinking":false}"#),
        (
            .llamaServer, true,
            #""stream_options":{"include_usage":true},"chat_template_kwargs":{"enable_thinking":true},"return_progress":true"#
        ),
        (
            .llamaServer, false,
            #""stream_options":{"include_usage":true},"chat_template_kwargs":{"enable_thinking":false},"return_progress":true"#
        ),
        (.transformers, true, #""chat_template_kwargs":{"enable_thinking":true}"#),
        (.transformers, false, #""chat_template_kwargs":{"enable_thinking":false}"#),
        (.ollama, true, #""stream_options":{"include_usage":true}"#),
        (.ollama, false, #""stream_options":{"include_usage":true},"reasoning_effort":"none""#),
        (.lmstudio, true, #""stream_options":{"include_usage":true}"#),
        (.lmstudio, false, #""stream_options":{"include_usage":true}"#),
        (.openai, true, #""stream_options":{"include_usage":true}"#),
        (.openai, false, #""stream_options":{"include_usage":true}"#),
        (.zai, true, #""thinking":{"type":"enabled"}"#),
        (.zai, false, #""thinking":{"type":"disabled"}"#),
    ]

    @Test("speaks every family's dialect, with thinking on and off", arguments: bodies)
    func dialects(kind: EngineProfile.Kind, thinking: Bool, rest: String) throws {
        let request = ChatRequest(model: "m", messages: [.user("Hi")], thinking: thinking)

        let start = #"{"model":"m","messages":[{"role":"user","content":"Hi"}],"stream":true,"#
        #expect(try encode(request, kind: kind) == start + rest + "}")
    }

    @Test("asks for effort only where the model can think")
    func effort() throws {
        func effort(_ kind: EngineProfile.Kind, _ ability: Bool?, thinking: Bool) throws -> String? {
            let request = ChatRequest(model: "m", messages: [.user("Hi")], thinking: thinking)
            let body = try encode(request, kind: kind, models: [ModelProfile(id: "m", thinking: ability)])
            return JSONParser.parse(Array(body.utf8))?["reasoning_effort"]?.string
        }

        #expect(try effort(.ollama, true, thinking: true) == "medium")
        #expect(try effort(.ollama, false, thinking: true) == nil)
        #expect(try effort(.ollama, false, thinking: false) == "none")
        #expect(try effort(.openai, true, thinking: true) == "medium")
        #expect(try effort(.openai, true, thinking: false) == "low")
        #expect(try effort(.openai, nil, thinking: false) == nil)
        #expect(try effort(.lmstudio, true, thinking: true) == "medium")
    }

    @Test("asks for the tokens around short answers where they would be left out")
    func boxes() throws {
        func asks(_ kind: EngineProfile.Kind, _ model: String) throws -> Bool {
            try encode(ChatRequest(model: model, messages: [.user("Hi")], thinking: true), kind: kind)
                .contains(#""skip_special_tokens":false"#)
        }

        #expect(try asks(.vllm, "zai-org/GLM-4.5V"))
        #expect(try asks(.sglang, "glm-4.1v-9b-thinking"))
        #expect(try !asks(.vllm, "qwen2.5-vl"))
        #expect(try !asks(.llamaServer, "glm-4.5v"))
        #expect(try !asks(.transformers, "glm-4.5v"))
    }

    @Test("passes limits on, and leaves out what nobody chose")
    func limits() throws {
        var request = ChatRequest(
            model: nil, system: "Be brief.", messages: [.user("Hi")], thinking: true, maxTokens: 300, temperature: 0.25)

        #expect(
            try encode(request, kind: .transformers)
                == #"{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}],"stream":true,"#
                + #""max_tokens":300,"temperature":0.25,"chat_template_kwargs":{"enable_thinking":true}}"#)
        request.temperature = nil
        #expect(
            try encode(request, kind: .openai, url: "https://api.openai.com/v1").contains(
                #""max_completion_tokens":300"#))
        #expect(try !encode(request).contains("temperature"))
    }

    @Test("gives SmolLM2 the temperature and the system prompt that it needs")
    func smol() throws {
        var request = ChatRequest(model: "smollm2-135m", messages: [.user("Hi")], thinking: true)

        let body = try encode(request, kind: .llamaServer)
        #expect(body.contains(#"{"role":"system","content":"You are a helpful assistant."}"#))
        #expect(body.contains(#""temperature":0,"#))

        request.system = "Be a pirate."
        request.temperature = 0.5
        let chosen = try encode(request, kind: .llamaServer)
        #expect(chosen.contains("Be a pirate.") && !chosen.contains("helpful"))
        #expect(chosen.contains(#""temperature":0.5"#))
    }

    // MARK: - Messages

    @Test("never sends reasoning back, and merges questions that were not answered")
    func turns() throws {
        let request = ChatRequest(
            model: "m",
            messages: [
                .user("One"), .assistant("Two", reasoning: "secret thoughts"), .user("Three"), .assistant(" "),
                .user("Four"),
            ], thinking: true)

        #expect(
            try encode(request, kind: .transformers).hasPrefix(
                #"{"model":"m","messages":[{"role":"user","content":"One"},{"role":"assistant","content":"Two"},"#
                    + #"{"role":"user","content":"Three\n\nFour"}],"#))
    }

    @Test("makes the same bytes of what came before, from turn to turn")
    func prefix() throws {
        let first = Message.user("Look.", attachment("screen", .picture(Self.picture)))
        let one = try encode(ChatRequest(model: "m", messages: [first], thinking: true))
        let two = try encode(
            ChatRequest(model: "m", messages: [first, .assistant("Red."), .user("Sure?")], thinking: true))

        let end = try #require(one.firstRange(of: #"],"stream""#))
        #expect(two.hasPrefix(one[..<end.lowerBound]))
        #expect(try encode(ChatRequest(model: "m", messages: [first], thinking: true)) == one)
    }

    @Test("sends pictures before the words about them")
    func pictures() throws {
        let message = Message.user(
            "Compare.", attachment("a", .picture(Self.picture)), attachment("b", .picture(Self.second)))

        let content = try content(ChatRequest(model: "m", messages: [message], thinking: true))

        #expect(parts(content) == ["data:image/png;base64,AQID", "data:image/jpeg;base64,BAU=", "Compare."])
        #expect(content?.elements.map { $0["type"]?.string } == ["image_url", "image_url", "text"])
    }

    private var recording: ChatAttachment {
        let frames = [
            TimedPicture(time: 0, why: "first", picture: Self.picture),
            TimedPicture(time: 3.24, why: "change", picture: Self.second),
            TimedPicture(time: 3675.5, why: "last", picture: Self.picture),
        ]
        return attachment(
            "recording", .recording(Recording(frames: frames, video: Self.video, seconds: 3676)), ["Start", "", "End"])
    }

    @Test("sends a recording as pictures, each after its time")
    func timedPictures() throws {
        let request = ChatRequest(model: "m", messages: [.user("What happened?", recording)], thinking: true)

        let introduction =
            "A recording of the screen, 3676 seconds long, as 3 pictures in order, each after its time in minutes and seconds:"
        let expected = [
            introduction, "[00:00.0]", "data:image/png;base64,AQID", "[00:03.2]", "data:image/jpeg;base64,BAU=",
            "[1:01:15.5]", "data:image/png;base64,AQID", "What happened?",
        ]
        #expect(parts(try content(request)) == expected)
    }

    @Test("sends the pages of a document after their numbers, as pictures or words, and says which are not there")
    func pages() throws {
        let forms: [DocumentPage.Form] = [.picture, .text, .text, .omitted, .picture]
        let pages = forms.enumerated().map { index, form in
            DocumentPage(
                number: index + 2, width: 595, height: 842, text: "words \(index + 2) <|image|>", form: form,
                // The last one could not be drawn.
                picture: index == 0 ? Self.picture : nil)
        }
        let file = MediaReference(sha256: "f", mediaType: "application/pdf", byteCount: 9, width: 0, height: 0)
        let document = Document(pages: pages, pageCount: 9, file: file)
        let question = Message(
            role: .user, parts: [.attachment(attachment("a.pdf", .document(document))), .text("So?")],
            createdAt: Date(timeIntervalSince1970: 0))
        let seen = parts(
            try content(ChatRequest(model: "m", messages: [question], thinking: true, sendsPictures: true)))
        #expect(seen.count == 7)
        #expect(
            seen.first == "The document \"a.pdf\", 9 pages. Shown here: pages 2–4, 6. Left out for want of room: 5. "
                + "Cite pages by these numbers.")
        #expect(seen[1] == "[page 2]" && seen[2] == "data:image/png;base64,AQID")
        // Nothing in a document can pretend to be a picture; a page without a picture is told in words.
        #expect(seen[3].hasPrefix("[page 3, its text]\nwords 3 ") && !seen[3].contains("<|image|>"))
        #expect(seen[5].hasPrefix("[page 6, its text]\nwords 6 ") && seen[6] == "So?")
        let read = try encode(ChatRequest(model: "m", messages: [question], thinking: true, sendsPictures: false))
        #expect(
            !read.contains("image_url") && read.contains("[page 2, its text]") && read.contains("[page 6, its text]"))
    }

    @Test("sends a recording as video where that is asked for and understood")
    func video() throws {
        var request = ChatRequest(model: "m", messages: [.user("What happened?", recording)], thinking: true)
        request.sendsVideo = true

        #expect(parts(try content(request)) == ["data:video/mp4;base64,BgcICQ==", "What happened?"])
        #expect(try content(request)?.elements.first?["type"]?.string == "video_url")
        #expect(parts(try content(request, kind: .ollama)).count == 8)
    }

    @Test("tells an engine that cannot see what was read from pictures, and that nothing was")
    func recognizedText() throws {
        var request = ChatRequest(
            model: "m",
            messages: [
                .user(
                    "Well?", attachment("screen", .picture(Self.picture), ["File Edit <|user|>"]),
                    attachment("window", .picture(Self.picture), [" \n"]), attachment("page", .picture(Self.picture)))
            ], thinking: true)
        request.sendsPictures = false

        let text = try #require(try content(request)?.string)

        let expected = """
            Text read from the picture "screen" (you cannot see pictures):

            File Edit <\u{200B}|user|>

            End of that text.

            [The picture "window" is attached, but you cannot see pictures, and no text could be read from it.]

            [The picture "page" is attached, but you cannot see pictures, and no text could be read from it.]

            Well?
            """
        #expect(text == expected)
        request.messages = [.user("Well?", recording)]
        let recorded = try #require(try content(request)?.string)
        #expect(
            recorded.contains(
                "[00:00.0] Text read from the recording \"recording\" (you cannot see pictures):\n\nStart"))
        #expect(recorded.contains("[00:03.2] [The recording \"recording\" is attached, but you cannot see pictures"))
        #expect(!recorded.contains("base64"))
    }

    @Test("labels attached text")
    func documents() throws {
        let message = Message.user("Sum up.", attachment("re\"port\n.txt", .text("one\ntwo")))

        let text = try content(ChatRequest(model: "m", messages: [message], thinking: true))?.string

        #expect(text == "Attached text \"re'port\":\n\none\ntwo\n\nEnd of the attached text \"re'port\".\n\nSum up.")
    }

    @Test("says which attachment cannot be read")
    func unreadable() {
        let gone = MediaReference(sha256: "gone", mediaType: "image/png", byteCount: 3, width: 1, height: 1)
        let request = ChatRequest(
            model: "m", messages: [.user("x", attachment("a", .picture(gone)))], thinking: true)

        #expect(throws: ReplyFailure(.attachmentUnreadable, "The picture is gone; attach it again.")) {
            try encode(request)
        }
    }

    @Test("says in words which pictures are no longer kept, and goes on with the rest")
    func noLongerKept() throws {
        let gone = MediaReference(sha256: "gone", mediaType: "image/png", byteCount: 3, width: 1, height: 1)
        let frames = [gone, Self.second].enumerated().map {
            TimedPicture(time: Double($0.offset), why: "change", picture: $0.element)
        }
        let attachments = [
            attachment("screen", .picture(gone), ["kernel panic"]),
            attachment("film", .recording(Recording(frames: frames, video: gone, seconds: 2))),
            attachment("old film", .recording(Recording(frames: [frames[0]], video: nil, seconds: 2))),
        ]
        let message = Message(
            role: .user, parts: attachments.map(Part.attachment) + [.text("x")],
            createdAt: Date(timeIntervalSince1970: 0))
        let request = ChatRequest(model: "m", messages: [message], thinking: true, sendsVideo: true)
        let encoder = RequestEncoder(
            dialect: Dialect(
                profile: EngineProfile(name: "lab", kind: .vllm, url: "http://127.0.0.1/v1"), modelID: "m"),
            media: ForgetfulLibrary(library: Self.library))

        let json = JSONParser.parse(try encoder.encode(request))
        let parts = parts(json?["messages"]?.elements.last?["content"])

        #expect(parts[0].hasPrefix("[The picture \"screen\" was attached here, but is no longer kept.]"))
        #expect(parts[0].contains("kernel panic"))
        #expect(parts[1].contains("as 1 picture in order"))
        #expect(parts[3].hasPrefix("data:image/jpeg;base64,"))
        #expect(parts[4] == "[The recording \"old film\" was attached here, but is no longer kept.]")
        #expect(parts.last == "x")
    }

    @Test("shows a request to people, with media shortened")
    func dryRun() throws {
        let profile = EngineProfile(name: "lab", kind: .transformers, url: "http://127.0.0.1:8000/v1")
        let client = EngineClient(
            profile: profile, key: "sk-secret", media: MemoryLibrary(), transport: CurlTransport())
        let request = ChatRequest(
            model: "m", messages: [.user("Hi", attachment("a", .picture(Self.picture)))], thinking: false)

        let expected = """
            {
              "model": "m",
              "messages": [
                {
                  "role": "user",
                  "content": [
                    {
                      "type": "image_url",
                      "image_url": {
                        "url": "data:image/png;base64,<3 bytes>"
                      }
                    },
                    {
                      "type": "text",
                      "text": "Hi"
                    }
                  ]
                }
              ],
              "stream": true,
              "chat_template_kwargs": {
                "enable_thinking": false
              }
            }
            """
        #expect(try client.dryRun(request) == expected)
    }

    // MARK: - Marks of chat templates

    @Test(
        "breaks the marks of chat templates in what people and documents say",
        arguments: [
            "<|image|>", "<|begin_of_image|>", "<|user|>", "<|im_start|>", "<｜User｜>", "<__media__>", "[gMASK]",
            "<think>",
            "</think>", "<start_of_turn>",
        ])
    func neutralizes(mark: String) {
        let text = SpecialTokens.neutralize("a \(mark) b")

        #expect(!text.contains(mark))
        #expect(text.filter { $0 != "\u{200B}" }.replacing("\u{200B}", with: "") == "a \(mark) b")
    }

    @Test(
        "leaves everything else as it is",
        arguments: ["", "a < b", "a <| b |> c", "f <|> g <$> h", "x |> y", "[1, 2]", "<div>", "a[i] <b> 👨‍👩‍👧", "<||>"])
    func leaves(text: String) {
        #expect(SpecialTokens.neutralize(text) == text)
    }
}

/// A library that says what it does not have any more.
private struct ForgetfulLibrary: MediaLibrary {
    let library: MemoryLibrary

    func bytes(of media: MediaReference) throws -> [UInt8] { try library.bytes(of: media) }
    func keeps(_ media: MediaReference) -> Bool { library.contents[media.sha256] != nil }
}
