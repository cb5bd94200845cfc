import Dispatch
import Glibc
import Synchronization

/// Pauses a recording of the shell: by the key p where a person types, and by SIGUSR1 from anywhere.
///
/// While it lives, the terminal gives keys without Enter; Ctrl-C and Ctrl-Z are as ever.
final class RecordingKeys: Sendable {
    private struct State {
        /// The terminal as it was found; nil while it is as it was.
        var found: termios?
        var isOver = false
    }

    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "scry.keys")
    // Dispatch says of its own objects that every thread may use them, only not to Swift.
    private nonisolated(unsafe) var sources: [any DispatchSourceProtocol] = []

    /// Whether the key works here: a terminal, in whose foreground we are.
    static var areTyped: Bool { isatty(STDIN_FILENO) == 1 && tcgetpgrp(STDIN_FILENO) == getpgrp() }

    /// Begins to listen.
    init(_ control: RecordingControl) {
        sources = [Self.watch(SIGUSR1, on: queue) { control.toggle() }]
        guard isatty(STDIN_FILENO) == 1 else { return }
        // In the background, reading and setting would stop us, and the recording with us.
        signal(SIGTTIN, SIG_IGN)
        signal(SIGTTOU, SIG_IGN)
        takeKeys()
        // After fg the shell has put its own way back.
        sources.append(Self.watch(SIGCONT, on: queue) { [weak self] in self?.takeKeys() })
        let keys = DispatchSource.makeReadSource(fileDescriptor: STDIN_FILENO, queue: queue)
        keys.setEventHandler { @Sendable [weak self] in self?.readKey(control) }
        keys.resume()
        sources.append(keys)
    }

    deinit { end() }

    /// Gives the terminal back.
    func end() {
        let isFirst = state.withLock { state in
            defer { state.isOver = true }
            guard !state.isOver, var found = state.found else { return !state.isOver }
            if Self.areTyped { tcsetattr(STDIN_FILENO, TCSADRAIN, &found) }
            return true
        }
        if isFirst { for source in sources { source.cancel() } }
    }

    private func readKey(_ control: RecordingControl) {
        var byte: UInt8 = 0
        guard Self.areTyped, read(STDIN_FILENO, &byte, 1) == 1 else {
            // Of a terminal that is another program's, or gone, nothing more will come to us.
            sources.last?.cancel()
            return
        }
        if byte == UInt8(ascii: "p") || byte == UInt8(ascii: " ") { control.toggle() }
    }

    private func takeKeys() {
        state.withLock { state in
            guard !state.isOver, Self.areTyped else { return }
            var mode = termios()
            guard tcgetattr(STDIN_FILENO, &mode) == 0 else { return }
            if state.found == nil { state.found = mode }
            mode.c_lflag &= ~tcflag_t(ICANON | ECHO)
            tcsetattr(STDIN_FILENO, TCSADRAIN, &mode)
        }
    }

    private static func watch(
        _ number: Int32, on queue: DispatchQueue, _ body: @escaping @Sendable () -> Void
    ) -> any DispatchSourceProtocol {
        if number != SIGCONT { signal(number, SIG_IGN) }
        let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
        source.setEventHandler { @Sendable in body() }
        source.resume()
        return source
    }
}
