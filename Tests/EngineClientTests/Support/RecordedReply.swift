import Conversation

@testable import EngineClient

#if canImport(FoundationEssentials)
    import FoundationEssentials
#endif

/// A recorded reply or refusal, and what it says, as it was read off the recording by other means than ours.
struct RecordedReply: Sendable, Decodable, CustomStringConvertible {
    var name: String
    /// "finished", "brokenOff", or the kind of the failure.
    var outcome: String
    /// The status; nil for 200.
    var status: Int?
    /// Whether it is one JSON text and no stream.
    var whole: Bool?
    var reasoning: String?
    var answer: String?
    var finish: String?
    /// Tokens of the prompt, of the completion, from the cache, of the reasoning.
    var usage: [Int?]?
    var model: String?
    var prefills: Int?
    var sentence: String?

    var description: String { name }

    static let all: [RecordedReply] = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        guard let data = try? Data(contentsOf: folder.appending(path: "Recordings/expected.json")) else { return [] }
        return (try? JSONDecoder().decode([RecordedReply].self, from: data)) ?? []
    }()

    /// Those that are streams of events.
    static var streams: [RecordedReply] { all.filter { $0.isReply && $0.whole != true } }

    var isReply: Bool { outcome == "finished" || outcome == "brokenOff" }

    /// What the reader makes of a body, from the status on, without a connection.
    func read(_ body: [UInt8], piece: Int = .max) -> (said: Said, failure: ReplyFailure?) {
        var decoder = ReplyDecoder(explainer: Self.explainer, requestedModel: nil)
        if !isReply {
            return (Said(), Self.explainer.failure(HTTPHead(status: status ?? 200), body: body))
        } else if whole == true {
            decoder.feedWhole(body)
        } else {
            var rest = body[...]
            while !rest.isEmpty {
                decoder.feed(Array(rest.prefix(piece)))
                rest = rest.dropFirst(piece)
            }
            decoder.end()
        }
        if case .failed(let failure) = decoder.outcome { return (Said(decoder.deltas), failure) }
        return (Said(decoder.deltas), nil)
    }

    static let explainer = FailureExplainer.sample(models: ["tiny-glm-4.1v", "other"], keyName: "LAB_KEY")
}
