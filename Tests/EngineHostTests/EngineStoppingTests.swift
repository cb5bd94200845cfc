import Conversation
import Foundation
import Glibc
import Synchronization
import Testing

@testable import EngineHost

@Suite(.serialized, .timeLimit(.minutes(5)))
struct EngineStoppingTests {
    @Test("stop ends the engine of another program, and nobody who shared it starts another")
    func stop() async throws {
        let bench = try Workbench()
        #expect(try await EngineHost.stopRunning(in: bench.directories) == .notRunning)
        let (owner, guest) = (bench.host(), bench.host())
        var (ownerEvents, guestEvents) = (owner.events.makeAsyncIterator(), guest.events.makeAsyncIterator())
        let engine = try await owner.start()
        _ = try await guest.start()
        let status = try #require(await EngineHost.status(in: bench.directories))
        #expect(status.engine?.profile == engine.profile && status.processID == engine.processID)
        #expect(status.owner == getpid() && !status.isKept)
        #expect(try #require(status.residentBytes) > 20_000_000)
        #expect(abs(try #require(status.since) - Date().timeIntervalSince1970) < 60)

        #expect(try await EngineHost.stopRunning(in: bench.directories) == .stopped(process: engine.processID))
        #expect(!isAlive(engine.processID) && EngineHost.wasStopped(in: bench.directories))
        _ = await ownerEvents.next()
        _ = await guestEvents.next()
        for event in [await ownerEvents.next(), await guestEvents.next()] {
            guard case .died(let sentence) = event else {
                Issue.record("\(event as Any) in place of the end")
                continue
            }
            #expect(sentence.contains("scry engine stop"))
        }
        #expect(await owner.running == nil)
        #expect(await guest.running == nil)
        #expect(await EngineHost.status(in: bench.directories) == nil)
        // Whoever starts one on purpose has it again.
        #expect(isAlive(try await guest.start().processID))
        #expect(!EngineHost.wasStopped(in: bench.directories))
        await guest.stop()
        await owner.stop()
    }

