import Conversation
import TestSupport
import Testing

@testable import EngineClient

#if canImport(FoundationEssentials)
    import FoundationEssentials
#endif

/// Every recording of an engine, whole, cut and garbled.
@Suite(.serialized) struct RecordedReplyTests {
    private func expectSame(_ said: Said, _ recording: RecordedReply) {
        #expect(said.reasoning == recording.reasoning ?? "")
        #expect(said.answer == recording.answer ?? "")
        #expect(said.finish?.name == recording.finish)
        #expect(said.models == [recording.model].compactMap { $0 })
        #expect(said.prefills.count == recording.prefills ?? 0)
        let usage = said.usage.map { [$0.promptTokens, $0.completionTokens, $0.cachedTokens, $0.reasoningTokens] }
        // A reply that breaks off says nothing final about its tokens.
        if recording.outcome == "finished" { #expect(usage == recording.usage) }
    }

    @Test("knows what every recording says") func complete() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Recordings")
        var names: Set<String> = []
        for engine in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            for file in (try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/" + engine)) ?? []
            where file.hasSuffix(".http") { names.insert("\(engine)/\(file.dropLast(5))") }
        }
        // These are answers to a probe, not to a question.
        let probes = ["health", "models", "ping", "version", "slots", "input-tokens"]
        let others = names.subtracting(RecordedReply.all.map(\.name)).filter { name in
            !probes.contains { name.contains($0) }
        }

        #expect(others.isEmpty)
        #expect(RecordedReply.all.count == 105)
    }

    @Test("says what the engine said, or why it did not", arguments: RecordedReply.all)
    func whole(_ recording: RecordedReply) throws {
        let (said, failure) = recording.read(try RecordedEngine.body(recording.name))

        expectSame(said, recording)
        #expect(failure?.message == recording.sentence)
        let kind = failure.map { "\($0.kind)".prefix { $0 != "(" } } ?? "finished"
        #expect(kind == recording.outcome)
    }

    @Test("says the same over a real connection", arguments: RecordedReply.all)
    func connected(_ recording: RecordedReply) async throws {
        let bytes = try RecordedEngine.http(recording.name)
        let engine = try ScriptedEngine { _ in .recording(bytes) }
        defer { engine.stop() }
        let profile = EngineProfile(
            name: "lab", kind: .openai, url: engine.url,
            models: [ModelProfile(id: "tiny-glm-4.1v"), ModelProfile(id: "other")])
        let client = EngineClient(
            profile: profile, keyName: "LAB_KEY", media: MemoryLibrary(), transport: CurlTransport(), retries: .never)
        var said = Said()
        var sentence: String?
        do {
            for try await delta in client.reply(
                to: ChatRequest(model: "nope", messages: [.user("?")], thinking: true))
            { said.add(delta) }
        } catch let failure as ReplyFailure {
            sentence = failure.message
        }

        said.models.removeAll { $0 != recording.model }
        expectSame(said, recording)
        let place = engine.url.replacing("/v1", with: "")
        // Without a picture in the question, a refusal of pictures is quoted.
        if recording.outcome != "cannotSee" {
            #expect(sentence == recording.sentence?.replacing("http://127.0.0.1:8000", with: place))
        }
    }

    @Test("gives the beginning, and says that it broke off, wherever the bytes end", arguments: RecordedReply.streams)
    func everyPrefix(_ recording: RecordedReply) async throws {
        let body = try RecordedEngine.body(recording.name)
        var decoder = ReplyDecoder(explainer: RecordedReply.explainer, requestedModel: nil)
        var said = Beginning(of: recording)
        var faults: [Int] = []
        for (length, byte) in body.enumerated() {
            if length % 32 == 0 { await Task.yield() }
            // A decoder is a value: a copy ends here, and the original goes on.
            var ended = decoder
            ended.end()
            var here = said
            here.take(&ended)
            let isRight =
                switch ended.outcome {
                case .finished: here.isWholeAnswer && here.finish?.name == recording.finish
                case .failed(let failure):
                    here.finish == nil
                        && (failure.kind == .brokenOff || (failure.kind == .garbled && here.answerCount == 0))
                case nil: false
                }
            if !here.isBeginning || !isRight { faults.append(length) }
            decoder.feed([byte])
            said.take(&decoder)
        }
        #expect(faults.isEmpty)
        #expect(said.isBeginning && said.isWholeReasoning)
    }

