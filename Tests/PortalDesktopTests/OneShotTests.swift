import Testing

@testable import PortalDesktop

@Suite struct OneShotTests {
    @Test("gives the first value, before and after it is waited for")
    func first() async throws {
        let early = OneShot<Int>()
        early.fulfil(.success(1))
        early.fulfil(.success(2))
        #expect(try await early.value() == 1)

        let later = OneShot<Int>()
        async let value = later.value(within: .seconds(20))
        later.fulfil(.success(3))
        #expect(try await value == 3)
    }

    @Test("gives up in time, and when the task is cancelled")
    func ends() async {
        await #expect(throws: Late.self) { try await OneShot<Int>().value(within: .milliseconds(20)) }
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await #expect(throws: CancellationError.self) { try await OneShot<Int>().value() }
            }
            group.cancelAll()
        }
    }

    @Test("lets one through after the other, in a turnstile")
    func turnstile() async {
        let turnstile = Turnstile()
        let count = Count()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    await turnstile.pass {
                        #expect(await count.enter() == 1)
                        await Task.yield()
                        await count.leave()
                    }
                }
            }
        }
    }

    private actor Count {
        private var inside = 0
        func enter() -> Int {
            inside += 1
            return inside
        }
        func leave() { inside -= 1 }
    }
}
