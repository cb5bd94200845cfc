import Desktop
import Synchronization
import TestSupport
import Testing

@testable import X11Desktop

/// Keys as the XTEST extension presses them.
@Suite(.serialized, .enabled(if: XServer.isInstalled && isProgramInstalled("xdotool"), "needs Xvfb and xdotool"))
struct HotkeyTests {
    /// Holds keys for as long as it lives, and gathers what happens.
    private final class Holder: Sendable {
        private let seen = Mutex<[HotkeyEvent]>([])
        private let failure = Mutex<(any Error)?>(nil)
        private let task = Mutex<Task<Void, Never>?>(nil)

        init(_ server: XServer, _ hotkeys: [Hotkey]) {
            let stream = X11Hotkeys(displayName: server.displayName, environment: server.environment).hold(hotkeys)
            task.withLock { task in
                task = Task { [weak self] in
                    do {
                        for try await event in stream { self?.seen.withLock { $0.append(event) } }
                    } catch {
                        self?.failure.withLock { $0 = error }
                    }
                }
            }
        }

        deinit { stop() }

        func stop() { task.withLock { $0?.cancel() } }

        var events: [HotkeyEvent] { seen.withLock { $0 } }
        var error: (any Error)? { failure.withLock { $0 } }

        var pressed: [String] {
            events.compactMap { if case .pressed(let hotkey, _) = $0 { hotkey.name } else { nil } }
        }

        /// What was said of the keys, once the server has answered `count` times.
        func held(count: Int = 1) async throws -> [HeldHotkey] {
            func all() -> [[HeldHotkey]] { events.compactMap { if case .held(let held) = $0 { held } else { nil } } }
            _ = await eventually { all().count >= count }
            return try #require(all().last)
        }
    }

    private func hotkey(_ name: String, _ chord: String) throws -> Hotkey {
        Hotkey(name: name, chord: try #require(HotkeyChord(chord)))
    }

    @Test("a held key reaches us, whatever the locks are; other keys do not")
    func presses() async throws {
        let server = try XServer(width: 320, height: 240)
        defer { server.stop() }
        let holder = Holder(server, [try hotkey("screen", "Super+Shift+S"), try hotkey("window", "Ctrl+Print")])
        #expect(try await holder.held().allSatisfy { $0.problem == nil })

        for lock in ["", "Caps_Lock", "Num_Lock", "Caps_Lock", "Scroll_Lock"] {
            if !lock.isEmpty { try server.finish("xdotool", "key", lock) }
            let before = holder.pressed.count
            try server.finish("xdotool", "key", "super+shift+s")
            #expect(await eventually { holder.pressed.count == before + 1 }, "\(lock)")
        }
        try server.finish("xdotool", "key", "super+s", "key", "shift+s", "key", "super+ctrl+shift+s", "key", "Print")
        try server.finish("xdotool", "key", "ctrl+Print")

        #expect(await eventually { holder.pressed.last == "window" })
        #expect(holder.pressed == Array(repeating: "screen", count: 5) + ["window"])
    }

    @Test("a key that stays down is told once")
    func repeats() async throws {
        let server = try XServer(width: 320, height: 240)
        defer { server.stop() }
        let holder = Holder(server, [try hotkey("screen", "Super+F9")])
        _ = try await holder.held()
        try server.finish("xset", "r", "rate", "50", "50")

        try server.finish("xdotool", "keydown", "super", "keydown", "F9", "sleep", "0.5", "keyup", "F9", "key", "F9")
        try server.finish("xdotool", "keyup", "super")

        #expect(await eventually { holder.pressed.count == 2 })
        #expect(holder.pressed.count == 2)
    }

    @Test(
        "a key that is taken is told by its name and by the window manager's, and is free when the other has gone",
        .enabled(if: isProgramInstalled("openbox"), "needs openbox"))
    func conflicts() async throws {
        let server = try XServer(width: 320, height: 240)
        defer { server.stop() }
        let manager = try await startWindowManager(on: server)
        defer { manager.stop() }
        let first = Holder(server, [try hotkey("screen", "Super+Shift+S")])
        _ = try await first.held()

        let second = Holder(server, [try hotkey("other", "Super+F8"), try hotkey("screen", "Super+Shift+S")])
        let held = try await second.held()

        #expect(held.map(\.hotkey.name) == ["other", "screen"])
        #expect(held.first?.problem == nil)
        #expect(
            held.last?.problem
                == "Super+Shift+S is held by another program, most likely the window manager (Openbox).")
        first.stop()
        let isFree = try await eventually {
            let third = Holder(server, [try hotkey("screen", "Super+Shift+S")])
            return try await third.held().first?.problem == nil
        }
        #expect(isFree)
    }

    @Test("two names for one key, and keys that the keyboard does not have, are told")
    func impossible() async throws {
        let server = try XServer(width: 320, height: 240)
        defer { server.stop() }
        let holder = Holder(
            server,
            [try hotkey("screen", "Super+S"), try hotkey("window", "super+s"), try hotkey("region", "Super+ж")])

        let problems = try await holder.held().map(\.problem)

        #expect(
            problems == [
                nil, "Super+S is set for “screen” already.", "No key of this keyboard gives Super+Ж.",
            ])
    }

    @Test("keys are held anew when the keyboard changes", .enabled(if: isProgramInstalled("xmodmap"), "needs xmodmap"))
    func mappingChanges() async throws {
        let server = try XServer(width: 320, height: 240)
        defer { server.stop() }
        let holder = Holder(server, [try hotkey("screen", "Super+F9")])
        _ = try await holder.held()

        // F9 and F10 change places.
        try server.finish("xmodmap", "-e", "keycode 75 = F10", "-e", "keycode 76 = F9")
        #expect(try await !holder.held(count: 2).isEmpty)
        try server.finish("xdotool", "keydown", "super", "key", "76", "keyup", "super")

        #expect(await eventually { holder.pressed == ["screen"] })
    }

    @Test(
        "no key is missed while the server tells the same map again and again",
        .enabled(if: isProgramInstalled("xmodmap"), "needs xmodmap"))
    func sameMapping() async throws {
        let server = try XServer(width: 320, height: 240)
        defer { server.stop() }
        let holder = Holder(server, [try hotkey("screen", "Super+Shift+S")])
        _ = try await holder.held()

        let keycodes = try server.run("sh", "-c", "while xmodmap -e 'keycode 76 = F10'; do :; done 2>/dev/null")
        defer { keycodes.stop() }
        for _ in 0..<30 { try server.finish("xdotool", "key", "super+shift+s") }

        #expect(await eventually { holder.pressed.count == 30 })
        #expect(holder.events.count == 31)
    }

    @Test("the server's death ends the stream with a sentence")
    func serverGone() async throws {
        let server = try XServer(width: 320, height: 240)
        let holder = Holder(server, [try hotkey("screen", "Super+F9")])
        _ = try await holder.held()

        server.stop()

        #expect(await eventually { holder.error != nil })
        #expect((holder.error as? CaptureFailure)?.kind == .gone)
    }
}
