/// Takes server-sent events out of bytes that arrive in any cut.
///
/// A value, without input or output of its own: bytes go in, what the events say comes out. Time is linear in the bytes and
/// memory is bounded by the longest event.
public struct ServerSentEventParser: Sendable {
    /// What an event says.
    public enum Event: Sendable, Equatable {
        /// The lines of its data, joined with line feeds.
        case data([UInt8])
        /// The engine's mark for the end of a reply, "[DONE]".
        case done
    }

    /// The event grew longer than the parser allows; what follows cannot be trusted.
    public struct Overflow: Error, Sendable, Equatable {}

    /// How many bytes an event may have.
    public let longestEvent: Int

    /// The line that is being received.
    private var line: [UInt8] = []
    /// The data of the event that is being received; nil before its first line of data.
    private var data: [UInt8]?
    /// Whether the last byte was a carriage return, so that a line feed after it ends no line of its own.
    private var skipsLineFeed = false
    /// Whether no line has ended yet, so that a byte order mark may stand at the beginning.
    private var isFirstLine = true

    /// Makes a parser.
    public init(longestEvent: Int = 4 * 1024 * 1024) { self.longestEvent = longestEvent }

    /// Bytes of data that are in hand and make no event yet; those of comments do not count.
    public var pendingByteCount: Int { (line.first == UInt8(ascii: ":") ? 0 : line.count) + (data?.count ?? 0) }

    /// Takes the next bytes, and returns the events that they complete.
    public mutating func feed(_ bytes: [UInt8]) throws(Overflow) -> [Event] {
        var events: [Event] = []
        var start = 0
        for (index, byte) in bytes.enumerated() {
            if skipsLineFeed {
                skipsLineFeed = false
                if byte == 0x0A {
                    start = index + 1
                    continue
                }
            }
            guard byte == 0x0A || byte == 0x0D else { continue }
            try extendLine(bytes[start..<index])
            start = index + 1
            skipsLineFeed = byte == 0x0D
            endLine(&events)
        }
        try extendLine(bytes[start...])
        return events
    }

    /// Takes the end of the bytes, and returns the event that was not closed by an empty line, if there is one.
    public mutating func finish() -> [Event] {
        var events: [Event] = []
        if !line.isEmpty { endLine(&events) }
        endEvent(&events)
        return events
    }

    private mutating func extendLine(_ bytes: ArraySlice<UInt8>) throws(Overflow) {
        guard line.count + bytes.count + (data?.count ?? 0) <= longestEvent else {
            line = []
            data = nil
            throw Overflow()
        }
        line.append(contentsOf: bytes)
    }

    private mutating func endLine(_ events: inout [Event]) {
        defer { line.removeAll(keepingCapacity: true) }
        if isFirstLine {
            isFirstLine = false
            if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        }
        if line.isEmpty { return endEvent(&events) }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        // Comments (an empty name) and fields other than the data say nothing about the reply.
        guard line[..<colon].elementsEqual("data".utf8) else { return }
        var value = line[min(colon + 1, line.endIndex)...]
        if value.first == 0x20 { value.removeFirst() }
        if data == nil {
            data = Array(value)
        } else {
            data?.append(0x0A)
            data?.append(contentsOf: value)
        }
    }

    private mutating func endEvent(_ events: inout [Event]) {
        guard let data else { return }
        self.data = nil
        guard !data.isEmpty else { return }
        events.append(data.elementsEqual("[DONE]".utf8) ? .done : .data(data))
    }
}
