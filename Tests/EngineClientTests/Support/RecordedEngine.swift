import Conversation
import Synchronization
import TestSupport

@testable import EngineClient

#if canImport(FoundationEssentials)
    import FoundationEssentials
#endif

/// Bytes that a real engine sent.
enum RecordedEngine {
    /// The whole of a recording, from the status line on.
    static func http(_ name: String) throws -> [UInt8] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return Array(try Data(contentsOf: folder.appending(path: "Recordings/\(name).http")))
    }

    /// The body of a recording, without the head and the framing of chunks.
    static func body(_ name: String) throws -> [UInt8] {
        let bytes = try http(name)
        var index = 0
        while Array(bytes[index..<index + 4]) != [13, 10, 13, 10] { index += 1 }
        let head = String(decoding: bytes[..<index], as: UTF8.self).lowercased()
        var rest = bytes[(index + 4)...]
        guard head.contains("transfer-encoding: chunked") else { return Array(rest) }
        var body: [UInt8] = []
        while let end = rest.firstIndex(of: 13) {
            guard let count = Int(String(decoding: rest[rest.startIndex..<end], as: UTF8.self), radix: 16), count > 0
            else {
                break
            }
            // A recording of a cancelled reply ends in the middle of a chunk.
            let stop = min(end + 2 + count, rest.endIndex)
            body += rest[min(end + 2, stop)..<stop]
            rest = rest[min(stop + 2, rest.endIndex)...]
        }
        return body
    }

    /// The status and the body of a recording.
    static func reply(_ name: String) throws -> (head: HTTPHead, body: [UInt8]) {
        let line = String(decoding: try http(name).prefix { $0 != 13 }, as: UTF8.self)
        let status = Int(line.split(separator: " ")[1]) ?? 0
        return (HTTPHead(status: status), try body(name))
    }
}

/// What a reply said in all.
struct Said: Equatable {
    var reasoning = ""
    var answer = ""
    var usage: Usage?
    var models: [String] = []
    var prefills: [Int] = []
    var retries = 0
    var finish: FinishReason?

    init(_ deltas: [ReplyDelta] = []) {
        for delta in deltas { add(delta) }
    }

    mutating func add(_ delta: ReplyDelta) {
        switch delta {
        case .reasoning(let text): reasoning += text
        case .answer(let text): answer += text
        case .usage(let usage): self.usage = usage
        case .model(let model): models.append(model)
        case .prefill(let done, _): prefills.append(done)
        case .retrying: retries += 1
        case .finished(let reason): finish = reason
        }
    }
}

/// Media that exist in memory only.
struct MemoryLibrary: MediaLibrary {
    var contents: [String: [UInt8]] = [:]

    func bytes(of media: MediaReference) throws -> [UInt8] {
        guard let bytes = contents[media.sha256] else {
            throw ReplyFailure(.attachmentUnreadable, "The picture is gone; attach it again.")
        }
        return bytes
    }
}

extension FailureExplainer {
    static func sample(
        _ kind: EngineProfile.Kind = .vllm, models: [String] = [], model: String? = "nope", key: String? = nil,
        keyName: String? = nil, hasMedia: Bool = true
    ) -> Self {
        let profile = EngineProfile(
            name: "lab", kind: kind, url: "http://127.0.0.1:8000/v1", models: models.map { ModelProfile(id: $0) })
        return FailureExplainer(
            profile: profile, key: key, keyName: keyName, model: model, hasMedia: hasMedia, patience: .seconds(600))
    }
}

// Swift Testing has attachments of its own, which hide ours in the files that import it.
typealias ChatAttachment = Attachment

extension Message {
    static func user(_ text: String, _ attachments: Attachment...) -> Message {
        Message(
            role: .user, parts: attachments.map { .attachment($0) } + [.text(text)],
            createdAt: Date(timeIntervalSince1970: 0))
    }

    static func assistant(_ text: String, reasoning: String? = nil) -> Message {
        Message(
            role: .assistant, parts: (reasoning.map { [.reasoning(Reasoning(text: $0))] } ?? []) + [.text(text)],
            createdAt: Date(timeIntervalSince1970: 0))
    }
}

extension ReplyDecoder {
    /// Everything that a body says when it is fed in pieces of some length.
    static func decode(
        _ body: [UInt8], piece: Int = .max, model: String? = nil, startsInReasoning: Bool = false
    ) -> (said: Said, outcome: Outcome?) {
        var decoder = ReplyDecoder(explainer: .sample(), requestedModel: model, startsInReasoning: startsInReasoning)
        var rest = body[...]
        while !rest.isEmpty {
            decoder.feed(Array(rest.prefix(piece)))
            rest = rest.dropFirst(piece)
        }
        decoder.end()
        return (Said(decoder.deltas), decoder.outcome)
    }
}

/// Waits until something is the case; false when it is not within ten seconds.
func eventually(_ isSo: () -> Bool) async -> Bool {
    let deadline = ContinuousClock.now + .seconds(10)
    while ContinuousClock.now < deadline {
        if isSo() { return true }
        await Task.yield()
        try? await Task.sleep(for: .milliseconds(2))
    }
    return isSo()
}
