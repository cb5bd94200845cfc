import Conversation
import Testing

@testable import EngineClient

@Suite struct FailureExplainerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var kind: ReplyFailure.Kind
        var sentence: String
        var testDescription: String { name }
    }

    static let recorded = [
        Case(
            name: "llama-server/err-401-no-key", kind: .unauthorized,
            sentence: "The engine at http://127.0.0.1:8000 wants an API key; set LAB_KEY."),
        Case(
            name: "vllm-apikey-noparser/err-401-chat", kind: .unauthorized,
            sentence: "The engine at http://127.0.0.1:8000 wants an API key; set LAB_KEY."),
        Case(
            name: "llama-server/err-context-too-long", kind: .contextTooLong(needed: 6031, limit: 2048),
            sentence:
                "The conversation is too long for the model: 6031 tokens where 2048 fit; begin a new chat or attach less."
        ),
        Case(
            name: "vllm/err-context-too-long", kind: .contextTooLong(needed: nil, limit: 8192),
            sentence: "The conversation is too long for the model: 8192 tokens fit; begin a new chat or attach less."),
        Case(
            name: "vllm/err-max-tokens-too-big", kind: .refused(status: 400),
            sentence: "The engine refused the request (HTTP 400): max_tokens=999999 cannot be greater than "
                + "max_model_len=8192. Please request fewer output tokens. (parameter=max_tokens, value=999999)."),
        Case(
            name: "llama-server/err-image-on-text-model", kind: .cannotSee,
            sentence: "The model \"nope\" cannot see what was attached; choose a model that sees."),
        Case(
            name: "vllm/err-unknown-model", kind: .modelMissing,
            sentence: "The engine at http://127.0.0.1:8000 has no model \"nope\"; it has tiny-glm-4.1v, other."),
        Case(
            name: "transformers-serve/err-wrong-model", kind: .modelMissing,
            sentence: "The engine at http://127.0.0.1:8000 has no model \"nope\"; it has tiny-glm-4.1v, other."),
        Case(
            name: "vllm/err-too-many-images", kind: .refused(status: 400),
            sentence: "The engine refused the request (HTTP 400): At most 4 image(s) may be provided in one prompt. "
                + "(parameter=image)."),
        Case(
            name: "vllm/err-bad-part-type", kind: .refused(status: 400),
            sentence: "The engine refused the request (HTTP 400): 8 validation errors for ValidatorIterator."),
        Case(
            name: "transformers-serve/err-unknown-field-top_k", kind: .refused(status: 422),
            sentence: "The engine refused the request (HTTP 422): Unexpected fields in the request: {'top_k'}."),
        Case(
            name: "transformers-serve/err-bad-json", kind: .refused(status: 422),
            sentence: "The engine refused the request (HTTP 422): body.15: JSON decode error."),
        Case(
            name: "transformers-serve/err-no-messages", kind: .engineError,
            sentence:
                "The engine at http://127.0.0.1:8000 failed (HTTP 500): Internal Server Error; try again, or see its log."
        ),
        Case(
            name: "vllm/err-405", kind: .refused(status: 405),
            sentence: "The engine refused the request (HTTP 405): Method Not Allowed."),
    ]

    @Test("explains recorded refusals", arguments: recorded)
    func explainsRecorded(_ expected: Case) throws {
        let explainer = FailureExplainer.sample(models: ["tiny-glm-4.1v", "other"], keyName: "LAB_KEY")
        let reply = try RecordedEngine.reply(expected.name)

        let failure = explainer.failure(reply.head, body: reply.body)

        #expect(failure.kind == expected.kind)
        #expect(failure.message == expected.sentence)
    }

    @Test(
        "understands how engines say that a request is too long",
        arguments: [
            (
                #"{"object":"error","message":"The input (9001 tokens) is longer than the model's context length (8192 tokens).","code":400}"#,
                9001, 8192
            ),
            (
                #"{"error":{"message":"This model's maximum context length is 4097 tokens. However, your messages resulted in 5,000 tokens.","code":"context_length_exceeded"}}"#,
                5000, 4097
            ),
            (
                #"{"error":{"message":"This model's maximum context length is 8192 tokens. However, you requested 9000 tokens (8000 in the messages)."}}"#,
                9000, 8192
            ),
        ])
    func contextTooLong(body: String, needed: Int, limit: Int) {
        let failure = FailureExplainer.sample().failure(HTTPHead(status: 400), body: Array(body.utf8))

        #expect(failure.kind == .contextTooLong(needed: needed, limit: limit))
    }

    @Test(
        "understands how engines say that a model cannot see",
        arguments: [
            #"{"error":{"message":"tiny-glm4-text is not a multimodal model","code":400}}"#,
            #"{"error":{"message":"this model is missing data required for image input"}}"#,
            #"{"error":{"message":"Invalid content type. image_url is only supported by certain models."}}"#,
            #"{"error":"Model does not support images. Please use a model that does."}"#,
        ])
    func cannotSee(body: String) {
        let withPicture = FailureExplainer.sample().failure(HTTPHead(status: 400), body: Array(body.utf8))
        let withoutPicture = FailureExplainer.sample(hasMedia: false).failure(
            HTTPHead(status: 400), body: Array(body.utf8))

        #expect(withPicture.kind == .cannotSee)
        #expect(withoutPicture.kind == .refused(status: 400))
    }

    @Test("explains statuses that need no words")
    func statuses() {
        let explainer = FailureExplainer.sample(key: "sk-secret-1", keyName: "LAB_KEY")
        func sentence(_ status: Int, _ headers: [HTTPRequest.Header] = [], _ body: String = "") -> String {
            explainer.failure(HTTPHead(status: status, headers: headers), body: Array(body.utf8)).message
        }

        #expect(
            sentence(401) == "The engine at http://127.0.0.1:8000 refuses the API key (HTTP 401); check LAB_KEY.")
        #expect(sentence(429) == "The engine has too many requests; try again in a moment.")
        #expect(sentence(429, [("retry-after", "30")]) == "The engine has too many requests; try again in 30 seconds.")
        #expect(
            sentence(307, [("Location", "https://user:secret@elsewhere.example/v1?key=1")])
                == "The engine at http://127.0.0.1:8000 sends its callers on to https://elsewhere.example/v1; "
                + "set that address as the engine's url.")
        #expect(
            sentence(404, [], "<html><body>nginx</body></html>")
                == "There is no chat interface at http://127.0.0.1:8000/v1; check the engine's url, which usually ends in /v1."
        )
        #expect(
            sentence(503, [], #"{"error":{"message":"Loading model","type":"unavailable_error","code":503}}"#)
                == "The engine at http://127.0.0.1:8000 is still loading its model; ask again in a moment.")
        #expect(
            explainer.failure(HTTPHead(status: 413), body: []).kind == .contextTooLong(needed: nil, limit: nil))
    }

    @Test("lets neither the key nor an escape sequence of the engine's into a sentence")
    func hostileWords() {
        let explainer = FailureExplainer.sample(key: "sk-secret-1")
        let body = "\u{1B}[31mBad\u{202E} key sk-secret-1\u{7}\u{9B}2J" + String(repeating: "x", count: 5000) + "\nmore"

        let message = explainer.failure(HTTPHead(status: 400), body: Array(body.utf8)).message

        #expect(message.hasPrefix("The engine refused the request (HTTP 400): [31mBad key …2Jxxx"))
        #expect(message.count < 300)
        #expect(!message.contains("sk-secret-1"))
        #expect(!message.unicodeScalars.contains { $0.properties.generalCategory == .control })
        #expect(!message.unicodeScalars.contains { $0.properties.generalCategory == .format })
    }

    @Test("keeps a user's name and password in an engine's URL to itself")
    func userInfo() {
        let profile = EngineProfile(name: "lab", kind: .vllm, url: "http://me:hush@lab.example:8000/v1")
        let explainer = FailureExplainer(
            profile: profile, key: nil, keyName: nil, model: nil, hasMedia: false, patience: nil)

        #expect(
            explainer.failure(TransportFailure(.refused)).message
                == "Nothing answers at http://lab.example:8000. Is the engine running?")
    }
}
