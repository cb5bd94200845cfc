/// Picks those to look at of pictures in order of time: of equal ones, and of those that follow each other at once, one.
struct PictureSieve {
    /// A picture with the second at which it appears.
    typealias Sight = (picture: Picture, time: Double)

    /// Pictures that follow each other faster than this, in seconds, are not all looked at.
    private static let interval = 0.045

    /// When the picture was that was looked at last.
    private(set) var lastTime: Double
    /// The picture that was looked at last.
    private(set) var seen: Picture?
    /// The picture that is looked at unless another follows at once.
    private var pending: Sight?

    /// Begins behind a picture that was looked at already.
    init(lastTime: Double = -1, seen: Picture? = nil) {
        self.lastTime = lastTime
        self.seen = seen
    }

    /// Whether a picture of this time comes after the last one.
    func isNew(_ time: Double) -> Bool { time > lastTime + 0.0005 }

    /// Takes a picture in; returns the one before when it is to be looked at.
    mutating func take(_ picture: Picture, at time: Double) -> Sight? {
        guard isNew(time) else { return nil }
        var due: Sight?
        if let pending {
            guard time > pending.time else { return nil }
            if time >= lastTime + Self.interval { due = takePending() }
        }
        pending = (picture, time)
        return due
    }

    /// Returns the picture that waits, unless it looks like the one that was looked at last.
    mutating func takePending() -> Sight? {
        guard let sight = pending else { return nil }
        pending = nil
        lastTime = sight.time
        if let seen, LumaReader.areEqual(seen.frame, sight.picture.frame) { return nil }
        seen = sight.picture
        return sight
    }

    /// Lets the picture that waits be looked at whatever it looks like.
    mutating func forgetSeen() { seen = nil }
}
