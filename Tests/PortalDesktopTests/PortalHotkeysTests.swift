import Desktop
import Foundation
import TestSupport
import Testing

@testable import PortalDesktop

/// Keys of a scripted GlobalShortcuts portal, on a bus of the tests' own.
@Suite(.serialized, .enabled(if: WaylandSession.pipeWireObstacle == nil, "\(WaylandSession.pipeWireObstacle ?? "")"))
struct PortalHotkeysTests {
    private let session: WaylandSession
    private let hotkeys: [Hotkey]

    init() throws {
        session = try WaylandSession("--bare", "--no-pipewire")
        hotkeys = try [("screen", "Super+Shift+S"), ("record", "Ctrl+Alt+Print"), ("explain", "F9")].map {
            Hotkey(name: $0.0, chord: try #require(HotkeyChord($0.1)))
        }
    }

    private func portal(_ options: String...) throws -> TestProcess { try session.fakePortal(options) }

    private func hold() -> AsyncThrowingStream<HotkeyEvent, any Error> {
        PortalHotkeys(environment: session.environment).hold(hotkeys)
    }

    private func problems(_ event: HotkeyEvent?) -> [String: String?]? {
        guard case .held(let held) = event else { return nil }
        return Dictionary(uniqueKeysWithValues: held.map { ($0.hotkey.name, $0.problem) })
    }

    @Test("asks for all keys in the words of the specification, and is told of each press")
    func presses() async throws {
        let portal = try portal("--shortcuts", "1")
        defer { portal.stop() }
        var events = hold().makeAsyncIterator()

        let held = try await events.next()
        let before = MonotonicClock.now()
        try portal.send("press record")
        try portal.send("press nonsense")
        let first = try await events.next()
        try portal.send("press screen")
        let second = try await events.next()
        try portal.send("quit")
        var lines: [String] = []
        while let line = portal.readLine() { lines.append(line) }

        #expect(problems(held) == ["screen": nil, "record": nil, "explain": nil])
        guard case .held(let keys) = held, case .pressed(let hotkey, let time) = first else {
            Issue.record("\(String(describing: first))")
            return
        }
        #expect(keys.first?.trigger == "SHIFT+LOGO+s")
        #expect(hotkey == hotkeys[1] && time >= before)
        guard case .pressed(hotkeys[0], _) = second else {
            Issue.record("\(String(describing: second))")
            return
        }
        #expect(lines.first == "Register io.github.scry.Scry")
        #expect(lines.contains("BindShortcuts screen=SHIFT+LOGO+s record=CTRL+ALT+Print explain=F9"), "\(lines)")
    }

    @Test("says of each key that the desktop did not give what to do, and hears of changes")
    func changes() async throws {
        let portal = try portal("--shortcuts", "2", "--keyless", "screen", "--refuse", "record")
        defer { portal.stop() }
        var events = hold().makeAsyncIterator()

        let held = problems(try await events.next())
        try portal.send("change screen Meta+F7")
        let changed = try await events.next()

        #expect(held?["screen"] == "the desktop has no key for it; set one in its settings for shortcuts")
        #expect(held?["record"] == "the desktop did not give it")
        #expect(held?["explain"] == .some(nil))
        guard case .held(let keys) = changed else {
            Issue.record("\(String(describing: changed))")
            return
        }
        #expect(keys.map(\.trigger) == ["Meta+F7", nil, nil])
    }

    @Test("a portal without shortcuts, and a desktop without a portal, are told as such")
    func absent() async throws {
        func failure() async -> CaptureFailure? {
            var events = hold().makeAsyncIterator()
            return await #expect(throws: CaptureFailure.self) { _ = try await events.next() }
        }
        let without = await failure()
        let nobody = await PortalHotkeys.version(environment: session.environment)
        let portal = try portal("--kinds", "1")
        let lacking = await failure()
        let none = await PortalHotkeys.version(environment: session.environment)
        portal.stop()
        let unreachable = PortalHotkeys(environment: [:]).hold(hotkeys)
        var events = unreachable.makeAsyncIterator()
        let alone = await #expect(throws: CaptureFailure.self) { _ = try await events.next() }

        #expect(nobody == nil && none == nil)
        for failure in [without, lacking] {
            #expect(failure?.kind == .unsupported && failure?.message.contains("scry hotkeys says how") == true)
        }
        #expect(alone?.kind == .noDesktop)
    }

    @Test("declined, failed, taken back by the desktop, and the portal's end: each has its sentence")
    func endings() async throws {
        for (options, kind) in [
            (["--decline", "BindShortcuts"], CaptureFailure.Kind.refused), (["--fail", "BindShortcuts"], .unsupported),
        ] {
            let portal = try session.fakePortal(["--shortcuts", "1"] + options)
            var events = hold().makeAsyncIterator()
            let failure = await #expect(throws: CaptureFailure.self) { _ = try await events.next() }
            #expect(failure?.kind == kind)
            portal.stop()
        }
        for end in ["close", "quit"] {
            let portal = try portal("--shortcuts", "1")
            var events = hold().makeAsyncIterator()
            _ = try await events.next()
            try portal.send(end)
            let failure = await #expect(throws: CaptureFailure.self) { while try await events.next() != nil {} }
            #expect(failure?.kind == .gone)
            portal.stop()
        }
    }

    @Test("gives the keys back when nobody reads any more")
    func letsGo() async throws {
        let portal = try portal("--shortcuts", "1")
        defer { portal.stop() }
        for try await _ in hold() { break }

        var lines: [String] = []
        while lines.last != "Close session", let line = portal.readLine() { lines.append(line) }
        #expect(lines.last == "Close session", "\(lines)")
    }

    @Test("writes chords as the specification does")
    func triggers() throws {
        for (chord, trigger) in [
            ("Super+Shift+S", "SHIFT+LOGO+s"), ("Ctrl+Alt+Space", "CTRL+ALT+space"), ("PageUp", "Page_Up"),
            ("Super+Plus", "LOGO+plus"), ("XF86Launch1", "XF86Launch1"), ("Alt+5", "ALT+5"),
        ] {
            #expect(ShortcutsPortal.trigger(try #require(HotkeyChord(chord))) == trigger)
        }
    }

    @Test("answers that make no sense are none")
    func hostile() {
        #expect(ShortcutsPortal.shortcuts(nil) == nil)
        #expect(ShortcutsPortal.shortcuts(.string("x")) == nil)
        let strange: [BusValue] = [
            .string("x"), .structure([.string("a")]), .structure([.int32(1), .options([:])]),
            .structure([.string("b"), .string("c")]),
            .structure([.string("d"), .options(["trigger_description": .string("a\u{1B}[2Jb")])]),
        ]
        let read = ShortcutsPortal.shortcuts(.array(of: "(sa{sv})", strange))
        #expect(read?.map(\.name) == ["b", "d"])
        #expect(read?.last?.trigger.contains("\u{1B}") == false)
    }
}