    @Test(
        "never takes a piece of a reply or a refusal for the whole", arguments: RecordedReply.all.filter { !$0.isReply }
    )
    func refusalPrefixes(_ recording: RecordedReply) async throws {
        let body = try RecordedEngine.body(recording.name)
        for length in 0...body.count {
            // Lets tests that wait for a clock have their turn.
            await Task.yield()
            let failure = try #require(recording.read(Array(body.prefix(length))).failure)
            #expect(failure.message.hasSuffix(".") && failure.message.count < 400)
        }
    }

    @Test("survives ten thousand garbled replies, and says no more than there were bytes", arguments: 0..<20)
    func garbled(seed: Int) async throws {
        var random = SeededRandom(seed: 2026 + UInt64(seed))
        let bodies = try RecordedReply.all.map { ($0, Array(try RecordedEngine.body($0.name).prefix(2500))) }
        for _ in 0..<500 {
            // Lets tests that wait for a clock have their turn.
            await Task.yield()
            var (recording, body) = bodies[Int.random(in: 0..<bodies.count, using: &random)]
            random.garble(&body)

            let (said, failure) = recording.read(body, piece: Int.random(in: 1...2000, using: &random))

            #expect(failure != nil || said.finish != nil)
            // Repairing a broken byte takes three, and nothing is said twice.
            #expect(said.answer.utf8.count + said.reasoning.utf8.count <= 3 * body.count)
            #expect((failure?.message.count ?? 0) < 600)
        }
    }

    @Test("survives garbled and cut HTTP over a real connection") func garbledHTTP() async throws {
        var random = SeededRandom(seed: 7)
        let names = ["llama-server-glm/think-default", "vllm/text-logprobs", "transformers-serve/think-false"]
        let transport = CurlTransport()
        for round in 0..<150 {
            var bytes = try RecordedEngine.http(names[round % names.count])
            if round % 2 == 0 { bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random))) }
            if round % 3 != 0, !bytes.isEmpty { random.garble(&bytes) }
            let engine = try ScriptedEngine { [bytes] _ in .recording(bytes) }
            defer { engine.stop() }
            let client = EngineClient(
                profile: EngineProfile(name: "lab", kind: .openai, url: engine.url), media: MemoryLibrary(),
                transport: transport,
                limits: ReplyLimits(firstWord: .seconds(2), silence: .seconds(2)), retries: .never)
            var said = Said()
            do {
                for try await delta in client.reply(
                    to: ChatRequest(model: nil, messages: [.user("?")], thinking: false))
                { said.add(delta) }
                #expect(said.finish != nil)
            } catch {
                #expect(error is ReplyFailure)
            }
        }
    }
}

extension SeededRandom {
    /// Changes, removes, inserts and repeats bytes.
    mutating func garble(_ body: inout [UInt8]) {
        for _ in 0..<Int.random(in: 1...40, using: &self) {
            guard !body.isEmpty else { break }
            let index = Int.random(in: 0..<body.count, using: &self)
            switch Int.random(in: 0..<5, using: &self) {
            case 0: body[index] = UInt8.random(in: 0...255, using: &self)
            case 1: body.remove(at: index)
            case 2: body.insert(UInt8.random(in: 0...255, using: &self), at: index)
            case 3: body.insert(contentsOf: body[index..<min(body.count, index + 60)], at: index)
            default: body.removeSubrange(index..<min(body.count, index + 100))
            }
        }
        if body.isEmpty { body = [0] }
    }
}
