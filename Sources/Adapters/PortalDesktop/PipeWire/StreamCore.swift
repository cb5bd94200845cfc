import CPipeWire
import Desktop
import Synchronization

/// A node of PipeWire.
struct StreamNode: Sendable, Equatable {
    var id: UInt32
    var name: String
    /// What a person would call it; may be empty.
    var description: String
    /// "Video/Source" for what can be watched.
    var mediaClass: String
}

/// What happens on a connection to PipeWire, as its thread tells it, for everybody who waits for something.
final class StreamCore: Sendable {
    /// What one can wait for.
    enum Milestone: Sendable {
        /// All nodes are known.
        case ready
        /// Producer and consumer have agreed on a format.
        case format
        /// There is a picture.
        case picture
    }

    private struct State {
        var nodes: [StreamNode] = []
        var reached: Set<Milestone> = []
        var waiters: [(milestone: Milestone, shot: OneShot<Void>)] = []
        var failure: CaptureFailure?
        /// The node that is watched, once that is known.
        var node: UInt32?
        /// The size that producer and consumer agreed on.
        var agreed: (width: Int, height: Int)?
        var picture: StreamPicture?
        var pointer = DrawnPointer()
        var shapeSerial: UInt = 0
        var readers: [Int: StreamReader] = [:]
        var nextReader = 0
        /// When the newest picture was drawn.
        var time: UInt64 = 0
    }

    private let state = Mutex(State())
    private let words: StreamWords
    /// Asks the connection for `wake` in so many nanoseconds.
    private let alarm = Mutex<(@Sendable (UInt64) -> Void)?>(nil)

    init(words: StreamWords) { self.words = words }

    // MARK: - Waiting

    /// Why nothing more will come; nil as long as it may.
    var failure: CaptureFailure? { state.withLock(\.failure) }

    /// The nodes that there are.
    var nodes: [StreamNode] { state.withLock(\.nodes) }

    /// When the newest picture was drawn, and how large it is; nil before the first.
    var newest: (time: UInt64, width: Int, height: Int)? {
        state.withLock { state in state.picture.map { (state.time, $0.width, $0.height) } }
    }

    /// How large the pictures are, before they are turned; nil before that is agreed on.
    var agreed: (width: Int, height: Int)? { state.withLock(\.agreed) }

    /// Waits for something.
    ///
    /// - Throws: `Late`, `CancellationError`, or the `CaptureFailure` that came in between.
    func reach(_ milestone: Milestone, within limit: Duration) async throws {
        let shot = OneShot<Void>()
        state.withLock { state in
            if let failure = state.failure {
                shot.fulfil(.failure(failure))
            } else if state.reached.contains(milestone) {
                shot.fulfil(.success(()))
            } else {
                state.waiters.append((milestone, shot))
            }
        }
        try await shot.value(within: limit)
    }

    /// Ends everything with a reason.
    func fail(_ failure: CaptureFailure) {
        let (waiters, mailboxes) = state.withLock { state -> ([OneShot<Void>], [FrameMailbox]) in
            guard state.failure == nil else { return ([], []) }
            state.failure = failure
            defer {
                state.waiters = []
                state.readers = [:]
            }
            return (state.waiters.map(\.shot), state.readers.values.map(\.mailbox))
        }
        for waiter in waiters { waiter.fulfil(.failure(failure)) }
        for mailbox in mailboxes { mailbox.finish(failure) }
    }

    private func reached(_ milestone: Milestone) {
        let waiters = state.withLock { state -> [OneShot<Void>] in
            state.reached.insert(milestone)
            defer { state.waiters.removeAll { $0.milestone == milestone } }
            return state.waiters.filter { $0.milestone == milestone }.map(\.shot)
        }
        for waiter in waiters { waiter.fulfil(.success(())) }
    }

    // MARK: - Readers

    /// Adds a reader; it gets the picture that there is at once, and then what is new.
    ///
    /// - Returns: a number to take it away by.
    func add(_ wish: StreamWish, mailbox: FrameMailbox) -> Int {
        let (number, failure) = state.withLock { state -> (Int, CaptureFailure?) in
            state.nextReader += 1
            guard state.failure == nil else { return (state.nextReader, state.failure) }
            var reader = StreamReader(wish, mailbox: mailbox)
            if let picture = state.picture {
                reader.send(picture, pointer: state.pointer, time: state.time, now: MonotonicClock.now())
            }
            state.readers[state.nextReader] = reader
            return (state.nextReader, nil)
        }
        if let failure { mailbox.finish(failure) }
        return number
    }

