import Desktop

/// A recording as its thread sees it: sleeps until something is painted, and then reads it at the next tick.
struct RecordingLoop: Sendable {
    let place: X11Place
    let target: CaptureTarget
    /// Nanoseconds between ticks.
    let interval: UInt64
    let withCursor: Bool
    let mailbox: FrameMailbox
    let wake: WakeSignal

    /// The pointer sends no events of its moves; after this long without any it is looked at less often.
    private static let restlessness: UInt64 = 2_000_000_000
    private static let idleInterval: UInt64 = 100_000_000

    /// Records until `stop`, or until what is recorded has gone.
    func run() {
        do {
            try BrokenPipe.tolerated { try record() }
            mailbox.finish(nil)
        } catch let failure as CaptureFailure {
            mailbox.finish(failure)
        } catch {
            mailbox.finish(CaptureFailure(.gone, "The recording failed: \(error)."))
        }
    }

    /// Ends the recording, from any thread.
    func stop() {
        mailbox.finish(nil)
        wake.send()
    }

    private func record() throws {
        let connection = try X11Connection(place)
        let picture = try LivePicture(connection, target: target, withCursor: withCursor)
        var clock = TickClock(start: MonotonicClock.now(), interval: interval)
        if let frame = try picture.next() { mailbox.put(frame) }
        var lastNews = MonotonicClock.now()
        while !mailbox.isFinished {
            try picture.readEvents()
            if picture.hasNews {
                sleep(connection, until: clock.next(after: MonotonicClock.now()))
            } else {
                let now = MonotonicClock.now()
                let isIdle = now - lastNews > Self.restlessness && !picture.isBlind
                let step = isIdle ? max(interval, Self.idleInterval) : clock.next(after: now) - now
                let mustLook = withCursor || picture.isBlind
                connection.wait(nanoseconds: mustLook ? step : nil, wake: wake.descriptor)
                try picture.readEvents()
                // What was painted belongs to the next tick, not to this moment.
                if picture.hasNews || MonotonicClock.now() < now + step { continue }
            }
            guard !mailbox.isFinished else { return }
            if let frame = try picture.next() {
                mailbox.put(frame)
                lastNews = MonotonicClock.now()
            }
            clock.skip(to: MonotonicClock.now())
        }
    }

    private func sleep(_ connection: X11Connection, until time: UInt64) {
        var now = MonotonicClock.now()
        while now < time, !mailbox.isFinished {
            connection.wait(nanoseconds: time - now, wake: wake.descriptor, minding: false)
            now = MonotonicClock.now()
        }
    }
}

/// Ticks at fixed times, whatever the work between them takes.
struct TickClock {
    private let interval: UInt64
    private var tick: UInt64

    init(start: UInt64, interval: UInt64) {
        self.interval = max(1, interval)
        tick = start
    }

    /// The first tick after the last one that was used, and not before `time`.
    func next(after time: UInt64) -> UInt64 {
        let soonest = tick + interval
        guard time > soonest else { return soonest }
        return soonest + (time - soonest + interval - 1) / interval * interval
    }

    /// Uses all ticks up to `time`.
    mutating func skip(to time: UInt64) {
        guard time > tick else { return }
        tick += (time - tick) / interval * interval
    }
}
