import CSystemd
import Dispatch
import Glibc

/// A connection to the session bus.
///
///     let bus = try Bus(environment: environment)
///     let answer = try await bus.call(service, path, interface, "GetAll", [.string(name)], within: .seconds(5))
///
/// It has a descriptor and a queue of its own and needs no main loop. Closing it, which happens when it goes away, ends
/// whatever others keep for the connection, as a screen cast.
actor Bus {
    private let executor = QueueExecutor(label: "scry.bus")
    private let lifetime: BusLifetime
    private var watch: BusWatch?
    /// The calls that wait for an answer.
    private var calls: [ObjectIdentifier: BusCall] = [:]
    /// Who waits for the end of the connection.
    private var mourners: [OneShot<Void>] = []
    /// Whether the connection has ended.
    private(set) var isLost = false
    /// The name that the bus gave to this connection, as ":1.42".
    nonisolated let name: String

    /// Runs the actor's work on its own queue, together with what sd-bus calls back.
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Connects; that blocks for a millisecond.
    ///
    /// - Parameter environment: read for DBUS_SESSION_BUS_ADDRESS and XDG_RUNTIME_DIR.
    init(environment: [String: String]) throws(BusFailure) {
        let lifetime = BusLifetime(queue: executor.queue)
        self.lifetime = lifetime
        try Self.load()
        guard let address = Self.address(environment) else { throw .unreachable(ENOENT) }
        do {
            try check(sd_bus_new(&lifetime.handle))
            try check(sd_bus_set_address(lifetime.handle, address))
            try check(sd_bus_set_bus_client(lifetime.handle, 1))
            try check(sd_bus_negotiate_fds(lifetime.handle, 1))
            try check(sd_bus_set_method_call_timeout(lifetime.handle, 10_000_000))
            try check(sd_bus_start(lifetime.handle))
            var name: UnsafePointer<CChar>?
            try check(sd_bus_get_unique_name(lifetime.handle, &name))
            self.name = name.map { String(cString: $0) } ?? ""
        } catch .malformed(let code) {
            throw .unreachable(code)
        } catch {
            throw .unreachable(ECONNREFUSED)
        }
    }

    private static func load() throws(BusFailure) {
        var reason = [CChar](repeating: 0, count: 512)
        guard csystemd_load(&reason, reason.count) != 0 else { return }
        throw .unloadable(
            String(decoding: reason.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self).withoutControls)
    }

    private static func address(_ environment: [String: String]) -> String? {
        if let address = environment["DBUS_SESSION_BUS_ADDRESS"], !address.isEmpty { return address }
        guard let directory = environment["XDG_RUNTIME_DIR"], !directory.isEmpty,
            access(directory + "/bus", F_OK) == 0
        else { return nil }
        return "unix:path=" + directory + "/bus"
    }

    // MARK: - Calls

    /// Calls a method and waits for the answer.
    ///
    /// - Parameter limit: How long to wait.
    /// - Throws: `BusFailure`.
    func call(
        _ service: String, _ path: String, _ interface: String, _ method: String, _ values: [BusValue] = [],
        within limit: Duration
    ) async throws -> [BusValue] {
        guard !isLost else { throw BusFailure.disconnected }
        start()
        let message = try newCall(service, path, interface, method)
        try message.append(values)
        let microseconds = UInt64(max(1, limit / .microseconds(1)))
        let call = BusCall()
        let context = Unmanaged.passRetained(call)
        let status = sd_bus_call_async(
            lifetime.handle, nil, message.handle, answerCall, context.toOpaque(), microseconds)
        guard status >= 0 else {
            context.release()
            throw status == -ENOTCONN || status == -ECONNRESET ? BusFailure.disconnected : .malformed(-status)
        }
        calls[ObjectIdentifier(call)] = call
        defer { calls[ObjectIdentifier(call)] = nil }
        pump()
        return try await call.answer.value()
    }

    /// Sends a call and does not wait for an answer.
    private func send(_ service: String, _ path: String, _ interface: String, _ method: String) {
        guard !isLost, let message = try? newCall(service, path, interface, method) else { return }
        sd_bus_message_set_expect_reply(message.handle, 0)
        sd_bus_send(lifetime.handle, message.handle, nil)
        sd_bus_flush(lifetime.handle)
    }

    /// Sends a call and waits for nothing at all, from anywhere.
    ///
    /// - Parameter whenSent: called on the bus's queue when it has been sent, or could not be.
    nonisolated func post(
        _ service: String, _ path: String, _ interface: String, _ method: String,
        whenSent: @escaping @Sendable () -> Void = {}
    ) {
        executor.queue.async {
            self.assumeIsolated { $0.send(service, path, interface, method) }
            whenSent()
        }
    }

    private func newCall(
        _ service: String, _ path: String, _ interface: String, _ method: String
    ) throws(BusFailure) -> BusMessage {
        var message: OpaquePointer?
        try check(sd_bus_message_new_method_call(lifetime.handle, &message, service, path, interface, method))
        guard let message else { throw .malformed(ENOMEM) }
        return BusMessage(taking: message)
    }

    // MARK: - Signals

    /// Has `handler` told of signals, on the bus's queue, until the subscription goes away.
    ///
    /// The bus knows the rule when this returns: what is sent from then on is not missed.
    func subscribe(
        _ rule: BusRule, handler: @escaping @Sendable (BusSignal) -> Void
    ) throws(BusFailure) -> BusSubscription {
        guard !isLost else { throw .disconnected }
        start()
        let listener = Unmanaged.passRetained(BusListener(handler))
        var slot: OpaquePointer?
        let status = sd_bus_add_match(lifetime.handle, &slot, rule.match, hearSignal, listener.toOpaque())
        guard status >= 0, let slot else {
            listener.release()
            throw status == -ETIMEDOUT ? .late : .malformed(-status)
        }
        sd_bus_slot_set_destroy_callback(slot) { context in
            guard let context else { return }
            Unmanaged<BusListener>.fromOpaque(context).release()
        }
        pump()
        let address = UInt(bitPattern: slot)
        // The bus stays alive as long as the slot, and slots are the queue's alone.
        return BusSubscription { [lifetime] in
            lifetime.queue.async {
                withExtendedLifetime(lifetime) { _ = sd_bus_slot_unref(OpaquePointer(bitPattern: address)) }
            }
        }
    }

    /// Waits for the end of the connection.
    ///
    /// - Throws: `CancellationError`.
    func waitUntilLost() async throws {
        guard !isLost else { return }
        start()
        let shot = OneShot<Void>()
        mourners.append(shot)
        try await shot.value()
    }

    // MARK: - The descriptor

    /// Begins to read what comes.
    private func start() {
        guard watch == nil else { return }
        // By way of a pointer: where a connection is let go of after one call, the optimiser warns that the weak reference
        // will be nil; it is used while the call waits.
        let own = Unmanaged.passUnretained(self)
        watch = BusWatch(descriptor: sd_bus_get_fd(lifetime.handle), queue: executor.queue) {
            [weak bus = own.takeUnretainedValue()] in
            bus?.assumeIsolated { $0.pump() }
        }
    }

    /// Reads, answers and writes all that can be, and says when to be called again.
    private func pump() {
        guard !isLost else { return }
        while true {
            let status = sd_bus_process(lifetime.handle, nil)
            if status < 0 { return lose() }
            if status == 0 { break }
        }
        if sd_bus_get_events(lifetime.handle) & Int32(POLLOUT) != 0 { sd_bus_flush(lifetime.handle) }
        var time: UInt64 = .max
        guard sd_bus_get_timeout(lifetime.handle, &time) >= 0 else { return lose() }
        watch?.wake(at: time)
    }

    /// The connection has ended: nobody else answers those who wait.
    private func lose() {
        isLost = true
        watch = nil
        sd_bus_close(lifetime.handle)
        for call in calls.values { call.answer.fulfil(.failure(BusFailure.disconnected)) }
        for mourner in mourners { mourner.fulfil(.success(())) }
        mourners = []
    }
}

