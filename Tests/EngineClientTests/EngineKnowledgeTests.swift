import Conversation
import EngineClient
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#endif

@Suite struct EngineKnowledgeTests {
    private let now = Date(timeIntervalSince1970: 1_000_000)
    private let profile = EngineProfile(
        name: "lab", kind: .vllm, url: "http://127.0.0.1:8000/v1", version: "1",
        models: [ModelProfile(id: "m"), ModelProfile(id: "n")])

    private var knowledge: EngineKnowledge {
        var knowledge = EngineKnowledge()
        knowledge.note(sees: true, model: "m", of: profile, at: now)
        return knowledge
    }

    @Test("fills in what the engine does not say, for a day")
    func fills() {
        let stored = EngineKnowledge(decoding: knowledge.encoded())
        #expect(stored == knowledge)
        #expect(stored.completing(profile, at: now + 3600).models.map(\.vision) == [true, nil])
        #expect(stored.completing(profile, at: now + 86_401).models.map(\.vision) == [nil, nil])
        #expect(stored.completing(profile, at: now - 60).models[0].vision == nil)
    }

    @Test("knows nothing of an engine that has changed")
    func changed() {
        var other = profile
        other.version = "2"
        #expect(knowledge.completing(other, at: now).models[0].vision == nil)
        other = profile
        other.models.append(ModelProfile(id: "o"))
        #expect(knowledge.completing(other, at: now).models[0].vision == nil)
        other = profile
        other.models[0].vision = false
        #expect(knowledge.completing(other, at: now).models[0].vision == false)
    }

    @Test("ignores a damaged or foreign file")
    func damaged() {
        let bytes = knowledge.encoded()
        for count in 0..<bytes.count {
            #expect(EngineKnowledge(decoding: Array(bytes.prefix(count))) == EngineKnowledge())
        }
        #expect(EngineKnowledge(decoding: Array(#"{"format":9,"entries":[]}"#.utf8)) == EngineKnowledge())
    }
}
