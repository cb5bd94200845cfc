import Desktop

/// What a reader of a stream wants to see.
struct StreamWish: Sendable {
    /// The part to show, in the stream's pixels; nil for all of it.
    var area: Region?
    /// Nanoseconds from a frame to the next, at least and on average.
    var interval: UInt64
    /// Whether the pointer is drawn, where that is left to us.
    var withCursor: Bool
}

/// Makes the frames that one reader of a stream gets.
struct StreamReader {
    /// Where they go.
    let mailbox: FrameMailbox
    private let wish: StreamWish
    private var limit: RateLimit
    private var pool: SnapshotPool?
    private var size = (width: 0, height: 0)
    /// What is different from the last frame; nil for everything.
    private var pending: ChangeList?
    private var drawn = DrawnPointer()
    private var missed = 0
    private var hasNews = true
    private var lastTime: UInt64 = 0

    init(_ wish: StreamWish, mailbox: FrameMailbox) {
        self.wish = wish
        self.mailbox = mailbox
        limit = RateLimit(interval: wish.interval)
    }

    /// Notes what changed since it was last told; nil for everything.
    mutating func note(_ changes: ChangeList?, pointer: DrawnPointer, lost: Int) {
        missed += lost
        if let changes {
            if !changes.isEmpty { hasNews = true }
            pending?.formUnion(changes)
        } else {
            pending = nil
            hasNews = true
        }
        if wish.withCursor, pointer != drawn { hasNews = true }
    }

    /// When a frame is due: nanoseconds of CLOCK_MONOTONIC; nil when there is nothing new.
    func due(_ now: UInt64) -> UInt64? { hasNews ? limit.next(after: now) : nil }

    /// Sends a frame.
    mutating func send(_ picture: StreamPicture, pointer: DrawnPointer, time: UInt64, now: UInt64) {
        let area = wish.area.map(picture.bounds.intersection) ?? picture.bounds
        hasNews = false
        guard !area.isEmpty else { return }
        var changes = pending?.clipped(to: area)
        if size != (area.width, area.height) || pool == nil {
            size = (area.width, area.height)
            pool = SnapshotPool(byteCount: area.width * area.height * 4)
            changes = nil
        }
        let pointer = wish.withCursor ? moved(pointer, by: area) : DrawnPointer()
        let seen = Region(x: 0, y: 0, width: area.width, height: area.height)
        if pointer != drawn {
            for place in [drawn.region, pointer.region] {
                if let place { changes?.insert(place.intersection(seen)) }
            }
            drawn = pointer
        }
        pending = ChangeList()
        // What changed elsewhere is no frame of this reader.
        if let changes, changes.isEmpty { return }
        guard let pool else { return }
        let pixels = snapshot(picture, area, changes ?? ChangeList([seen]), pointer, pool)
        // A producer's clock may stumble; an encoder's must not.
        lastTime = max(time, lastTime + 1)
        let frame = Frame(
            width: area.width, height: area.height, stride: area.width * 4, format: .bgrx, pixels: pixels,
            time: lastTime)
        mailbox.put(CapturedFrame(frame: frame, changes: changes?.boxes, missed: missed))
        missed = 0
        limit.use(at: now)
    }

    private func snapshot(
        _ picture: StreamPicture, _ area: Region, _ changes: ChangeList, _ pointer: DrawnPointer, _ pool: SnapshotPool
    ) -> PixelBuffer {
        let seen = Region(x: 0, y: 0, width: area.width, height: area.height)
        pool.invalidate(changes)
        return pool.lend { frame, stale in
            for box in stale?.boxes ?? [seen] {
                picture.copy(box.intersection(seen), of: area, to: frame)
            }
            guard let shape = pointer.shape, let place = pointer.place, let region = pointer.region else {
                return ChangeList()
            }
            shape.blend(
                into: frame, width: area.width, height: area.height, stride: area.width * 4, atX: place.x, y: place.y)
            return ChangeList([region.intersection(seen)])
        }
    }

    private func moved(_ pointer: DrawnPointer, by area: Region) -> DrawnPointer {
        var pointer = pointer
        if let place = pointer.place { pointer.place = (place.x - area.x, place.y - area.y) }
        return pointer
    }
}
