/// Notices that a reply goes round in circles.
///
///     if let loop = guardian.add(delta) { notice("The answer repeats itself: \(loop.sample)") }
///
/// Two signs count, each of which ordinary lists, tables, code and drawings do not show:
/// - nearly everything of the last 1,200 characters was said at least three times before, letter by letter;
/// - nearly all of the last sentences outside of code are the same few.
///
/// A value that is fed every piece of one reply, reasoning and answer alike; a piece costs time in proportion to its length,
/// however long the reply is.
public struct RepetitionGuard: Sendable {
    /// A loop that was found.
    public struct Loop: Sendable, Equatable {
        /// The beginning of what is repeated.
        public var sample: String
    }

    /// The loop that was found; nil while there is none.
    public private(set) var loop: Loop?

    private var windows = RepeatedWindows()
    private var sentences = RepeatedSentences()
    private var fence = FenceWatch()

    /// Makes a guard for one reply.
    public init() {}

    /// Takes the next piece of the reply.
    ///
    /// - Returns: The loop, once, with the piece that makes it sure.
    public mutating func add(_ text: String) -> Loop? {
        guard loop == nil else { return nil }
        for scalar in text.unicodeScalars {
            fence.add(scalar)
            let sample = windows.add(scalar, isCode: fence.isInside) ?? sentences.add(scalar, isCode: fence.isInside)
            guard let sample else { continue }
            let found = Loop(sample: sample)
            loop = found
            return found
        }
        return nil
    }
}

/// Whether a text is inside of a fenced block of code.
private struct FenceWatch {
    private(set) var isInside = false
    private var ticks = 0
    private var isAtStart = true

    mutating func add(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\n":
            ticks = 0
            isAtStart = true
        case "`" where isAtStart:
            ticks += 1
            if ticks == 3 { isInside.toggle() }
        case " " where ticks == 0: break
        default: isAtStart = false
        }
    }
}

/// Counts how often every stretch of fifty characters came in the last thousands of characters.
private struct RepeatedWindows {
    private static let width = 50
    private static let memory = 8192
    /// How much of what was said last has to be stale: in prose, in code, and where there are hardly any words.
    private static let needed = (words: 1200, code: 3600, marks: 6000)
    private static let base: UInt64 = 1_000_003
    /// The base to the power of the width, to take the oldest character out of the hash.
    private static let outgoing = (0..<width).reduce(UInt64(1)) { power, _ in power &* base }

    /// The last characters, in a ring.
    private var recent = [Unicode.Scalar](repeating: " ", count: width)
    private var place = 0
    private var letters = 0
    private var hash: UInt64 = 0
    private var count = 0
    /// The hashes of the last stretches, in a ring, and how often each of them is in it.
    private var past: [UInt64] = []
    private var pastPlace = 0
    private var seen: [UInt64: UInt16] = [:]
    /// How much stale text came in a row, forgiving one new stretch in ten.
    private var staleWords = 0
    private var staleMarks = 0
    private var fresh = 0

    mutating func add(_ scalar: Unicode.Scalar, isCode: Bool) -> String? {
        // Line breaks and runs of blanks vary without meaning anything.
        let scalar: Unicode.Scalar = scalar.properties.isWhitespace ? " " : scalar
        let last = recent[(place + Self.width - 1) % Self.width]
        if scalar == " " && last == " " { return nil }
        let old = recent[place]
        recent[place] = scalar
        place = (place + 1) % Self.width
        letters += (scalar.isWord ? 1 : 0) - (count >= Self.width && old.isWord ? 1 : 0)
        let leaving = count >= Self.width ? UInt64(old.value) : 0
        hash = hash &* Self.base &+ UInt64(scalar.value) &- leaving &* Self.outgoing
        count += 1
        guard count >= Self.width else { return nil }
        return judge(isCode: isCode)
    }

    private mutating func judge(isCode: Bool) -> String? {
        let times = remember()
        let hasWords = letters >= 15
        if times >= 3 {
            if hasWords { staleWords += 1 } else { staleMarks += 1 }
        } else {
            fresh += 1
        }
        // One new character makes fifty new stretches, so that only the share of them counts.
        if fresh * 10 > staleWords + staleMarks {
            staleWords = 0
            staleMarks = 0
            fresh = 0
        }
        let needed = isCode ? Self.needed.code : Self.needed.words
        guard staleWords >= needed || staleMarks >= Self.needed.marks else { return nil }
        return sample
    }

    /// Notes the present stretch, and returns how often it came before.
    private mutating func remember() -> UInt16 {
        let times = seen[hash] ?? 0
        seen[hash] = times == .max ? times : times + 1
        guard past.count >= Self.memory else {
            past.append(hash)
            return times
        }
        let oldest = past[pastPlace]
        past[pastPlace] = hash
        pastPlace = (pastPlace + 1) % Self.memory
        if let left = seen[oldest] { seen[oldest] = left > 1 ? left - 1 : nil }
        return times
    }

    private var sample: String {
        var text = ""
        for offset in 0..<Self.width { text.unicodeScalars.append(recent[(place + offset) % Self.width]) }
        return text
    }
}

/// Counts how many different sentences the last ones are.
private struct RepeatedSentences {
    private static let memory = 24
    private static let fewest = 6
    private static let inARow = 8
    private static let shortest = 16
    private static let longest = 400

    private var sentence = ""
    private var length = 0
    private var letters = 0
    private var past: [Int] = []
    private var row = 0
    private var isTable = false

    mutating func add(_ scalar: Unicode.Scalar, isCode: Bool) -> String? {
        if isCode {
            start()
            return nil
        }
        let ends = scalar == "\n" || ".!?。！？".unicodeScalars.contains(scalar)
        if ends { return finish() }
        if length == 0, scalar.properties.isWhitespace { return nil }
        if length == 0, scalar == "|" { isTable = true }
        length += 1
        if scalar.isWord { letters += 1 }
        if length <= Self.longest { sentence.unicodeScalars.append(scalar) }
        return nil
    }

    private mutating func finish() -> String? {
        defer { start() }
        // A Chinese sentence says more with fewer characters.
        let isLong = length >= Self.shortest || (letters >= 6 && sentence.utf8.count >= length * 2)
        guard isLong, letters >= 6, !isTable else { return nil }
        let key = sentence.hashValue
        row = past.last == key ? row + 1 : 1
        past.append(key)
        if past.count > Self.memory { past.removeFirst() }
        guard row < Self.inARow else { return sentence }
        guard past.count == Self.memory, Set(past).count <= Self.fewest else { return nil }
        return sentence
    }

    private mutating func start() {
        sentence = ""
        length = 0
        letters = 0
        isTable = false
    }
}

extension Unicode.Scalar {
    /// Whether it is a letter of a word.
    fileprivate var isWord: Bool {
        value < 0x80 ? (value >= 0x41 && value <= 0x5A) || (value >= 0x61 && value <= 0x7A) : properties.isAlphabetic
    }
}
