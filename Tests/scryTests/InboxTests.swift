import Testing

@testable import scry

/// What is handed over when.
@MainActor @Suite struct InboxTests {
    /// What is handed over next, at once.
    private func next(_ inbox: Inbox<Int>) async -> [Int] {
        var taken: [Int] = []
        await inbox.serve { items in
            taken = items
            return false
        }
        return taken
    }

    @Test("a piece after a pause does not wait for what is typed meanwhile")
    func keysDelayNothing() async {
        let inbox = Inbox<Int>(framesPerSecond: 1)
        inbox.post(1, .piece)
        #expect(await next(inbox) == [1])
        let first = ContinuousClock.now
        inbox.post(2, .piece)
        inbox.post(3)
        // The key is taken at once, and what waited is taken along.
        #expect(await next(inbox) == [2, 3])
        #expect(ContinuousClock.now - first < .milliseconds(700))
        let second = ContinuousClock.now
        var batches: [[Int]] = []
        inbox.post(4)
        await inbox.serve { items in
            batches.append(items)
            if items == [4] {
                inbox.post(5, .piece)
                inbox.post(6, .piece)
            }
            return items == [4]
        }
        #expect(batches == [[4], [5, 6]])
        #expect(ContinuousClock.now - second >= .milliseconds(900))
    }

    @Test("a second that passed keeps no piece waiting")
    func laterDelaysNothing() async {
        let inbox = Inbox<Int>(framesPerSecond: 1)
        inbox.post(1, .later)
        #expect(await next(inbox) == [1])
        let first = ContinuousClock.now
        inbox.post(2, .piece)
        #expect(await next(inbox) == [2])
        #expect(ContinuousClock.now - first < .milliseconds(700))
        // But what comes after a piece waits for the next frame.
        var taken: [Int] = []
        inbox.post(0)
        await inbox.serve { items in
            taken += items
            if items == [0] { inbox.post(3, .later) }
            return items == [0]
        }
        #expect(taken == [0, 3])
        #expect(ContinuousClock.now - first >= .milliseconds(900))
    }

    @Test("what is posted before somebody serves is not missed")
    func posted() async {
        let inbox = Inbox<Int>()
        for number in 0..<1000 {
            inbox.post(number)
            #expect(await next(inbox) == [number])
        }
    }

    @Test("what other threads post comes once, each thread's in its order")
    func threads() async {
        let inbox = Inbox<Int>()
        let (threads, each) = (8, 2000)
        for thread in 0..<threads {
            Task.detached {
                for number in 0..<each { inbox.post(thread * each + number, number % 3 == 0 ? .piece : .now) }
            }
        }
        var taken: [Int] = []
        await inbox.serve { items in
            taken += items
            return taken.count < threads * each
        }
        #expect(taken.sorted() == Array(0..<threads * each))
        for thread in 0..<threads {
            let own = taken.filter { $0 / each == thread }
            #expect(own == own.sorted())
        }
    }

    @Test("what comes while somebody takes is handed over afterwards, and to nobody after the end")
    func meanwhile() async {
        let inbox = Inbox<Int>()
        var taken: [Int] = []
        inbox.post(0)
        await inbox.serve { items in
            taken += items
            if taken.count < 100 { inbox.post(taken.count) } else { inbox.post(-1) }
            return taken.count < 100
        }
        #expect(taken == Array(0..<100))
        #expect(await next(inbox) == [-1])
    }
}