/// A method call that waits for its answer.
private final class BusCall: Sendable {
    let answer = OneShot<[BusValue]>()
}

/// Who is told of a signal.
private final class BusListener: Sendable {
    let handler: @Sendable (BusSignal) -> Void

    init(_ handler: @escaping @Sendable (BusSignal) -> Void) { self.handler = handler }
}

private func answerCall(
    _ message: OpaquePointer?, _ context: UnsafeMutableRawPointer?, _ error: UnsafeMutablePointer<sd_bus_error>?
) -> Int32 {
    guard let message, let context else { return 0 }
    let call = Unmanaged<BusCall>.fromOpaque(context).takeRetainedValue()
    if let error = sd_bus_message_get_error(message) {
        let name = error.pointee.name.map { String(cString: $0) } ?? ""
        let text = error.pointee.message.map { String(cString: $0) } ?? ""
        switch name {
        // sd-bus says so of calls that were open when the connection ended.
        case "org.freedesktop.DBus.Error.NoReply" where text == "Connection terminated":
            call.answer.fulfil(.failure(BusFailure.disconnected))
        case "org.freedesktop.DBus.Error.NoReply", "org.freedesktop.DBus.Error.Timeout",
            "org.freedesktop.DBus.Error.TimedOut":
            call.answer.fulfil(.failure(BusFailure.late))
        case "org.freedesktop.DBus.Error.Disconnected":
            call.answer.fulfil(.failure(BusFailure.disconnected))
        default:
            call.answer.fulfil(.failure(BusFailure.refused(name: name, message: text)))
        }
        return 0
    }
    do {
        call.answer.fulfil(.success(try BusMessage(lent: message).values()))
    } catch {
        call.answer.fulfil(.failure(error))
    }
    return 0
}

private func hearSignal(
    _ message: OpaquePointer?, _ context: UnsafeMutableRawPointer?, _ error: UnsafeMutablePointer<sd_bus_error>?
) -> Int32 {
    guard let message, let context else { return 0 }
    // A signal that cannot be read is one that did not come.
    if let values = try? BusMessage(lent: message).values() {
        let path = sd_bus_message_get_path(message).map { String(cString: $0) } ?? ""
        Unmanaged<BusListener>.fromOpaque(context).takeUnretainedValue().handler(BusSignal(path: path, values: values))
    }
    return 0
}
