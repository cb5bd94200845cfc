import Desktop
import TestSupport
import Testing

@testable import X11Desktop

@Suite(.serialized, .enabled(if: XServer.isInstalled && isProgramInstalled("xterm"), "needs Xvfb and xterm"))
struct WindowsTests {
    @Test("finds a terminal by what it says of itself, and by the processes in it; raises it over others")
    func terminals() async throws {
        let server = try XServer(width: 640, height: 400)
        defer { server.stop() }
        let manager = try await startWindowManager(on: server)
        defer { manager.stop() }
        // Prints its own number for its window, and stays.
        let terminal = try server.run(
            "sh", "-c", "exec 4>&1; exec xterm -title here -geometry 40x10+0+0 -e 'echo $WINDOWID >&4; sleep 60' 4>&1")
        defer { terminal.stop() }
        let said = try #require(terminal.readLine().flatMap { UInt64($0) })
        let source = server.source
        #expect(try await eventually { try await source.layout().windows.contains { $0.title == "here" } })
        let window = try #require(try await source.layout().windows.first { $0.title == "here" }?.id)
        let card = try server.testCard("--geometry", "500x300+0+0", "--title", "above")
        defer { card.stop() }
        #expect(try await eventually { try await source.layout().windows.first?.title == "above" })

        #expect(try await source.window(saidToBe: said, orOf: []) == window)
        #expect(try await source.window(saidToBe: 0xDEAD_BEEF, orOf: [1, terminal.processID]) == window)
        #expect(try await source.window(saidToBe: nil, orOf: [1]) == nil)
        let beside = Region(x: 600, y: 380, width: 20, height: 10)
        #expect(await source.title(for: .window(window), in: nil) == "here")
        #expect(await source.title(for: .screen, in: Region(x: 0, y: 0, width: 640, height: 400)) == "above")
        #expect(await source.title(for: .region(beside), in: beside) == nil)
        try await source.raise(window)

        #expect(
            try await eventually {
                let first = try await source.layout().windows.first
                return first?.title == "here" && first?.isActive == true
            })
    }
}
