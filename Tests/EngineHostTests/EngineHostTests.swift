import Conversation
import Foundation
import Glibc
import Synchronization
import Testing

@testable import EngineHost

/// One after the other: each runs a real engine, and the first installs it.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct EngineHostTests {
    @Test("a model that sees is served on a socket, and nothing is left after stop")
    func seeingModel() async throws {
        let bench = try Workbench()
        let host = bench.host()
        let engine = try await host.start()
        #expect(engine.profile.name == "own")
        #expect(engine.profile.kind == .llamaServer)
        #expect(engine.profile.isOwn && engine.profile.isLocal)
        #expect(engine.profile.socket == bench.directories.socket)
        #expect(engine.profile.url == "http://localhost/v1")
        #expect(engine.key == nil && !engine.isShared)
        let model = try #require(engine.profile.models.first)
        #expect(model == ModelProfile(id: "tiny-glm", contextLength: 4096, vision: true, video: true, thinking: true))
        #expect(isAlive(engine.processID))
        #expect(try await host.start() == engine)
        #expect(await EngineHost.current(in: bench.directories) == engine)

        await host.stop()
        #expect(!isAlive(engine.processID))
        #expect(access(bench.directories.socket, F_OK) != 0)
        #expect(await host.running == nil)
        #expect(await EngineHost.current(in: bench.directories) == nil)
        #expect(try FileLock.take(bench.directories.lock) != nil)
    }

    @Test("files and directories are private to their owner")
    func modes() async throws {
        let bench = try Workbench()
        let host = bench.host()
        _ = try await host.start()
        func mode(_ path: String) -> UInt32 {
            var facts = stat()
            return stat(path, &facts) == 0 ? facts.st_mode & 0o777 : 0
        }
        #expect(mode(bench.directories.runtime) == 0o700)
        #expect(mode(bench.directories.state) == 0o700)
        for file in [bench.directories.socket, bench.directories.lock, bench.directories.record, bench.directories.log]
        {
            #expect(mode(file) & 0o077 == 0 && mode(file) != 0, "\(file)")
        }
        await host.stop()
        _ = try await host.start()
        await host.stop()
        #expect(access(bench.directories.log + ".1", F_OK) == 0)
    }

    @Test("without a model of one's own the small one is installed and served")
    func smallModel() async throws {
        let bench = try Workbench()
        let host = bench.host { $0.model = nil }
        let steps = Mutex<[EngineHostProgress]>([])
        let engine = try await host.start { step in steps.withLock { $0.append(step) } }
        let model = try #require(engine.profile.models.first)
        #expect(model.id == "smollm2-135m" && model.contextLength == 4096)
        #expect(model.vision == false && model.thinking == false)
        #expect(steps.withLock { $0.last?.step } == "Starting the engine with smollm2-135m")
        await host.stop()
    }

    @Test("an engine that dies is started again once, then given up")
    func restartedOnce() async throws {
        let bench = try Workbench()
        let host = bench.host()
        var events = host.events.makeAsyncIterator()
        let first = try await host.start()
        #expect(await events.next() == .ready(first))
        kill(first.processID, SIGKILL)
        #expect(await events.next() == .restarting("The engine was ended by signal 9."))
        guard case .restarted(let second) = await events.next() else {
            Issue.record("it was not restarted")
            return
        }
        #expect(second.processID != first.processID && isAlive(second.processID))
        #expect(second.profile == first.profile)
        kill(second.processID, SIGSEGV)
        guard case .died(let sentence) = await events.next() else {
            Issue.record("its second death was not told")
            return
        }
        #expect(sentence.hasPrefix("The engine was ended by signal 11."))
        #expect(sentence.contains(bench.directories.log))
        #expect(await host.running == nil)
        // A person can always try again.
        let third = try await host.start()
        #expect(isAlive(third.processID))
        await host.stop()
    }

    @Test("a death long after the start is forgiven again")
    func forgiven() async throws {
        let bench = try Workbench()
        let host = bench.host { $0.forgiveAfter = .zero }
        var events = host.events.makeAsyncIterator()
        var engine = try await host.start()
        #expect(await events.next() == .ready(engine))
        for _ in 0..<3 {
            kill(engine.processID, SIGKILL)
            guard case .restarting = await events.next(), case .restarted(let next) = await events.next() else {
                Issue.record("it was not restarted")
                break
            }
            engine = next
        }
        await host.stop()
    }

    @Test("a second Scry shares the engine, leaves it alone, and starts its own when the first ends")
    func shared() async throws {
        let bench = try Workbench()
        let owner = bench.host()
        let guest = bench.host()
        let visitor = bench.host()
        var events = guest.events.makeAsyncIterator()
        let own = try await owner.start()
        let other = try await guest.start()
        #expect(other.isShared && other.processID == own.processID && other.profile == own.profile)
        #expect(await events.next() == .ready(other))
        #expect(try await visitor.start().isShared)
        await visitor.stop()
        #expect(isAlive(own.processID))

        await owner.stop()
        #expect(!isAlive(own.processID))
        guard case .restarting = await events.next(), case .restarted(let inherited) = await events.next() else {
            Issue.record("the guest did not take over")
            return
        }
        #expect(!inherited.isShared && isAlive(inherited.processID))
        #expect(inherited.profile == other.profile)
        await guest.stop()
        #expect(!isAlive(inherited.processID))
    }

    @Test("hosts that start at the same time end up with one engine")
    func race() async throws {
        let bench = try Workbench()
        let hosts = (0..<3).map { _ in bench.host() }
        let engines = try await withThrowingTaskGroup(of: RunningEngine.self) { group in
            for host in hosts { group.addTask { try await host.start() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(engines.map(\.processID)).count == 1)
        #expect(engines.filter { !$0.isShared }.count == 1)
        // The guests first, so that none of them takes over.
        for host in hosts where await host.running?.isShared == true { await host.stop() }
        for host in hosts { await host.stop() }
        #expect(!isAlive(try #require(engines.first).processID))
    }

    @Test("where a socket's path would be too long, a port with a key is used, and the key is on no command line")
    func port() async throws {
        let bench = try Workbench()
        let host = bench.host { $0.longestSocketPath = 10 }
        var events = host.events.makeAsyncIterator()
        let engine = try await host.start()
        let key = try #require(engine.key)
        #expect(engine.profile.socket == nil && engine.profile.url.hasPrefix("http://127.0.0.1:"))
        #expect(engine.profile.models.first?.id == "tiny-glm")
        let commandLine = try #require(FileManager.default.contents(atPath: "/proc/\(engine.processID)/cmdline"))
        #expect(commandLine.count > 10 && commandLine.firstRange(of: Data(key.utf8)) == nil)
        var endpoint = try #require(EngineRecord.read(bench.directories.record)?.endpoint)
        endpoint.key = nil
        #expect(await LocalRequest(endpoint: endpoint, path: "/v1/models").answer()?.status == 401)

        // Others know the address, so it stays.
        kill(engine.processID, SIGKILL)
        _ = await events.next()
        _ = await events.next()
        guard case .restarted(let again) = await events.next() else {
            Issue.record("it was not restarted")
            return
        }
        #expect(again.profile == engine.profile && again.key == key)
        await host.stop()
    }

    @Test("a llama-server on the search path is preferred")
    func installedServer() async throws {
        let bench = try Workbench()
        let python = Workbench.sharedEngine + "/xllamacpp-\(EngineInstaller.Package.server.version)/bin/python"
        let first = bench.host()
        _ = try await first.start()
        await first.stop()
        let directory = try bench.program(
            "llama-server",
            """
            if [ "$1" = --help ]; then echo "--host HOST  ip address, or bind to an UNIX socket if it ends with .sock"; exit; fi
            echo "$@" >\(bench.path)/arguments
            exec \(python) \(Workbench.sharedEngine)/engine.py serve "$@"
            """)
        let host = bench.host {
            $0.usesInstalledServer = true
            $0.searchPath = directory + ":" + Workbench.searchPath
        }
        let engine = try await host.start()
        let arguments = try String(contentsOfFile: bench.path + "/arguments", encoding: .utf8)
        #expect(arguments.contains("-np 1 -b 256 -ub 256") && arguments.contains("--host \(bench.directories.socket)"))
        #expect(engine.profile.models.first?.id == "tiny-glm")
        await host.stop()
        #expect(!isAlive(engine.processID))
    }

    @Test("stop in the middle of a start ends both")
    func stopWhileStarting() async throws {
        let bench = try Workbench()
        let reached = AsyncStream<Void>.makeStream()
        let host = bench.host()
        let start = Task { try await host.start { if $0.step.hasPrefix("Starting") { reached.continuation.yield() } } }
        for await _ in reached.stream { break }
        await host.stop()
        await #expect(throws: EngineHostFailure.stopped) { try await start.value }
        #expect(await host.running == nil)
        #expect(try FileLock.take(bench.directories.lock) != nil)
        #expect(try await host.start().profile.models.count == 1)
        await host.stop()
    }

    @Test("a model that is not there, or is not one, is said in a sentence")
    func badModels() async throws {
        let bench = try Workbench()
        let missing = bench.host { $0.model = ModelFiles(name: "x", weights: bench.path + "/no.gguf") }
        let failure = await #expect(throws: EngineHostFailure.self) { try await missing.start() }
        #expect(failure?.kind == .modelMissing)
        #expect(failure?.description == "The model \(bench.path)/no.gguf cannot be read: No such file or directory.")

        try PrivateFile.write(Array("not a model".utf8), to: bench.path + "/bad.gguf")
        let broken = bench.host { $0.model = ModelFiles(name: "x", weights: bench.path + "/bad.gguf") }
        let other = await #expect(throws: EngineHostFailure.self) { try await broken.start() }
        #expect(other?.kind == .startFailed)
        #expect(other?.message.contains("did not start") == true && other?.message.contains("bad.gguf") == true)
        #expect(try FileLock.take(bench.directories.lock) != nil)
    }
}
