import CSystemd
import Dispatch

/// Owns the connection of sd-bus: it closes when nobody needs it any more.
///
/// @unchecked because the handle is set while nobody else can see the object, and used on `queue` afterwards.
final class BusLifetime: @unchecked Sendable {
    /// The connection.
    var handle: OpaquePointer?
    /// Where everything happens to it.
    let queue: DispatchQueue

    init(queue: DispatchQueue) { self.queue = queue }

    deinit {
        // Without a library there is none, and nothing to call.
        guard let handle else { return }
        let address = UInt(bitPattern: handle)
        // Calls that wait are answered while it closes, and that is the queue's to do.
        queue.async { sd_bus_flush_close_unref(OpaquePointer(bitPattern: address)) }
    }
}

/// Calls back when a descriptor can be read, or a time has come.
///
/// @unchecked because the sources are made before and cancelled after everything else, and safe to use from anywhere.
final class BusWatch: @unchecked Sendable {
    private let source: any DispatchSourceRead
    private let timer: any DispatchSourceTimer

    init(descriptor: Int32, queue: DispatchQueue, body: @escaping @Sendable () -> Void) {
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        timer = DispatchSource.makeTimerSource(queue: queue)
        source.setEventHandler(handler: body)
        timer.setEventHandler(handler: body)
        timer.schedule(deadline: .distantFuture)
        source.activate()
        timer.activate()
    }

    deinit {
        source.cancel()
        timer.cancel()
    }

    /// Asks to be called at a time: microseconds of CLOCK_MONOTONIC, the largest number for never.
    func wake(at time: UInt64) {
        guard time != .max else { return timer.schedule(deadline: .distantFuture) }
        let now = MonotonicClock.now() / 1000
        timer.schedule(deadline: .now() + .microseconds(Int(time > now ? time - now : 0)))
    }
}
