import Dispatch
import Synchronization
import Testing

@testable import scry

@Suite("The pool of threads", .timeLimit(.minutes(1)))
struct WorkerPoolTests {
    private actor Counter {
        private(set) var count = 0
        func add() { count += 1 }
    }

    /// What several threads write down.
    private final class Notes: Sendable {
        private let list = Mutex<[Int]>([])
        private let counts = Mutex((now: 0, most: 0))

        var all: [Int] { list.withLock { $0 } }
        var now: Int { counts.withLock { $0.now } }
        var most: Int { counts.withLock { $0.most } }

        func add(_ number: Int) { list.withLock { $0.append(number) } }
        func enter() { counts.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) } }
        func leave() { counts.withLock { $0.now -= 1 } }
    }

    @Test("runs all that it is given, in tasks, groups, actors and after sleeping", arguments: [1, 2, 8])
    func runs(width: Int) async throws {
        let counter = Counter()
        await Task(executorPreference: WorkerPool(width: width)) {
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<3000 {
                    group.addTask(priority: [.high, .medium, .background][number % 3]) {
                        if number % 50 == 0 { try? await Task.sleep(for: .milliseconds(number % 7)) }
                        await counter.add()
                    }
                }
            }
        }.value
        #expect(await counter.count == 3000)
    }

    @Test("jobs begin in the order in which they came")
    func order() async {
        let pool = WorkerPool(width: 1)
        let notes = Notes()
        let gate = DispatchSemaphore(value: 0)
        let first = Task(executorPreference: pool) { Self.wait(for: gate) }
        // More than are taken out of the queue in one piece; nothing begins before all wait.
        let tasks = (0..<2500).map { number in
            Task(executorPreference: pool) { notes.add(number) }
        }
        gate.signal()
        await first.value
        for task in tasks { await task.value }
        // A second thread may have come to help while the first was blocked.
        let found = notes.all
        #expect(found.sorted() == Array(0..<2500))
        #expect(zip(found, 0...).allSatisfy { abs($0 - $1) < 100 })
    }

    @Test("where all threads are blocked, others come; a job that they wait for runs")
    func blocked() async {
        let pool = WorkerPool(width: 2)
        let gate = DispatchSemaphore(value: 0)
        let waiting = (0..<6).map { _ in Task(executorPreference: pool) { Self.wait(for: gate) } }
        let opening = Task(executorPreference: pool) { for _ in 0..<6 { gate.signal() } }
        await opening.value
        for task in waiting { await task.value }
    }

    @Test("there are never more threads than the limit")
    func limit() async {
        let pool = WorkerPool(width: 1, limit: 3)
        let gate = DispatchSemaphore(value: 0)
        let notes = Notes()
        let tasks = (0..<12).map { _ in
            Task(executorPreference: pool) {
                notes.enter()
                Self.wait(for: gate)
                notes.leave()
            }
        }
        while notes.now < 3 { try? await Task.sleep(for: .milliseconds(5)) }
        // Several times as long as it takes a thread to come.
        try? await Task.sleep(for: .milliseconds(80))
        for _ in tasks { gate.signal() }
        for task in tasks { await task.value }
        #expect(notes.most == 3)
    }

    @Test("what runs in the background holds up nothing else")
    func background() async {
        let pool = WorkerPool(width: 1, limit: 1)
        let gate = DispatchSemaphore(value: 0)
        let reader = Task(executorPreference: pool, priority: .background) { Self.wait(for: gate) }
        await Task(executorPreference: pool, priority: .medium) { _ = gate.signal() }.value
        await reader.value
    }

    /// Blocks the thread, as work that calls C may do.
    private static func wait(for gate: DispatchSemaphore) { gate.wait() }
}
