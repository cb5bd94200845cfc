/// Finds the tiles that change again and again in a steady beat: a caret, a clock, a spinner.
///
/// Only few tiles can blink: when much of the picture changes in a steady beat it is a video, which is worth showing.
struct BlinkingTiles: Sendable {
    /// Seconds that it takes at most to see that a tile blinks.
    static let memory = 20.0
    /// Changes in a steady beat that make a blink when the tile goes to and fro, as a caret does.
    private static let returnsNeeded = 3
    /// Changes in a steady beat that make a blink of anything: more than typing causes in one tile.
    private static let beatsNeeded = 8
    /// The slowest beat, in seconds: a clock of which one second was missed.
    private static let slowestBeat = 2.2
    /// Seconds that a change may have come before it was seen, at most.
    private static let mostSlack = 0.2
    /// Fewer tiles than this may blink at a time: a fiftieth of the picture.
    private static let fewestTilesInVideo = 46

    /// How one tile changed of late.
    private struct Rhythm {
        var lastChange: Double
        var now: TileLook
        var before: TileLook?
        var shortest = Double.infinity
        var longest = 0.0
        var beats = 1
        var returns = 0
        /// Whether it was not looked at meanwhile: its next change may come at any time.
        var isHeld = false
    }

    /// Changes beside a clock that come with it, and are no more than this, are its minutes and hours.
    private static let mostTilesOfMinutes = 3
    /// How many columns from its seconds a clock's other digits are at most.
    private static let clockWidth = 3
    /// The tiles that a clock's digits change at a time, at most.
    private static let mostTilesOfDigits = 16
    /// The fastest beat of a clock, in seconds.
    private static let clockBeat = 0.8

    /// The tiles that blink.
    private(set) var tiles = TileSet(rowCount: 36)
    /// Those of them that are a clock's minutes and hours.
    private var minutes = TileSet(rowCount: 36)
    /// The last sample, and how long before it the one before was: a change may have come so much earlier.
    private var lastTime = 0.0
    private var slack = 0.0
    /// Keyed by row * 64 + column; tiles that stood still for long are dropped.
    private var rhythms: [Int: Rhythm] = [:]

    /// Notes which tiles changed between two samples; returns whether tiles began to blink.
    mutating func note(_ changed: TileSet, of signature: FrameSignature, at time: Double) -> Bool {
        slack = min(Self.mostSlack, max(0, time - lastTime))
        lastTime = time
        forgetStill(at: time)
        let count = changed.count
        guard count > 0 else { return false }
        let isVideo = count >= Self.fewestTilesInVideo
        var began = noteMinutes(changed.subtracting(tiles), with: changed)
        forEach(changed) { key in
            // What changes together with much else does not begin to blink; what blinks goes on.
            if isVideo, !tiles.contains(column: key % 64, row: key / 64) {
                rhythms[key] = nil
                return
            }
            let look = signature.tile(column: key % 64, row: key / 64)
            if minutes.contains(column: key % 64, row: key / 64) { return }
            guard let rhythm = rhythms[key], let next = beat(rhythm, look: look, at: time) else {
                rhythms[key] = Rhythm(lastChange: time, now: look)
                tiles.remove(column: key % 64, row: key / 64)
                return
            }
            rhythms[key] = next
            guard next.returns >= Self.returnsNeeded || next.beats >= Self.beatsNeeded,
                !tiles.contains(column: key % 64, row: key / 64), tiles.count < Self.fewestTilesInVideo
            else { return }
            tiles.insert(column: key % 64, row: key / 64)
            began = true
        }
        if count <= Self.mostTilesOfDigits, carry(beside: changed, at: time) { began = true }
        return began
    }

    /// Lets a clock's digits keep their beat in every tile that they lie in; returns whether tiles began to blink.
    ///
    /// What a tile has of a digit may look the same in the next one.
    private mutating func carry(beside changed: TileSet, at time: Double) -> Bool {
        var began = false
        for (key, rhythm) in rhythms where rhythm.lastChange < time && !rhythm.isHeld {
            guard time - rhythm.lastChange >= Self.clockBeat, isBesideBeat(key, in: changed),
                var next = beat(rhythm, look: rhythm.now, at: time)
            else { continue }
            (next.before, next.returns) = (rhythm.before, rhythm.returns)
            rhythms[key] = next
            let (column, row) = (key % 64, key / 64)
            guard next.beats >= Self.beatsNeeded, !tiles.contains(column: column, row: row),
                tiles.count < Self.fewestTilesInVideo
            else { continue }
            tiles.insert(column: column, row: row)
            began = true
        }
        return began
    }

