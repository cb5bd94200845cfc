import Desktop
import TestSupport
import Testing

@testable import PortalDesktop

@Suite struct PartingsTests {
    @Test("waits for what is about to end, and for nothing else")
    func settling() async {
        let partings = Partings()
        #expect(await partings.settle(within: .seconds(20)))

        partings.begin()
        partings.begin()
        partings.end()
        #expect(!(await partings.settle(within: .milliseconds(20))))

        async let isOver = partings.settle(within: .seconds(20))
        partings.end()
        #expect(await isOver)
    }

    /// A backend that hears of the session's end first frees what the stream still reads.
    @Test(
        "a stream ends before its session",
        .enabled(if: WaylandSession.obstacle == nil, "\(WaylandSession.obstacle ?? "")"))
    func order() async throws {
        let session = try WaylandSession("--size", "800x400")
        defer { session.stop() }
        let card = try session.testCard("--clock", "--fps", "60")
        defer { card.stop() }

        for _ in 0..<5 {
            let source = session.portal()
            _ = try await source.capture(.screen, withCursor: false)
            await source.endSession()
        }
        #expect(await Partings.all.settle(within: .seconds(5)))
        let lines = { session.read("backend.log").split(separator: "\n") }
        #expect(await eventually { lines().count { $0.contains("session closed") } == 5 })

        let events = lines().compactMap { line in
            ["streaming\"", "paused\"", "session closed"].first { line.hasSuffix($0) }
        }
        for index in events.indices where events[index] == "session closed" {
            #expect(index > 0 && events[index - 1] == "paused\"", "\(events)")
        }
    }
}
