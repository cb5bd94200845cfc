internal import Conversation

/// What one event of a streamed reply says, in whatever dialect it says it.
struct ReplyChunk: Equatable {
    /// More of the reasoning, from a field of its own.
    var reasoning: String?
    /// More of the answer; reasoning may be in it, between tags.
    var content: String?
    /// The engine's word for why the reply ends.
    var finishReason: String?
    /// The model that answers.
    var model: String?
    /// The tokens used so far.
    var usage: Usage?
    /// Tokens generated a second.
    var tokensPerSecond: Double?
    /// Tokens of the prompt worked through, and in all.
    var progress: (done: Int, total: Int)?
    /// What went wrong in the middle of the reply.
    var error: JSONValue?

    /// Reads an event; nil when it is not a JSON object.
    init?(_ bytes: [UInt8]) {
        // Half an object, as a reply that broke off ends with, need not be read to its end to be known for one.
        guard bytes.last(where: { $0 > 0x20 }) == UInt8(ascii: "}"), let json = JSONParser.parse(bytes),
            case .object = json
        else { return nil }
        self.init(json)
    }

    init(_ json: JSONValue) {
        // An engine that was asked for several replies sends them in turn; only the first is shown.
        let choice = json["choices"]?.elements.first { ($0["index"]?.count ?? 0) == 0 }
        // Engines that do not stream send a whole message.
        if let delta = choice?["delta"] ?? choice?["message"] {
            reasoning = (delta["reasoning_content"] ?? delta["reasoning"])?.string
            content = delta["content"]?.string
        }
        finishReason = choice?["finish_reason"]?.string
        model = json["model"]?.string
        error = json["error"] ?? (json["object"]?.string == "error" ? json : nil)
        usage = json["usage"].flatMap { Self.usage($0) }
        if let timings = json["timings"] {
            tokensPerSecond = timings["predicted_per_second"]?.number.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
            if usage == nil { usage = Self.usage(timings: timings) }
            usage?.prefillSeconds = timings["prompt_ms"]?.number.flatMap { $0 > 0 && $0.isFinite ? $0 / 1000 : nil }
        }
        if let progress = json["prompt_progress"], let total = progress["total"]?.count {
            self.progress = (min(progress["processed"]?.count ?? 0, total), total)
        }
    }

    /// Whether it says anything that belongs to a reply.
    var isUsable: Bool {
        reasoning != nil || content != nil || finishReason != nil || usage != nil || model != nil || progress != nil
    }

    static func == (one: ReplyChunk, other: ReplyChunk) -> Bool {
        one.reasoning == other.reasoning && one.content == other.content && one.finishReason == other.finishReason
            && one.model == other.model && one.usage == other.usage && one.tokensPerSecond == other.tokensPerSecond
            && one.error == other.error && one.progress?.done == other.progress?.done
            && one.progress?.total == other.progress?.total
    }

    private static func usage(_ json: JSONValue) -> Usage? {
        guard let prompt = json["prompt_tokens"]?.count else { return nil }
        let total = json["total_tokens"]?.count
        return Usage(
            promptTokens: prompt,
            completionTokens: json["completion_tokens"]?.count ?? total.map { max(0, $0 - prompt) } ?? 0,
            cachedTokens: json["prompt_tokens_details"]?["cached_tokens"]?.count,
            reasoningTokens: (json["completion_tokens_details"]?["reasoning_tokens"] ?? json["reasoning_tokens"])?.count
        )
    }

    /// llama.cpp counts in its timings even when no usage was asked for.
    private static func usage(timings: JSONValue) -> Usage? {
        guard let prompt = timings["prompt_n"]?.count, let completion = timings["predicted_n"]?.count else {
            return nil
        }
        let cached = timings["cache_n"]?.count
        return Usage(promptTokens: prompt + (cached ?? 0), completionTokens: completion, cachedTokens: cached)
    }
}
