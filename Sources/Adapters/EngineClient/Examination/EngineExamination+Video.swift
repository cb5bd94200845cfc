internal import Conversation

/// What the answers about recordings mean, and what helps.
extension EngineExamination {
    private static let usual = "recordings go as pictures with their times"

    /// Whether a video was seen; nil when the engine did not answer.
    func isSeen(_ reply: ExaminedReply) -> Bool? {
        if let failure = reply.failure { return failure.saysNothingOfMedia ? nil : false }
        return SightTest.Colour.blue.isNamed(by: reply.words)
    }

    /// - Parameter reply: nil where the engine's family takes no video.
    func video(_ reply: ExaminedReply?) -> Finding {
        let help: String? =
            switch profile.kind {
            case .vllm: "start vLLM with --limit-mm-per-prompt '{\"image\":16,\"video\":1}'"
            case .llamaServer: "ffmpeg and ffprobe have to be on the engine's PATH"
            default: nil
            }
        guard let reply else {
            return finding("video", .open, "\(profile.kind.rawValue) takes none; \(Self.usual)")
        }
        let isUsed = profile.takesVideo(model)
        if reply.failure != nil {
            return finding(
                "video", isUsed ? .fails : .open, "it is refused: \(sentence(reply)) So \(Self.usual).", help)
        }
        guard isSeen(reply) == true else {
            return finding(
                "video", isUsed ? .fails : .open, "it is taken, and its colour is not seen; \(Self.usual)", help)
        }
        return finding("video", .works, "it is taken and seen\(isUsed ? "" : "; \(Self.usual) all the same")")
    }

    func frameLists(_ proof: FrameListProof) -> Finding {
        let part = "frame list"
        let fallback = "long recordings go as pictures with their times"
        switch proof {
        case .takes(.timed): return finding(part, .works, "it is taken and seen, every frame with its time")
        case .takes:
            return finding(
                part, .works, "it is taken and seen; the frames' times go in words",
                "vLLM takes the times themselves with --trust-request-mm-kwargs")
        case .refuses(let failure): return finding(part, .open, "it is refused: \(failure.message) So \(fallback).")
        case .blind: return finding(part, .open, "it is taken, and its colour is not seen; \(fallback)")
        case .drops:
            return finding(
                part, .open, "some frames of \(FrameListAbility.mostFrames) do not arrive; \(fallback)",
                "start vLLM with --media-io-kwargs '{\"video\":{\"num_frames\":-1}}'")
        case .failed(let failure): return finding(part, .fails, failure.message)
        }
    }

    func pictureCount(_ most: Int?) -> Finding {
        guard let most else {
            return finding("many pictures", .works, "\(FrameListAbility.mostFrames + 1) in one message are taken")
        }
        return finding(
            "many pictures", .open, "a message takes \(most) at most",
            "start vLLM with --limit-mm-per-prompt '{\"image\":\(FrameListAbility.mostFrames),\"video\":1}'")
    }
}
