/// Turns the bytes that a terminal sends into events.
///
///     var decoder = KeyDecoder()
///     for event in decoder.feed(bytes) { … }
///     // nothing came for `pendingTimeout`:
///     for event in decoder.flush() { … }
///
/// Bytes may be cut anywhere. What xterm, tmux, rxvt, the Linux console and terminals with the kitty protocol send is
/// understood; everything else, broken UTF-8 and answers to queries included, is swallowed.
public struct KeyDecoder: Sendable {
    /// What a terminal answered about itself.
    public struct Answers: OptionSet, Hashable, Sendable {
        /// The bits, as in the static members.
        public let rawValue: UInt8

        /// Makes a set of answers from its bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// It speaks the kitty keyboard protocol.
        public static let keyboardProtocol = Answers(rawValue: 1)
        /// It can hold a picture back until it is complete (mode 2026).
        public static let synchronizedOutput = Answers(rawValue: 2)
    }

    enum State {
        case ground
        /// One or two escapes came.
        case escape(count: Int)
        case singleShift(alt: Bool)
        case sequence(ControlSequence, alt: Bool)
        /// The three bytes of an old mouse report.
        case oldMouse([UInt8])
        /// A string that only programs send: colour reports, clipboard answers.
        case controlString(ControlString)
        case paste
    }

    /// What the terminal has answered so far.
    public internal(set) var answers: Answers = []
    /// What it has answered about pictures.
    public internal(set) var graphics = GraphicsAnswers()

    var state = State.ground
    private var scalar = ScalarDecoder()
    private var isAlt = false
    private var pasted = PasteBuffer()

    /// Makes a decoder that waits for a key.
    public init() {}

    /// How long to wait for more bytes before `flush`; `nil` when nothing is half read, so that nobody need wake up.
    public var pendingTimeout: Duration? {
        switch state {
        case .ground, .paste: nil
        // The rest of an answer is on its way, and would be typed if it were not waited for.
        case .controlString(let string) where !string.isEmpty: .milliseconds(500)
        default: .milliseconds(25)
        }
    }

    /// Reads bytes and returns the events that they complete.
    public mutating func feed(_ bytes: some Sequence<UInt8>) -> [TerminalEvent] {
        var events: [TerminalEvent] = []
        let bytes = Array(bytes)
        var index = 0
        while index < bytes.count {
            // A paste may be long, and means nothing before its end.
            if case .paste = state {
                let count = pasted.append(plain: bytes[index...])
                index += count
                if count > 0 { continue }
            }
            step(bytes[index], &events)
            index += 1
        }
        return events
    }

    /// Takes what is half read for what it is: a lone escape is the Escape key, `ESC [` is Alt+[.
    public mutating func flush() -> [TerminalEvent] {
        defer { if pendingTimeout != nil { state = .ground } }
        switch state {
        case .escape(let count): return Array(repeating: .key(Key(.escape)), count: count)
        case .singleShift: return [.key(Key("O", .alt))]
        case .sequence(let sequence, _) where sequence.isEmpty: return [.key(Key("[", .alt))]
        case .controlString(let string) where string.isEmpty:
            return [.key(Key(Character(Unicode.Scalar(string.introducer)), .alt))]
        default: return []
        }
    }

    // MARK: - One byte

    private mutating func step(_ byte: UInt8, _ events: inout [TerminalEvent]) {
        switch state {
        case .ground: ground(byte, &events)
        case .escape(let count): escape(byte, count, &events)
        case .singleShift(let alt): singleShift(byte, alt, &events)
        case .sequence(let sequence, let alt): self.sequence(byte, sequence, alt, &events)
        case .oldMouse(let bytes): oldMouse(bytes + [byte], &events)
        case .controlString(let string): controlString(byte, string, &events)
        case .paste:
            if let event = pasted.append(byte) {
                state = .ground
                events.append(event)
            }
        }
    }