    /// Takes a reader away.
    func remove(_ number: Int) { state.withLock { state in _ = state.readers.removeValue(forKey: number) } }

    /// Says how to be called back.
    func setAlarm(_ alarm: (@Sendable (UInt64) -> Void)?) { self.alarm.withLock { $0 = alarm } }

    /// Sends readers what is due to them, and asks to be called for the rest.
    func wake() {
        let now = MonotonicClock.now()
        let next = state.withLock { state -> UInt64? in
            guard let picture = state.picture else { return nil }
            var next: UInt64?
            for number in state.readers.keys {
                guard let due = state.readers[number]?.due(now) else { continue }
                if due <= now {
                    state.readers[number]?.send(picture, pointer: state.pointer, time: state.time, now: now)
                } else {
                    next = min(next ?? due, due)
                }
            }
            return next
        }
        // Not while the lock is held: the connection's thread may wait for that with the connection's own lock.
        if let next { alarm.withLock(\.self)?(max(1, next - now)) }
    }

    // MARK: - What the connection tells

    func noteReady() { reached(.ready) }

    func noteNode(_ node: StreamNode) { state.withLock { $0.nodes.append(node) } }

    func noteGone(_ id: UInt32) {
        let isOurs = state.withLock { state in
            state.nodes.removeAll { $0.id == id }
            return state.node == id
        }
        if isOurs { fail(words.gone) }
    }

    /// Says which node is watched: when it goes, all is over.
    func watch(_ node: UInt32) {
        state.withLock { $0.node = node }
    }

    func noteState(_ change: cpipewire_state, _ reason: String) {
        switch change {
        case CPIPEWIRE_FAILED: fail(words.failure(reason))
        case CPIPEWIRE_DISCONNECTED: fail(words.disconnected)
        // A pause may end; whether the source has ended is told by its node.
        default: break
        }
    }

    func noteFormat(_ pixels: UInt32, width: UInt32, height: UInt32) {
        guard PixelLayout(pixels) != nil else { return fail(words.noFormat) }
        state.withLock { $0.agreed = (Int(width), Int(height)) }
        reached(.format)
    }

    func notePicture(_ news: StreamNews) {
        let now = MonotonicClock.now()
        let isNew = state.withLock { state in
            let pointer = state.pointer
            if let news = news.pointer { Self.update(&state, news) }
            var changes: ChangeList? = ChangeList()
            if let view = news.view {
                changes = Self.absorb(&state, view, news.lost == 0 ? news.boxes : nil)
                state.time = Self.time(news.time, now: now)
            } else if pointer == state.pointer {
                return false
            } else {
                state.time = now
            }
            for number in state.readers.keys {
                state.readers[number]?.note(changes, pointer: state.pointer, lost: news.lost)
            }
            return state.picture != nil
        }
        guard isNew else { return }
        reached(.picture)
        wake()
    }

    /// Shows what the screen looks like, as was found out otherwise, until the first buffer comes.
    func seed(_ frame: Frame) {
        let now = MonotonicClock.now()
        let isWanted = state.withLock { state in
            guard state.picture == nil, state.failure == nil else { return false }
            frame.pixels.withBytes { bytes in
                let view = PixelView(
                    bytes, layout: .bgrx, width: frame.width, height: frame.height, stride: frame.stride)
                if let view { _ = Self.absorb(&state, view, nil) }
            }
            state.time = now
            for number in state.readers.keys {
                state.readers[number]?.note(nil, pointer: state.pointer, lost: 0)
            }
            return state.picture != nil
        }
        guard isWanted else { return }
        reached(.picture)
        wake()
    }

    /// When a buffer was drawn: its own word, if it can be believed.
    static func time(_ claimed: Int64, now: UInt64) -> UInt64 {
        guard claimed > 0 else { return now }
        let claimed = UInt64(claimed)
        return claimed <= now && now - claimed < 2_000_000_000 ? claimed : now
    }

    private static func absorb(_ state: inout State, _ view: PixelView, _ boxes: [Region]?) -> ChangeList? {
        if let kept = state.picture, kept.width == view.width, kept.height == view.height {
            return kept.absorb(view, boxes)
        }
        let kept = StreamPicture(width: view.width, height: view.height)
        _ = kept.absorb(view, nil)
        state.picture = kept
        return nil
    }

    private static func update(_ state: inout State, _ news: StreamNews.Pointer) {
        state.pointer.place = news.place
        guard let shape = news.shape else { return }
        state.shapeSerial += 1
        state.pointer.shape = shape
        state.pointer.shape?.serial = state.shapeSerial
    }
}
