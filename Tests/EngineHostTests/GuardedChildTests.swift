import Foundation
import Glibc
import Synchronization
import Testing

@testable import EngineHost

@Suite(.timeLimit(.minutes(1)))
struct GuardedChildTests {
    @Test("output comes line by line, and the status as a shell sees it")
    func output() async throws {
        let said = LineCollector()
        let status = try await GuardedChild.run(
            ["sh", "-c", "echo one; echo two >&2; printf three; exit 7"], output: .lines { said.add($0) })
        #expect(status == 7)
        #expect(said.lines == ["one", "two", "three"])
        #expect(try await GuardedChild.run(["sh", "-c", "kill -SEGV $$"], output: .lines { _ in }) == 128 + SIGSEGV)
        #expect(try await GuardedChild.run(["no-such-program"], output: .lines { _ in }) == 127)
    }

    @Test("the environment is changed for the child alone")
    func environment() async throws {
        let said = LineCollector()
        _ = try await GuardedChild.run(
            ["sh", "-c", "echo ${HOME-none}; echo $SCRY_X"], environment: ["HOME": nil, "SCRY_X": "a b"],
            output: .lines { said.add($0) })
        #expect(said.lines == ["none", "a b"])
    }

    @Test("cancelling ends a child, and one that ignores the signal, with its own children")
    func cancel() async throws {
        for script in ["sleep 100", "trap '' TERM; sleep 100 & wait; sleep 100"] {
            let process = Mutex<Int32>(0)
            let task = Task {
                try await GuardedChild.run(["sh", "-c", script], output: .lines { _ in }) { identifier in
                    process.withLock { $0 = identifier }
                }
            }
            #expect(await eventually { process.withLock { $0 } != 0 })
            task.cancel()
            _ = await task.result
            let ended = process.withLock { $0 }
            #expect(await eventually { !isAlive(ended) })
            #expect(kill(-ended, 0) != 0 && children(ofGroupWith: ended).isEmpty)
        }
    }

    @Test("a child ends when the program that started it is killed")
    func parentDeath() async throws {
        let bench = try Workbench()
        // Stands for Scry: starts the guard as Scry does, says who is who, and never lets go of the pipe by itself.
        let parent = """
            import os, subprocess, sys, time
            guard = subprocess.Popen(["sh", "-c", sys.argv[1], "guard", "-", "sleep", "1000"],
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0)
            print(os.getpid(), guard.pid, guard.stdout.readline().decode().strip(), flush=True)
            time.sleep(1000)
            """
        try PrivateFile.write(Array(parent.utf8), to: bench.path + "/parent.py")
        let said = LineCollector()
        let task = Task {
            try await GuardedChild.run(
                ["python3", bench.path + "/parent.py", GuardedChild.script], output: .lines { said.add($0) })
        }
        #expect(await eventually { !said.lines.isEmpty })
        let processes = try #require(said.lines.first).split(separator: " ").compactMap { Int32($0) }
        try #require(processes.count == 3)
        #expect(processes.allSatisfy(isAlive))
        kill(processes[0], SIGKILL)
        #expect(await eventually { !processes.contains(where: isAlive) })
        #expect(try await task.value == 128 + SIGKILL)
    }

    /// The processes whose group is that of the guard of a process that has ended.
    private func children(ofGroupWith process: Int32) -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.filter { getpgid($0) == process }
    }
}
