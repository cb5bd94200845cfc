import Foundation
import Glibc
import Synchronization
import Testing

@testable import EngineHost

/// These install for themselves, and so download the engine's wheel again.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct EngineInstallerTests {
    private func installer(
        _ bench: Workbench, searchPath: String = Workbench.searchPath,
        report: @escaping EngineHostProgress.Report = { _ in }
    ) -> EngineInstaller {
        EngineInstaller(directories: bench.directories, searchPath: searchPath, report: report)
    }

    private func place(_ bench: Workbench) -> String {
        bench.directories.engine + "/xllamacpp-\(EngineInstaller.Package.server.version)"
    }

    /// Whether the engine can be loaded.
    private func works(_ program: EngineProgram) async throws -> Bool {
        let status = try await GuardedChild.run(
            [program.command[0], "-c", "import xllamacpp"], environment: program.environment, output: .lines { _ in })
        return status == 0
    }

    @Test("an installation that was cut is done again, a finished one is kept")
    func cut() async throws {
        let bench = try Workbench(sharesEngine: false)
        let python = place(bench) + "/bin/python"
        let downloading = AsyncStream<Void>.makeStream()
        let first = Task {
            try await installer(bench) { step in
                if (step.bytesDone ?? 0) > 0 { downloading.continuation.yield() }
            }.program()
        }
        for await _ in downloading.stream { break }
        first.cancel()
        await #expect(throws: EngineHostFailure.stopped) { try await first.value }
        #expect(access(python, X_OK) == 0)
        #expect(access(place(bench) + "/complete", F_OK) != 0)
        // What nobody would want to keep.
        try PrivateFile.write([0], to: place(bench) + "/lib/rubbish")

        let steps = Mutex<[EngineHostProgress]>([])
        let program = try await installer(bench) { step in steps.withLock { $0.append(step) } }.program()
        #expect(try await works(program))
        #expect(access(place(bench) + "/lib/rubbish", F_OK) != 0 && access(place(bench) + "/tmp", F_OK) != 0)
        let fractions = steps.withLock { $0.compactMap(\.fraction) }
        #expect(fractions == fractions.sorted() && fractions.first == 0)
        #expect(steps.withLock { Set($0.map(\.step)) } == ["Fetching the engine"])

        let again = Mutex(0)
        #expect(try await installer(bench) { _ in again.withLock { $0 += 1 } }.program() == program)
        #expect(again.withLock { $0 } == 0)

        // Another Python than the one that it was installed with would not find it.
        #expect(!Installation.isComplete(place(bench), interpreter: "/usr/bin/python0.9"))
    }

    @Test("without the venv module plain pip is enough")
    func withoutVenv() async throws {
        let bench = try Workbench(sharesEngine: false)
        let real = try Python.system(searchPath: Workbench.searchPath).path
        let directory = try bench.program(
            "python3", "if [ \"$2\" = venv ]; then mkdir -p \"$3/bin\"; exit 1; fi\nexec \(real) \"$@\"")
        let program = try await installer(bench, searchPath: directory).program()
        #expect(program.command[0] == directory + "/python3")
        #expect(program.environment["PYTHONPATH"] == place(bench) + "/packages")
        #expect(try await works(program))
    }

    @Test("what is missing is said with the name of Debian's package")
    func missing() async throws {
        let bench = try Workbench(sharesEngine: false)
        let none = await #expect(throws: EngineHostFailure.self) {
            try await installer(bench, searchPath: bench.path).program()
        }
        #expect(none?.kind == .pythonMissing && none?.message.contains("python3-venv") == true)

        let bare = try bench.program("python3", "echo \"$0: No module named $2\" >&2; exit 1")
        let neither = await #expect(throws: EngineHostFailure.self) {
            try await installer(bench, searchPath: bare).program()
        }
        #expect(neither?.kind == .pythonMissing && neither?.message.contains("apt install python3-venv") == true)
    }

    @Test("pip's own words say why an installation failed")
    func refused() async throws {
        let bench = try Workbench(sharesEngine: false)
        let directory = try bench.program(
            "python3",
            """
            [ "$2" = venv ] && exit 1
            echo "Collecting xllamacpp"
            echo "ERROR: Could not find a version that satisfies the requirement"
            echo "ERROR: No matching distribution found for xllamacpp"
            echo "[notice] A new release of pip is available"
            exit 1
            """)
        let failure = await #expect(throws: EngineHostFailure.self) {
            try await installer(bench, searchPath: directory).program()
        }
        #expect(failure?.kind == .installFailed)
        #expect(failure?.message.contains(": No matching distribution found for xllamacpp. Check the network") == true)
    }

    @Test("two programs that install at once install once")
    func twice() async throws {
        let bench = try Workbench(sharesEngine: false)
        let directory = try bench.program(
            "python3",
            """
            [ "$2" = venv ] && exit 1
            echo run >>\(bench.path)/runs
            mkdir -p \(place(bench))/packages
            sleep 0.3
            """)
        async let first = installer(bench, searchPath: directory).program()
        async let second = installer(bench, searchPath: directory).program()
        let programs = try await [first, second]
        #expect(programs[0] == programs[1])
        #expect(try String(contentsOfFile: bench.path + "/runs", encoding: .utf8) == "run\n")
    }

    @Test("a file that many write at once is one of theirs, and nothing is left beside it")
    func simultaneousWrites() async throws {
        let bench = try Workbench(sharesEngine: false)
        let folder = bench.path + "/written"
        try PrivateFile.makeDirectory(folder)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<200 {
                group.addTask { try PrivateFile.write(Array(repeating: UInt8(writer), count: 4096), to: folder + "/x") }
            }
            try await group.waitForAll()
        }
        let bytes = try Data(contentsOf: URL(filePath: folder + "/x"))
        #expect(bytes.count == 4096 && Set(bytes).count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["x"])
    }
}
