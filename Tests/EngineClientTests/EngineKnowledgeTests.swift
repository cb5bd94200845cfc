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
        knowledge.note(ProvenAbilities(sees: true), by: .sight, model: "m", of: profile, at: now)
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

    @Test("believes an examination more than what an engine says, and leaves out what it did not prove")
    func examination() {
        var knowledge = knowledge
        let proven = ProvenAbilities(sees: false, video: false, frameLists: .untimed, pictures: 4, thinking: true)
        knowledge.note(proven, by: .examination, model: "m", of: profile, at: now + 60)
        knowledge.note(ProvenAbilities(thinking: false), by: .examination, model: "n", of: profile, at: now + 60)
        var said = profile
        said.models[0] = ModelProfile(id: "m", contextLength: 9, vision: true, video: true, thinking: false)
        said.models[1].vision = true
        let known = EngineKnowledge(decoding: knowledge.encoded()).completing(said, at: now + 120).models
        #expect(
            known[0]
                == ModelProfile(
                    id: "m", contextLength: 9, vision: false, video: false, frameLists: .untimed, thinking: true,
                    limits: MediaLimits(pictures: 4)))
        #expect(known[1] == ModelProfile(id: "n", vision: true, thinking: false))
        // After a day the engine's word counts again; so it does when the engine was updated.
        #expect(knowledge.completing(said, at: now + 86_461).models == said.models)
        said.version = "2"
        #expect(knowledge.completing(said, at: now + 120).models == said.models)
    }

    @Test("adds what was found out about recordings where the engine says nothing")
    func videoForms() {
        var knowledge = knowledge
        knowledge.note(
            ProvenAbilities(frameLists: .timed, pictures: 4), by: .videoForms, model: "m", of: profile, at: now)
        let known = knowledge.completing(profile, at: now).models
        #expect(known[0].vision == true && known[0].frameLists == .timed && known[0].limits.pictures == 4)
        #expect(known[1].frameLists == nil)
        var said = profile
        said.models[0].limits.pictures = 50
        #expect(knowledge.completing(said, at: now).models[0].limits.pictures == 50)
        // The families that know no lists are not asked.
        let other = EngineProfile(name: "o", kind: .ollama, url: "http://o/v1", models: [ModelProfile(id: "m")])
        #expect(knowledge.completing(other, at: now).models[0].frameLists == .refused)
    }

    @Test("knows what was tried, by whom, and what need not be tried again")
    func tried() {
        var knowledge = EngineKnowledge()
        func tried(_ trial: EngineKnowledge.Trial) -> Bool {
            knowledge.hasTried(trial, "m", of: profile, at: now)
        }
        #expect(!tried(.sight) && !tried(.videoForms))
        knowledge.note(ProvenAbilities(), by: .sight, model: "m", of: profile, at: now)
        #expect(tried(.sight) && !tried(.videoForms))
        #expect(knowledge.proven("m", of: profile, at: now) == ModelProfile(id: "m"))
        // An examination that has not come to recordings says nothing of them, and replaces what was known before.
        knowledge.note(ProvenAbilities(sees: true), by: .examination, model: "m", of: profile, at: now)
        #expect(tried(.sight) && !tried(.videoForms))
        #expect(knowledge.proven("m", of: profile, at: now).vision == true)
        knowledge.note(ProvenAbilities(thinking: true), by: .examination, model: "m", of: profile, at: now)
        #expect(!tried(.sight) && knowledge.proven("m", of: profile, at: now).vision == nil)
    }
}
