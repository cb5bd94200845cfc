/// What happened in a recording, with times.
struct Timeline: Sendable, Equatable {
    /// Something that happened.
    struct Event: Sendable, Equatable, Encodable {
        /// When, in seconds since the recording began.
        var time: Double
        /// What.
        var event: String
    }

    /// In order of time.
    var events: [Event]

    /// Reads what an engine said of the parts of a recording.
    ///
    /// Each line begins with its time in brackets, if the engine kept to what it was asked for. A line without belongs to
    /// the one before; a time outside of its part is brought into it.
    init(_ parts: [SummaryDraft.Part]) {
        events = []
        for part in parts { events += Self.events(in: part) }
        // Stable: what an engine said first stays first.
        events = events.enumerated()
            .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
    }

    private static func events(in part: SummaryDraft.Part) -> [Event] {
        var events: [Event] = []
        for line in (part.text ?? "").split(whereSeparator: \.isNewline) {
            let words = line.drop { $0.isWhitespace || $0 == "-" || $0 == "*" || $0 == "•" || $0 == "#" }
            guard !words.allSatisfy(\.isWhitespace) else { continue }
            if let (time, rest) = ClockTime.leading(words) {
                let what = rest.drop { $0.isWhitespace || "*:–—-.".contains($0) }
                guard !what.isEmpty else { continue }
                events.append(Event(time: min(max(time, part.start), part.end), event: String(what)))
            } else if events.isEmpty {
                events.append(Event(time: part.start, event: String(words)))
            } else {
                events[events.count - 1].event += " " + words
            }
        }
        return events
    }

    /// A line for each event, as "[02:13] The build fails" is one.
    var text: String { events.map { "[\(ClockTime.text($0.time))] \($0.event)" }.joined(separator: "\n") }
}

/// Times as people write them.
enum ClockTime {
    /// Minutes and seconds, with hours where there are any: "02:13", "1:02:13".
    static func text(_ seconds: Double) -> String {
        let whole = Int(min(max(0, seconds), 1e8))
        let (hours, minutes) = (whole / 3600, whole / 60 % 60)
        let rest = "\(String(minutes).padded(to: 2)):\(String(whole % 60).padded(to: 2))"
        return hours > 0 ? "\(hours):\(rest)" : rest
    }

    /// The time that a text begins with, in brackets or not, and what follows: "[02:13] …", "**02:13–02:15** …".
    static func leading(_ text: Substring) -> (seconds: Double, rest: Substring)? {
        var rest = text.drop { "[(*".contains($0) }
        guard let first = take(&rest) else { return nil }
        // Of a stretch of time the beginning counts.
        var after = rest.drop { $0.isWhitespace }
        if let mark = after.first, "-–—".contains(mark) {
            after = after.dropFirst().drop { $0.isWhitespace }
            if take(&after) != nil { rest = after }
        }
        return (first, rest.drop { "])*:".contains($0) })
    }

    private static func take(_ text: inout Substring) -> Double? {
        var numbers: [Double] = []
        var rest = text
        while true {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard !digits.isEmpty, digits.count <= 4, let number = Double(digits) else { return nil }
            rest = rest.dropFirst(digits.count)
            numbers.append(number)
            guard numbers.count < 3, rest.first == ":" else { break }
            rest = rest.dropFirst()
        }
        guard numbers.count > 1, numbers.dropFirst().allSatisfy({ $0 < 60 }) else { return nil }
        if rest.first == "." {
            let tenths = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
            if !tenths.isEmpty, let part = Double("0.\(tenths)") {
                numbers[numbers.count - 1] += part
                rest = rest.dropFirst(1 + tenths.count)
            }
        }
        text = rest
        return numbers.reduce(0) { $0 * 60 + $1 }
    }
}
