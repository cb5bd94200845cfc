import Foundation
import Glibc

/// The right to hold the hotkeys, which one of our programs has at a time: the listener, or a chat while there is none.
final class HotkeyClaim: Sendable {
    /// What is known of who has it, for `scry hotkeys`.
    struct State: Codable, Sendable {
        struct Key: Codable, Sendable {
            var name: String
            var keys: String
            var problem: String?
        }
        var process: Int32
        /// "listen" or "chat".
        var holder: String
        /// "x11" or "portal": who gives the keys.
        var way: String?
        var keys: [Key]
    }

    private let descriptor: Int32
    private let statePath: String

    private init(_ descriptor: Int32, _ places: Places) {
        self.descriptor = descriptor
        statePath = places.hotkeyState
    }

    /// The state goes before the lock does: whoever comes next writes one of its own.
    deinit {
        unlink(statePath)
        close(descriptor)
    }

    /// Takes the right; nil when another program has it.
    ///
    /// - Throws: `PlaceFailure` when the runtime directory cannot be used.
    static func take(_ places: Places) throws -> HotkeyClaim? {
        guard let descriptor = try open(places) else { return nil }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        return HotkeyClaim(descriptor, places)
    }

    /// Waits until the right is free, without waking up meanwhile; nil when the task is cancelled.
    static func waitForIt(_ places: Places) async throws -> HotkeyClaim? {
        guard let descriptor = try open(places) else { return nil }
        let isOurs = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                while flock(descriptor, LOCK_EX) != 0 {
                    guard errno == EINTR else { return continuation.resume(returning: false) }
                }
                continuation.resume(returning: true)
            }
        }
        return isOurs ? HotkeyClaim(descriptor, places) : nil
    }

    /// Who has it; nil when nobody does.
    static func state(_ places: Places) -> State? {
        guard let data = FileManager.default.contents(atPath: places.hotkeyState),
            let state = try? JSONText.decoder.decode(State.self, from: data), kill(state.process, 0) == 0
        else { return nil }
        return state
    }

    /// Tells others which keys are held.
    func publish(_ state: State) {
        try? OwnFile.write(Array((JSONText.line(state) + "\n").utf8), to: statePath)
    }

    private static func open(_ places: Places) throws -> Int32? {
        try places.make(places.runtime)
        let descriptor = Glibc.open(places.hotkeyLock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        return descriptor < 0 ? nil : descriptor
    }
}
