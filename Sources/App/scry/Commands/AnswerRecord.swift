import Conversation

/// What `scry ask --json` prints; the property names are the keys of the contract.
struct AnswerRecord: Encodable {
    struct Timing: Encodable {
        @OrNull var first_token_ms: Int?
        @OrNull var total_ms: Int?
    }

    struct Medium: Encodable {
        var kind: String
        var bytes: Int
        @OrNull var width: Int?
        @OrNull var height: Int?
        @OrNull var sha256: String?

        /// What was sent for an attachment.
        static func list(_ attachment: Attachment) -> [Medium] {
            switch attachment.content {
            case .picture(let picture): [medium("image", picture)]
            case .recording(let recording): recording.frames.map { medium("frame", $0.picture) }
            case .document(let document):
                document.pages.compactMap { page in
                    switch page.form {
                    case .picture: page.picture.map { medium("page", $0) }
                    case .text: Medium(kind: "page text", bytes: page.text.utf8.count)
                    case .omitted, nil: nil
                    }
                }
            case .text(let text): [Medium(kind: "text", bytes: text.utf8.count)]
            }
        }

        private static func medium(_ kind: String, _ media: MediaReference) -> Medium {
            Medium(kind: kind, bytes: media.byteCount, width: media.width, height: media.height, sha256: media.sha256)
        }
    }

    var answer: String
    var reasoning: String
    var engine: String
    var model: String
    var finish_reason: String
    @OrNull var usage: UsageRecord?
    var timing: Timing
    var attachments: [Medium]
    @OrNull var chat: String?
}

/// Usage with the keys of the OpenAI protocol.
struct UsageRecord: Encodable {
    var prompt_tokens: Int
    var completion_tokens: Int
    var cached_tokens: Int?
    var reasoning_tokens: Int?

    init(_ usage: Usage) {
        prompt_tokens = usage.promptTokens
        completion_tokens = usage.completionTokens
        cached_tokens = usage.cachedTokens
        reasoning_tokens = usage.reasoningTokens
    }
}