    /// Whether a tile beside this one changed just now, and not for the first time.
    private func isBesideBeat(_ key: Int, in changed: TileSet) -> Bool {
        for row in max(0, key / 64 - 1)...min(changed.rows.count - 1, key / 64 + 1) {
            for column in max(0, key % 64 - 1)...min(63, key % 64 + 1)
            where changed.contains(column: column, row: row) {
                if let other = rhythms[row * 64 + column], other.beats > 1 { return true }
            }
        }
        return false
    }

    /// The rhythm after one more change; nil when the change is out of beat.
    private func beat(_ rhythm: Rhythm, look: TileLook, at time: Double) -> Rhythm? {
        if rhythm.isHeld {
            var next = rhythm
            (next.before, next.now, next.lastChange, next.isHeld) = (rhythm.now, look, time, false)
            return next
        }
        let beat = time - rhythm.lastChange
        let shortest = min(rhythm.shortest, beat)
        let longest = max(rhythm.longest, beat)
        guard beat <= Self.slowestBeat + slack, longest - slack <= 2 * (shortest + slack) + 0.1 else { return nil }
        var next = rhythm
        next.before = rhythm.now
        next.now = look
        next.lastChange = time
        next.shortest = shortest
        next.longest = longest
        next.beats += 1
        next.returns = rhythm.before.map { $0.resembles(look) } == true ? rhythm.returns + 1 : 0
        return next
    }

    /// Keeps everything as it is over a stretch that is not looked at.
    mutating func hold(until time: Double) {
        for key in rhythms.keys {
            rhythms[key]?.lastChange = time
            rhythms[key]?.isHeld = true
        }
    }

    /// Lets the other digits of a clock be part of it, when they change with its seconds; returns whether they were new.
    private mutating func noteMinutes(_ others: TileSet, with changed: TileSet) -> Bool {
        let count = others.count
        guard count > 0, count <= Self.mostTilesOfMinutes, rhythms.contains(where: { isClock($0, in: changed) }) else {
            return false
        }
        var keys: [Int] = []
        forEach(others) { keys.append($0) }
        let belong = keys.allSatisfy { key in
            (max(key / 64 * 64, key - Self.clockWidth)...min(key / 64 * 64 + 63, key + Self.clockWidth)).contains {
                near in
                rhythms[near].map { isClock((near, $0), in: changed) } ?? false
            }
        }
        guard belong else { return false }
        for key in keys {
            minutes.insert(column: key % 64, row: key / 64)
            tiles.insert(column: key % 64, row: key / 64)
            rhythms[key] = nil
        }
        return true
    }

    /// Whether a tile shows the seconds of a clock, and these changed just now.
    private func isClock(_ entry: (key: Int, value: Rhythm), in changed: TileSet) -> Bool {
        let (column, row) = (entry.key % 64, entry.key / 64)
        return entry.value.beats >= Self.beatsNeeded && entry.value.shortest >= Self.clockBeat
            && changed.contains(column: column, row: row) && tiles.contains(column: column, row: row)
    }

    /// Lets tiles count again that no longer blink.
    private mutating func forgetStill(at time: Double) {
        guard rhythms.values.contains(where: { time - $0.lastChange > Self.slowestBeat * 1.5 }) else { return }
        for (key, rhythm) in rhythms where time - rhythm.lastChange > Self.slowestBeat * 1.5 {
            tiles.remove(column: key % 64, row: key / 64)
            rhythms[key] = nil
        }
        // Without seconds that tick there is no clock.
        guard !minutes.isEmpty, !rhythms.values.contains(where: { $0.beats >= Self.beatsNeeded }) else { return }
        tiles = tiles.subtracting(minutes)
        minutes = TileSet(rowCount: 36)
    }

    private func forEach(_ set: TileSet, _ body: (Int) -> Void) {
        for (row, word) in set.rows.enumerated() {
            var word = word
            while word != 0 {
                body(row * 64 + word.trailingZeroBitCount)
                word &= word - 1
            }
        }
    }
}
