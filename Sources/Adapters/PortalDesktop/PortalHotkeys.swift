public import Desktop

/// Keys that the desktop gives away through its portal (org.freedesktop.portal.GlobalShortcuts), on Wayland and elsewhere.
///
/// The desktop may ask the person first, may give another key than the one that was wanted, and lets keys be changed in its
/// own settings.
public struct PortalHotkeys: HotkeySource {
    private let environment: [String: String]

    /// - Parameter environment: Read for the session bus's address and the desktop's name.
    public init(environment: [String: String]) { self.environment = environment }

    /// Which version of the portal there is; nil where the desktop gives no keys away.
    public static func version(environment: [String: String]) async -> Int? {
        guard let bus = try? Bus(environment: environment) else { return nil }
        return try? await ShortcutsPortal(portal: Portal(bus: bus)).version()
    }

    /// Holds keys; see `HotkeySource`.
    public func hold(_ hotkeys: [Hotkey]) -> AsyncThrowingStream<HotkeyEvent, any Error> {
        let (stream, continuation) = AsyncThrowingStream<HotkeyEvent, any Error>.makeStream()
        let environment = environment
        let task = Task {
            do {
                try await Self.run(hotkeys, environment) { continuation.yield($0) }
                continuation.finish()
            } catch is CancellationError {
                continuation.finish()
            } catch {
                continuation.finish(throwing: Self.explain(error, environment))
            }
        }
        continuation.onTermination = { _ in task.cancel() }
        return stream
    }

    private static func run(
        _ hotkeys: [Hotkey], _ environment: [String: String], tell: @escaping @Sendable (HotkeyEvent) -> Void
    ) async throws {
        let bus = try Bus(environment: environment)
        let portal = Portal(bus: bus)
        try await portal.register(application: PortalScreenSource.applicationName)
        let shortcuts = ShortcutsPortal(portal: portal)
        guard try await shortcuts.version() != nil else { throw absent }
        let session = try await shortcuts.createSession()
        let ending = OneShot<Void>()
        let heard = try await subscribe(bus, session, hotkeys, ending, tell)
        defer {
            withExtendedLifetime(heard) {}
            bus.post(Portal.service, session, "org.freedesktop.portal.Session", "Close")
        }
        tell(.held(Self.held(hotkeys, try await shortcuts.bind(hotkeys, in: session))))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await ending.value() }
            group.addTask { try await bus.waitUntilLost() }
            defer { group.cancelAll() }
            try await group.next()
        }
        throw CaptureFailure(.gone, "The desktop's portal has taken the hotkeys back, or has ended.")
    }

    private static func subscribe(
        _ bus: Bus, _ session: String, _ hotkeys: [Hotkey], _ ending: OneShot<Void>,
        _ tell: @escaping @Sendable (HotkeyEvent) -> Void
    ) async throws -> [BusSubscription] {
        func rule(_ member: String) -> BusRule {
            BusRule(sender: Portal.service, path: Portal.path, interface: ShortcutsPortal.interface, member: member)
        }
        return [
            try await bus.subscribe(rule("Activated")) { signal in
                let now = MonotonicClock.now()
                guard signal.values.count >= 2, signal.values[0].text == session, let name = signal.values[1].text,
                    let hotkey = hotkeys.first(where: { $0.name == name })
                else { return }
                tell(.pressed(hotkey, at: now))
            },
            try await bus.subscribe(rule("ShortcutsChanged")) { signal in
                guard signal.values.first?.text == session,
                    let given = ShortcutsPortal.shortcuts(signal.values.dropFirst().first)
                else { return }
                tell(.held(Self.held(hotkeys, given)))
            },
            try await bus.subscribe(
                BusRule(
                    sender: Portal.service, path: session, interface: "org.freedesktop.portal.Session", member: "Closed"
                )
            ) { _ in ending.fulfil(.success(())) },
            try await bus.subscribe(
                BusRule(
                    sender: "org.freedesktop.DBus", interface: "org.freedesktop.DBus", member: "NameOwnerChanged",
                    argument: Portal.service)
            ) { signal in
                if signal.values.last?.text == "" { ending.fulfil(.success(())) }
            },
        ]
    }

    /// What became of the keys that were wanted.
    static func held(_ hotkeys: [Hotkey], _ given: [ShortcutsPortal.Shortcut]) -> [HeldHotkey] {
        hotkeys.map { hotkey in
            guard let shortcut = given.first(where: { $0.name == hotkey.name }) else {
                return HeldHotkey(hotkey: hotkey, problem: "the desktop did not give it")
            }
            guard !shortcut.trigger.isEmpty else {
                return HeldHotkey(
                    hotkey: hotkey, problem: "the desktop has no key for it; set one in its settings for shortcuts")
            }
            return HeldHotkey(hotkey: hotkey, problem: nil, trigger: shortcut.trigger)
        }
    }

    private static let absent = CaptureFailure(
        .unsupported,
        "This desktop's portal gives no keys to programs (it has no GlobalShortcuts); bind one in the desktop's settings:"
            + " scry hotkeys says how.")

    private static func explain(_ error: any Error, _ environment: [String: String]) -> any Error {
        switch error {
        case Portal.Ending.declined: CaptureFailure(.refused, "The hotkeys were declined.")
        case Portal.Ending.failed:
            CaptureFailure(
                .unsupported,
                "The desktop's portal could not give the hotkeys and does not say why; bind one in the desktop's settings:"
                    + " scry hotkeys says how.")
        case let failure as BusFailure where failure.isAbsent || failure.isUnknown: absent
        case BusFailure.unreachable:
            CaptureFailure(
                .noDesktop,
                "There is no session bus, through which Wayland desktops give hotkeys. Run this inside the graphical"
                    + " session, or set DBUS_SESSION_BUS_ADDRESS.")
        default: PortalTrouble(environment: environment).explain(error)
        }
    }
}
