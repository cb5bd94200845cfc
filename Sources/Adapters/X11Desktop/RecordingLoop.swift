import Desktop

/// A recording as its thread sees it: sleeps until something is painted, and then reads it, but not too often.
struct RecordingLoop: Sendable {
    let place: X11Place
    let target: CaptureTarget
    /// Nanoseconds from a frame to the next, at least and on average.
    let interval: UInt64
    let withCursor: Bool
    let mailbox: FrameMailbox
    let wake: WakeSignal

    /// The pointer sends no events of its moves; after this long without any it is looked at less often.
    private static let restlessness: UInt64 = 2_000_000_000
    private static let idleInterval: UInt64 = 100_000_000
    private static let settling: UInt64 = 3_000_000

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
        var limit = RateLimit(interval: interval)
        if let frame = try picture.next() { mailbox.put(frame) }
        limit.use(at: MonotonicClock.now())
        var lastNews = MonotonicClock.now()
        while !mailbox.isFinished {
            try picture.readEvents()
            let hasNews = picture.hasNews
            if hasNews {
                // The first stroke was seen: the application gets the time for some more.
                let settled = MonotonicClock.now() + min(Self.settling, interval / 8)
                sleep(connection, until: limit.next(after: settled))
                try picture.readEvents()
            } else {
                let now = MonotonicClock.now()
                let isIdle = now - lastNews > Self.restlessness && !picture.isBlind
                let step = isIdle ? max(interval, Self.idleInterval) : interval
                let mustLook = withCursor || picture.isBlind
                connection.wait(nanoseconds: mustLook ? step : nil, wake: wake.descriptor)
                try picture.readEvents()
                if picture.hasNews || MonotonicClock.now() < now + step { continue }
            }
            guard !mailbox.isFinished else { return }
            let frame = try picture.next()
            let now = MonotonicClock.now()
            // Looking costs as much when all is found as it was.
            if hasNews || frame != nil { limit.use(at: now) }
            if let frame {
                mailbox.put(frame)
                lastNews = now
            }
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
