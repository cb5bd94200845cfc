/// An error as an engine words it.
struct EngineError {
    /// The engine's sentence; empty when it gave none.
    let message: String
    /// The engine's word for what went wrong.
    let type: String
    private let promptTokens: Int?
    private let contextTokens: Int?

    /// Reads the body of a refusal, which may be JSON of several shapes, or text.
    init(_ body: [UInt8]) {
        if let json = JSONParser.parse(body) {
            self.init(json)
        } else {
            // A web page says nothing that people want to read in a sentence.
            let text = String(decoding: body.prefix(2000), as: UTF8.self)
            self.init(.string(text.trimmed.hasPrefix("<") ? "" : text))
        }
    }

    /// Reads what an engine sent: `{"error":{"message":…}}`, `{"error":"…"}`, `{"message":…}`, `{"detail":…}` or a string.
    init(_ json: JSONValue) {
        let error = json["error"] ?? json
        message =
            error.string ?? error["message"]?.string ?? error["detail"]?.string ?? error["detail"]?.elements.first
            .map(Self.validation) ?? ""
        type = error["type"]?.string ?? error["code"]?.string ?? ""
        promptTokens = error["n_prompt_tokens"]?.count
        contextTokens = error["n_ctx"]?.count
    }

    /// A validation error of FastAPI: what is wrong, and where.
    private static func validation(_ json: JSONValue) -> String {
        let place = json["loc"]?.elements.compactMap { $0.string ?? $0.count.map(String.init) }.joined(separator: ".")
        return [place, json["msg"]?.string].compactMap { $0 }.joined(separator: ": ")
    }

    // MARK: - What it means

    private var lowercased: String { message.lowercased() }

    private func says(_ phrases: [String]) -> Bool {
        let words = lowercased
        return phrases.contains { words.contains($0) }
    }

    /// Whether the engine still loads its model, as llama-server says it.
    var isAboutLoading: Bool { says(["loading model"]) }

    /// Whether the request was longer than the model's context.
    var isContextTooLong: Bool {
        if type == "exceed_context_size_error" || type == "context_length_exceeded" { return true }
        // A limit on the reply is the caller's to change, and no matter of the conversation's length.
        if says(["max_tokens=", "max_completion_tokens="]) { return false }
        return says([
            "maximum context length", "context length (", "available context size", "context window",
            "exceeds max length", "exceeds the context", "exceeds context", "prompt is too long", "prompt too long",
            "input is too long",
        ])
    }

    /// Tokens of the request, where the engine says so.
    var tokensNeeded: Int? {
        promptTokens
            ?? number(after: [
                "request (", "the input (", "resulted in ", "you requested ", "prompt contains at least ",
                "prompt contains ", "request has ",
            ])
    }

    /// Tokens that fit, where the engine says so.
    var tokenLimit: Int? {
        contextTokens
            ?? number(after: ["maximum context length is ", "context length (", "context length of ", "context size ("])
    }

    /// The number of tokens after the first of some words; a number of characters is none.
    private func number(after phrases: [String]) -> Int? {
        for phrase in phrases {
            guard let range = lowercased.firstRange(of: phrase) else { continue }
            let rest = lowercased[range.upperBound...]
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ",") }
            guard let number = Int(digits.filter { $0 != "," }) else { continue }
            if rest.dropFirst(digits.count).hasPrefix(" character") { continue }
            return number
        }
        return nil
    }

    /// Whether it is about pictures or video that the model does not take.
    var isAboutSight: Bool {
        says([
            "image input is not supported", "video input is not supported", "is not a multimodal model",
            "does not support image", "does not support images", "doesn't support image", "does not support vision",
            "does not support multimodal", "missing data required for image input", "image_url is only supported",
            "at most 0 image", "at most 0 video", "unknown variant `image_url`", "no support for image",
            "not support image input", "does not support video",
        ])
    }

    /// Whether the engine does not have the model.
    func isAboutModel(status: Int?) -> Bool {
        if type == "model_not_found" { return true }
        let words = lowercased
        if words.contains("server is pinned to") { return true }
        guard status == 404 || status == 400 || status == nil else { return false }
        return words.contains("model")
            && says(["does not exist", "not found", "no such model", "unknown model", "model not exist"])
    }
}
