import CPipeWire
import Desktop
import Dispatch
import Glibc
import Synchronization

/// A stream of PipeWire that is being watched; it ends when nobody has it any more.
final class LiveStream: Sendable {
    /// What has come so far.
    let core: StreamCore
    /// Pictures a second, at most, as the producer was asked for.
    let rate: UInt32
    private let connection: PipeWireConnection

    /// How long a stream may take to agree on a format; that takes milliseconds where all is well.
    private static let patience = Duration.seconds(5)

    /// Starts to watch a node.
    ///
    /// - Parameters:
    ///   - socket: A connection to PipeWire, which is taken over.
    ///   - session: Kept until the connection is closed.
    ///   - choose: Picks the node from those that there are.
    /// - Throws: `CaptureFailure` or `CancellationError`.
    init(
        socket: Int32, rate: UInt32, words: StreamWords, session: (any Sendable)? = nil,
        choose: @Sendable ([StreamNode]) throws -> UInt32
    ) async throws {
        let core = StreamCore(words: words)
        connection = try PipeWireConnection(socket: socket, core: core, session: session)
        self.core = core
        self.rate = rate
        do {
            try await core.reach(.ready, within: Self.patience)
            let node = try choose(core.nodes)
            core.watch(node)
            try connection.play(node: node, rate: rate)
            try await core.reach(.format, within: Self.patience)
        } catch is Late {
            throw words.silent
        }
    }
}

/// Owns a connection to PipeWire and its thread.
final class PipeWireConnection: Sendable {
    // Set once, and safe to use from any thread.
    private nonisolated(unsafe) let handle: OpaquePointer
    private let context: Unmanaged<StreamCore>
    private let core: StreamCore
    private let session: Kept

    /// Connects through a socket, which is taken over.
    ///
    /// - Parameter session: Kept until the connection is closed.
    init(socket: Int32, core: StreamCore, session: (any Sendable)? = nil) throws(CaptureFailure) {
        do {
            try PipeWireLibrary.load()
        } catch {
            close(socket)
            throw error
        }
        self.core = core
        self.session = Kept(session)
        context = .passRetained(core)
        guard let handle = cpipewire_open(socket, PipeWireEvents.table, context.toOpaque()) else {
            let code = errno
            context.release()
            throw PipeWireLibrary.unreachable(code)
        }
        self.handle = handle
        let address = UInt(bitPattern: handle)
        core.setAlarm { nanoseconds in
            guard let handle = OpaquePointer(bitPattern: address) else { return }
            cpipewire_wake(handle, nanoseconds)
        }
    }

    deinit {
        let address = UInt(bitPattern: handle)
        let (context, session) = (context, session)
        core.setAlarm(nil)
        Partings.all.begin()
        // Closing waits for the connection's thread, which may be the one that lets go of this.
        DispatchQueue(label: "pipewire.close").async {
            guard let handle = OpaquePointer(bitPattern: address) else { return }
            cpipewire_close(handle)
            context.release()
            session.drop()
            Partings.all.end()
        }
    }

    /// Starts the stream.
    func play(node: UInt32, rate: UInt32) throws(CaptureFailure) {
        let status = cpipewire_play(handle, node, rate)
        guard status < 0 else { return }
        throw CaptureFailure(
            .unsupported, "PipeWire does not start the stream: \(String(cString: strerror(-status))).")
    }
}

/// Keeps something until it is told not to.
private final class Kept: Sendable {
    private let value: Mutex<(any Sendable)?>

    init(_ value: (any Sendable)?) { self.value = Mutex(value) }

    func drop() {
        let last = value.withLock { value in
            defer { value = nil }
            return value
        }
        // What ends with it may take its time, and another lock.
        withExtendedLifetime(last) {}
    }
}

/// What C calls, with the `StreamCore` as context.
private enum PipeWireEvents {
    // Unsafe: written once, here, before anybody has it. Never freed: connections keep the address.
    nonisolated(unsafe) static let table: UnsafePointer<cpipewire_events> = {
        let table = UnsafeMutablePointer<cpipewire_events>.allocate(capacity: 1)
        table.initialize(
            to: cpipewire_events(
                ready: { core($0).noteReady() },
                node: { context, id, name, description, mediaClass in
                    core(context).noteNode(
                        StreamNode(
                            id: id, name: String(cString: name), description: String(cString: description),
                            mediaClass: String(cString: mediaClass)))
                },
                gone: { core($0).noteGone($1) },
                state: { core($0).noteState($1, String(cString: $2)) },
                format: { context, pixels, width, height, _ in
                    core(context).noteFormat(pixels, width: width, height: height)
                },
                picture: { core($0).notePicture(StreamNews($1.pointee)) },
                woke: { core($0).wake() }))
        return UnsafePointer(table)
    }()

    private static func core(_ context: UnsafeMutableRawPointer) -> StreamCore {
        Unmanaged<StreamCore>.fromOpaque(context).takeUnretainedValue()
    }
}
