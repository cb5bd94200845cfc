internal import Conversation

/// How an engine is asked to go on with a reply.
///
/// vLLM, SGLang and llama-server go on from a last message of the assistant. The others are asked again, with a sentence:
/// they would begin a new reply after such a message.
extension Dialect {
    /// A request as the engine can be asked it: where it cannot go on with a reply, one that asks again.
    func adapted(_ request: ChatRequest) -> ChatRequest {
        guard let reply = request.continuing, !profile.continuesReplies else { return request }
        var request = request
        request.continuing = nil
        guard let question = request.messages.last else { return request }
        func say(_ words: String, as role: Message.Role) {
            request.messages.append(Message(role: role, parts: [.text(words)], createdAt: question.createdAt))
        }
        if !reply.answer.allSatisfy(\.isWhitespace) {
            say(reply.answer, as: .assistant)
            say("Go on exactly where you stopped. Do not repeat anything, and do not say that you go on.", as: .user)
            request.thinking = false
        } else if reply.endsThinking {
            say("Answer at once, without thinking about it any longer.", as: .user)
            request.thinking = false
        }
        return request
    }

    /// What is gone on with; nil for a new reply.
    private func reply(of request: ChatRequest) -> ReplySoFar? {
        guard profile.continuesReplies, let reply = request.continuing else { return nil }
        return reply.reasoning.isEmpty && reply.answer.isEmpty ? nil : reply
    }

    /// Writes what the reply has said already, as the last message.
    func writeReplySoFar(of request: ChatRequest, to json: inout JSONWriter) {
        guard let reply = reply(of: request) else { return }
        let reasoning = SpecialTokens.neutralize(reply.reasoning)
        let answer = SpecialTokens.neutralize(reply.answer)
        json.object { (json: inout JSONWriter) in
            json.member("role", "assistant")
            if profile.kind == .llamaServer {
                if !reasoning.isEmpty { json.member("reasoning_content", reasoning) }
                json.member("content", answer)
            } else {
                json.member("content", thoughts(reasoning, isOver: reply.endsThinking) + answer)
            }
        }
    }

    /// Thoughts between their tags, with the line breaks that the model's template has there: vLLM looks for this very text in
    /// what the template makes of it.
    private func thoughts(_ reasoning: String, isOver: Bool) -> String {
        let words = reasoning.trimmed
        guard !words.isEmpty else { return "" }
        let (open, close) = traits.hasTightTags ? ("<think>", "</think>\n") : ("<think>\n", "\n</think>\n\n")
        // SGLang puts the text behind what begins the reply, which has the tag already.
        let hasTag = profile.kind == .sglang && traits.promptBeginsThinking
        return (hasTag ? "" : open) + (isOver ? words + close : reasoning)
    }

    /// Writes that the last message is to be gone on with.
    func writeContinuation(of request: ChatRequest, to json: inout JSONWriter) {
        guard let reply = reply(of: request) else { return }
        if profile.kind == .llamaServer {
            json.member("continue_final_message", reply.endsThinking ? "content" : "reasoning_content")
        } else {
            json.member("continue_final_message", true)
        }
        json.member("add_generation_prompt", false)
        // SGLang's parser does not know where in the reply it begins; the tags themselves tell.
        if profile.kind == .sglang { json.member("separate_reasoning", false) }
    }

    /// Whether the reply begins inside of the thinking, without an opening tag.
    func startsInReasoning(_ request: ChatRequest) -> Bool {
        guard let reply = reply(of: request) else { return startsInReasoning(thinking: request.thinking) }
        // llama-server sends each in a field of its own, from wherever it goes on.
        return !reply.endsThinking && profile.kind != .llamaServer
    }

    /// Whether the reply goes on in the middle of a text, so that blanks at its beginning count.
    func continuesWords(_ request: ChatRequest) -> Bool {
        guard let reply = reply(of: request) else { return false }
        return reply.endsThinking ? !reply.answer.isEmpty : profile.kind != .llamaServer
    }

    // MARK: - Switches of the model

    /// What is written behind a question to switch thinking off, where the engine has no switch and the model knows a word.
    func softSwitch(thinking: Bool) -> String? {
        guard !thinking, profile.kind == .lmstudio || profile.kind == .openai else { return nil }
        return traits.wordAgainstThinking
    }

    /// Writes how the model's makers recommend to sample, to the engines that do not read it from the model.
    func writeSampling(to json: inout JSONWriter) {
        guard profile.kind == .llamaServer || profile.kind == .lmstudio, let sampling = traits.sampling else { return }
        json.member("temperature", sampling.temperature)
        json.member("top_p", sampling.topP)
        json.member("top_k", sampling.topK)
    }
}
