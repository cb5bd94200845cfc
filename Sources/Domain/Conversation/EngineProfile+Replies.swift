extension EngineProfile {
    /// Whether a reply goes on token for token from what it has said already (`ChatRequest.continuing`).
    ///
    /// Elsewhere the engine is asked again, with a sentence that tells it to go on or to answer at once; a reply that was
    /// still thinking begins its thoughts anew.
    public var continuesReplies: Bool { [.vllm, .sglang, .llamaServer].contains(kind) }

    /// Whether it keeps to a thinking budget itself (`ChatRequest.thinkingBudget`).
    ///
    /// Elsewhere whoever asks counts what is thought, and asks again with `ReplySoFar(…, endsThinking: true)` when the budget
    /// is spent.
    public var limitsThinking: Bool { kind == .llamaServer }
}