    private mutating func ground(_ byte: UInt8, _ events: inout [TerminalEvent]) {
        if byte == 0x1B {
            scalar = ScalarDecoder()
            isAlt = false
            state = .escape(count: 1)
            return
        }
        if let key = scalar.append(byte).flatMap(Key.init(typed:)) {
            events.append(.key(isAlt ? Key(key.code, key.modifiers.union(.alt)) : key))
        }
        if !scalar.isPending { isAlt = false }
    }

    private mutating func escape(_ byte: UInt8, _ count: Int, _ events: inout [TerminalEvent]) {
        switch byte {
        case 0x1B:
            // A held Escape key; the last two may still begin rxvt's Alt with an arrow.
            if count == 2 { events.append(.key(Key(.escape))) }
            state = .escape(count: 2)
        case UInt8(ascii: "["): state = .sequence(ControlSequence(), alt: count == 2)
        case UInt8(ascii: "O"): state = .singleShift(alt: count == 2)
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"), UInt8(ascii: "X"):
            if count == 2 { events.append(.key(Key(.escape))) }
            state = .controlString(ControlString(introducer: byte))
        default:
            if count == 2 { events.append(.key(Key(.escape))) }
            state = .ground
            isAlt = true
            ground(byte, &events)
        }
    }

    private mutating func singleShift(_ byte: UInt8, _ alt: Bool, _ events: inout [TerminalEvent]) {
        // xterm of old put a modifier between: ESC O 5 P.
        if (UInt8(ascii: "1")...UInt8(ascii: "8")).contains(byte) {
            var sequence = ControlSequence()
            for digit in [UInt8(ascii: "1"), UInt8(ascii: ";"), byte] { _ = sequence.append(digit) }
            state = .sequence(sequence, alt: alt)
            return
        }
        state = .ground
        if byte == 0x1B { return ground(byte, &events) }
        guard var key = Key(singleShift: byte) else { return }
        if alt { key.modifiers.insert(.alt) }
        events.append(.key(key))
    }

    private mutating func controlString(_ byte: UInt8, _ string: ControlString, _ events: inout [TerminalEvent]) {
        var string = string
        switch string.append(byte) {
        case .more: state = .controlString(string)
        case .cancelled: state = .ground
        case .complete:
            state = .ground
            if let event = string.event { events.append(event) }
            graphics.take(string: string.bytes, introducer: string.introducer)
        case .interrupted:
            // No terminator after all: the escape began something new.
            state = .escape(count: 1)
            escape(byte, 1, &events)
        }
    }

    private mutating func sequence(
        _ byte: UInt8, _ sequence: ControlSequence, _ alt: Bool, _ events: inout [TerminalEvent]
    ) {
        var sequence = sequence
        switch sequence.append(byte) {
        case .more: state = .sequence(sequence, alt: alt)
        case .aborted:
            state = .ground
            ground(byte, &events)
        case .complete:
            state = .ground
            switch sequence.meaning {
            case .event(.key(var key)):
                if alt { key.modifiers.insert(.alt) }
                events.append(.key(key))
            case .event(let event): events.append(event)
            case .answer(let answer): answers.formUnion(answer)
            case .graphics(let body, let final): _ = graphics.take(sequence: body, final: final)
            case .pasteStart:
                pasted = PasteBuffer()
                state = .paste
            case .oldMouse: state = .oldMouse([])
            case .nothing: break
            }
        }
    }

    private mutating func oldMouse(_ bytes: [UInt8], _ events: inout [TerminalEvent]) {
        guard bytes.count == 3 else {
            state = .oldMouse(bytes)
            return
        }
        state = .ground
        let numbers = bytes.map { Int($0) - 32 }
        let isRelease = numbers[0] & 3 == 3 && numbers[0] & 64 == 0
        let code = isRelease ? numbers[0] & ~3 : numbers[0]
        if let event = TerminalEvent(mouse: code, column: numbers[1], row: numbers[2], isRelease: isRelease) {
            events.append(event)
        }
    }
}