    @Test("a process that only has the engine's number is left alone")
    func stranger() async throws {
        let bench = try Workbench()
        try PrivateFile.makeDirectory(bench.directories.runtime)
        let lock = try #require(try FileLock.take(bench.directories.lock))
        let stranger = Mutex<Int32>(0)
        let task = Task {
            try await GuardedChild.run(["sleep", "100"], output: .lines { _ in }) { process in
                stranger.withLock { $0 = process }
            }
        }
        try #require(await eventually { stranger.withLock { $0 } != 0 })
        let process = stranger.withLock { $0 }
        var record = EngineRecord.own(isKept: true)
        record.engine = process
        record.engineStart = 1
        try record.write(bench.directories.record)
        let failure = await #expect(throws: EngineHostFailure.self) {
            try await EngineHost.stopRunning(in: bench.directories)
        }
        #expect(failure?.message.contains("Process \(process) is no engine") == true)
        #expect(isAlive(process) && !EngineHost.wasStopped(in: bench.directories))
        // While another Scry is still installing, nothing is ended either.
        try EngineRecord.own(isKept: false).write(bench.directories.record)
        await #expect(throws: EngineHostFailure.self) { try await EngineHost.stopRunning(in: bench.directories) }
        task.cancel()
        _ = await task.result
        withExtendedLifetime(lock) {}
    }

    @Test("what a program that was killed left behind is no engine")
    func leftovers() async throws {
        let bench = try Workbench()
        try PrivateFile.makeDirectory(bench.directories.runtime)
        var record = EngineRecord.own(isKept: true)
        record.engine = getpid()
        record.engineStart = record.ownerStart
        try record.write(bench.directories.record)
        #expect(await EngineHost.status(in: bench.directories) == nil)
        #expect(try await EngineHost.stopRunning(in: bench.directories) == .notRunning)
        #expect(access(bench.directories.record, F_OK) != 0)
    }

    @Test("an engine that runs with another model is not taken for the one that was asked for")
    func otherModel() async throws {
        let bench = try Workbench()
        let owner = bench.host()
        _ = try await owner.start()
        let guest = bench.host {
            $0.model = nil
            $0.wanted = "smollm2"
        }
        let failure = await #expect(throws: EngineHostFailure.self) { try await guest.start() }
        #expect(failure?.kind == .unsuitable && failure?.message.contains("tiny-glm") == true)
        #expect(await guest.running == nil)
        #expect(await owner.running != nil)
        await owner.stop()
    }

    @Test("a model is found by its path, with the context and the port that were asked for")
    func path() async throws {
        let bench = try Workbench()
        let port = try #require(try EngineEndpoint.freePort().port)
        let host = bench.host {
            $0.model = nil
            $0.wanted = Workbench.tiny.weights
            $0.projector = Workbench.tiny.projector
            $0.contextLength = 2048
            $0.port = port
        }
        let engine = try await host.start()
        #expect(engine.profile.url == "http://127.0.0.1:\(port)/v1" && engine.key != nil)
        let model = try #require(engine.profile.models.first)
        #expect(model.id == "tiny-glm41v" && model.contextLength == 2048 && model.vision == true)
        let other = bench.host { $0.port = port }
        #expect(try await other.start().isShared)
        await other.stop()
        await host.stop()
    }

    @Test("the keeper tells when the engine answers, and ends when it is stopped")
    func keeper() async throws {
        let bench = try Workbench()
        let host = bench.host { $0.isKeeper = true }
        let words = AsyncStream<EngineKeeper.Word>.makeStream()
        #expect(!EngineKeeper.isRunning(in: bench.directories))
        let task = Task {
            try await EngineKeeper.run(host, in: bench.directories) { words.continuation.yield($0) }
        }
        for await word in words.stream where word.isReady == true { break }
        #expect(EngineKeeper.isRunning(in: bench.directories))
        #expect(await EngineHost.status(in: bench.directories)?.isKept == true)
        await #expect(throws: EngineHostFailure.self) {
            try await EngineKeeper.run(bench.host(), in: bench.directories) { _ in }
        }
        // This very program is the keeper here, and of course does not go with its engine.
        let engine = try #require(await host.running?.processID)
        kill(engine, 0)
        try PrivateFile.write([], to: bench.directories.stopMark)
        kill(engine, SIGTERM)
        #expect(try await task.value?.contains("scry engine stop") == true)
        #expect(!EngineKeeper.isRunning(in: bench.directories) && !isAlive(engine))
    }

    @Test("a keeper whose engine does not start says why")
    func keeperFails() async throws {
        let bench = try Workbench()
        let host = bench.host {
            $0.model = nil
            $0.wanted = "nothing"
        }
        let words = Mutex<[EngineKeeper.Word]>([])
        await #expect(throws: EngineHostFailure.self) {
            try await EngineKeeper.run(host, in: bench.directories) { word in words.withLock { $0.append(word) } }
        }
        let last = try #require(words.withLock { $0.last })
        #expect(last.failure?.contains("no model nothing") == true && last.isAboutModel == true)
        #expect(EngineKeeper.Word(last.line) == last && EngineKeeper.Word("rubbish") == nil)
    }

    @Test("a program that is launched to stay has a session of its own, and speaks through a pipe")
    func detached() async throws {
        let program = try DetachedProgram("/bin/sh", ["-c", "echo one; ps -o sid= -p $$; cat; echo last"])
        var lines: [String] = []
        for await line in program.lines() { lines.append(line) }
        // `cat` ends at once: there is nothing to read.
        #expect(lines.count == 3 && lines.first == "one" && lines.last == "last")
        #expect(Int32(lines[1].filter { $0 != " " }) == program.processID)
        var status: Int32 = 0
        #expect(waitpid(program.processID, &status, 0) == program.processID && status == 0)
        #expect(throws: EngineHostFailure.self) { try DetachedProgram("/no/such/program", []) }
    }

    @Test("a process is known by its number and its start together")
    func facts() throws {
        let line = "7 (a) b (c) S 1 7 7 0 -1 4194560 1 0 0 0 1 2 0 0 20 0 5 0 4711 1000000 25 18446744073709551615 1 1"
        let facts = try #require(ProcessFacts(stat: line, pageSize: 4096))
        #expect(facts.start == 4711 && facts.residentBytes == 102_400)
        #expect(ProcessFacts(stat: line.replacing(" S ", with: " Z "), pageSize: 4096) == nil)
        for odd in ["", "7 (", "7 (x)", "7 (x) S 1", ")"] { #expect(ProcessFacts(stat: odd, pageSize: 4096) == nil) }
        let own = try #require(ProcessFacts(of: getpid()))
        #expect(ProcessFacts.isSame(getpid(), startedAt: own.start) && own.residentBytes > 1_000_000)
        #expect(!ProcessFacts.isSame(getpid(), startedAt: own.start + 1) && !ProcessFacts.isSame(nil, startedAt: nil))
        #expect(ProcessFacts(of: 0) == nil && ProcessFacts(of: -1) == nil)
    }
}
