import Foundation
import Testing

@testable import EngineHost

struct ModelStoreTests {
    private func put(_ model: HubModel, in store: ModelStore, whole: Bool = true) throws {
        try PrivateFile.makeDirectory(store.path(of: model))
        try PrivateFile.write([1], to: store.path(of: model) + "/" + model.weights.name)
        if whole { try PrivateFile.write([1], to: store.path(of: model) + "/" + model.projector.name) }
    }

    @Test(
        "memory and disk choose what is offered",
        arguments: [
            (1, 100, nil), (2, 100, "smolvlm2-500m"), (4, 100, "smolvlm2-500m"), (5, 100, "smolvlm2-2.2b"),
            (15, 100, "smolvlm2-2.2b"), (16, 100, "glm-4.6v-flash"), (64, 4, "smolvlm2-2.2b"), (64, 2, "smolvlm2-500m"),
            (64, 1, nil),
        ])
    func suggestion(memory: Int, disk: Int, name: String?) throws {
        let bench = try Workbench()
        let store = ModelStore(directory: bench.directories.models)
        #expect(store.suggestion(for: Machine(freeMemory: memory << 30, freeDisk: disk << 30))?.name == name)
    }

    @Test("a model that is as good as the machine can carry is not offered again, a better one is")
    func fetched() throws {
        let bench = try Workbench()
        let store = ModelStore(directory: bench.directories.models)
        let (large, middle) = (HubModel.all[0], HubModel.all[1])
        try put(middle, in: store, whole: false)
        #expect(store.fetched.isEmpty)
        try put(middle, in: store)
        #expect(store.fetched.map(\.name) == [middle.name])
        #expect(store.suggestion(for: Machine(freeMemory: 8 << 30, freeDisk: 100 << 30)) == nil)
        #expect(store.suggestion(for: Machine(freeMemory: 32 << 30, freeDisk: 100 << 30)) == large)
        #expect(store.best(for: Machine(freeMemory: 32 << 30, freeDisk: 0))?.name == middle.name)
        #expect(store.best(for: Machine(freeMemory: 1 << 30, freeDisk: 0)) == nil)
        try store.remove(named: middle.name)
        #expect(store.fetched.isEmpty)
        #expect(throws: EngineHostFailure.self) { try store.remove(named: "../..") }
    }

    @Test("a model is named by its name, its beginning or a path; what is not here says how to get it")
    func naming() throws {
        let bench = try Workbench(sharesEngine: false)
        let store = ModelStore(bench.directories)
        #expect(try store.named("SmolLM2", projector: nil) == .small)
        #expect(
            try store.named("/x/Some-Model.gguf", projector: "/x/eyes.gguf")
                == .files(ModelFiles(name: "Some-Model", weights: "/x/Some-Model.gguf", projector: "/x/eyes.gguf")))
        let relative = try store.named("a.gguf", projector: nil)
        guard case .files(let files) = relative else { return #expect(Bool(false), "\(relative)") }
        #expect(files.weights == FileManager.default.currentDirectoryPath + "/a.gguf" && files.name == "a")

        let absent = #expect(throws: EngineHostFailure.self) { try store.named("glm", projector: nil) }
        #expect(absent?.message.contains("fetch it (7.1 GB, MIT) with: scry engine fetch glm-4.6v-flash") == true)
        let unknown = #expect(throws: EngineHostFailure.self) { try store.named("llava", projector: nil) }
        #expect(unknown?.message.contains("smollm2-135m") == true)
        let several = #expect(throws: EngineHostFailure.self) { try store.named("smolvlm2", projector: nil) }
        #expect(several?.message.contains("smolvlm2-2.2b, smolvlm2-500m") == true)
        #expect(throws: EngineHostFailure.self) { try store.named("", projector: nil) }
        try put(HubModel.all[0], in: store)
        #expect(try store.named("glm-4.6v", projector: nil).name == "glm-4.6v-flash")
    }

    @Test("what is here of a model is told, also of a fetch that was cut")
    func entries() throws {
        let bench = try Workbench(sharesEngine: false)
        let store = ModelStore(bench.directories)
        #expect(store.entries.map(\.bytesHere) == [0, 0, 0, 0] && !store.entries.contains(where: \.isWhole))
        let model = HubModel.all[2]
        try PrivateFile.makeDirectory(store.path(of: model))
        try PrivateFile.write([1, 2, 3], to: store.path(of: model) + "/" + model.weights.name + ".part")
        #expect(store.entries.map(\.bytesHere) == [0, 0, 3, 0] && !store.entries.contains(where: \.isWhole))
        try put(model, in: store)
        #expect(store.entries[2].isWhole && store.entries[2].sees && !store.entries[3].sees)
    }

    @Test("the table is in order and complete")
    func table() {
        #expect(HubModel.all.map(\.memory) == HubModel.all.map(\.memory).sorted(by: >))
        for model in HubModel.all {
            #expect(model.memory > model.bytes && !model.license.isEmpty)
            let offer = ModelOffer(model, hub: "https://hub.example")
            #expect(offer.bytes == model.bytes && offer.files.count == 2)
            #expect(
                offer.files[0].url
                    == "https://hub.example/\(model.repository)/resolve/main/\(model.weights.name)")
        }
    }

    @Test("free memory is read out of Linux's own account")
    func memory() {
        #expect(Machine.availableMemory("MemTotal: 9 kB\nMemAvailable:    1048576 kB\nBuffers: 3 kB\n") == 1 << 30)
        for odd in ["", "MemAvailable:", "MemAvailable: x kB", "MemAvailable: -", "Mem"] {
            #expect(Machine.availableMemory(odd) == 0)
        }
        let machine = Machine.measured(disk: "/no/such/directory")
        #expect(machine.freeMemory > 0 && machine.freeDisk > 0)
    }

    @Test("the processor's cores are counted without their second threads")
    func processor() {
        let thread = { (id: Int, core: Int) in
            "processor\t: \(id)\nphysical id\t: 0\ncore id\t\t: \(core)\nflags\t\t: fpu avx2 fma f16c bmi2\n\n"
        }
        let full = Processor(cpuinfo: thread(0, 0) + thread(1, 0) + thread(2, 1) + thread(3, 1))
        #expect(full.cores == 2 && full.flags.contains("avx2"))
        let old = Processor(cpuinfo: "processor : 0\nflags : fpu sse2 fma\nprocessor : 1\n")
        #expect(old.cores == 2)
        #if arch(x86_64)
            #expect(full.missingForPrebuiltEngine.isEmpty)
            #expect(old.missingForPrebuiltEngine == ["AVX2", "F16C", "BMI2"])
        #endif
        #expect(Processor(cpuinfo: "").cores == 1)
    }
}
