import Synchronization

/// Counts how often a backend of the portal has died: what failed with it may go well with the next, which the bus starts.
final class BackendLosses: Sendable {
    private let losses = Mutex(0)

    /// How many there were.
    var count: Int { losses.withLock(\.self) }

    /// Counts from now on, until the subscription goes away.
    func watch(_ bus: Bus) async throws -> BusSubscription {
        try await bus.subscribe(
            BusRule(
                sender: "org.freedesktop.DBus", interface: "org.freedesktop.DBus", member: "NameOwnerChanged",
                namespace: "org.freedesktop.impl.portal.desktop")
        ) { [weak bus] signal in
            guard let owner = signal.values.last?.text, let bus else { return }
            if owner.isEmpty { self.losses.withLock { $0 += 1 } } else { Self.knock(owner, on: bus) }
        }
    }

    /// Sees to it that a backend looks at what it was started for.
    ///
    /// xdg-desktop-portal-wlr 0.7.0 does so when the next message comes: it waits for its socket (src/core/main.c:199), from
    /// which it has read the first one while it started. The portal sends none before it is answered, and is deaf meanwhile.
    private static func knock(_ owner: String, on bus: Bus) {
        Task {
            for _ in 0..<10 {
                do {
                    _ = try await bus.call(
                        owner, "/", "org.freedesktop.DBus.Peer", "Ping", within: .milliseconds(100))
                    return
                } catch BusFailure.late {
                    continue
                } catch {
                    return
                }
            }
        }
    }
}
