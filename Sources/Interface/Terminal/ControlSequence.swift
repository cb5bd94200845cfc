/// A control sequence (`ESC [ … final`) as it arrives, and what it means when it comes from a terminal.
struct ControlSequence: Sendable {
    enum Progress {
        case more, complete, aborted
    }

    enum Meaning {
        case event(TerminalEvent)
        case answer(KeyDecoder.Answers)
        /// An answer to a question about pictures: the parameters, and what they are of.
        case graphics([UInt8], final: UInt8)
        case pasteStart
        case oldMouse
        case nothing
    }

    // Longer than anything that a terminal sends; what comes after is read to its end and thrown away.
    private static let limit = 64

    private var body: [UInt8] = []
    private var final: UInt8 = 0
    private var isTooLong = false

    var isEmpty: Bool { body.isEmpty }

    mutating func append(_ byte: UInt8) -> Progress {
        switch byte {
        case UInt8(ascii: "[") where body.isEmpty:
            // The Linux console's F1 to F5 are ESC [ [ A and so on.
            body.append(byte)
            return .more
        case UInt8(ascii: "$") where body.first.map({ (0x30...0x39).contains($0) }) ?? false:
            // rxvt ends a key with Shift this way; a `$` elsewhere belongs to an answer.
            final = byte
            return .complete
        case 0x20...0x3F:
            if body.count < Self.limit { body.append(byte) } else { isTooLong = true }
            return .more
        case 0x40...0x7E:
            final = byte
            return .complete
        default:
            return .aborted
        }
    }

    var meaning: Meaning {
        guard !isTooLong else { return .nothing }
        switch body.first {
        case UInt8(ascii: "["):
            let number = Int(final) - Int(UInt8(ascii: "A")) + 1
            return body.count == 1 && (1...5).contains(number) ? .event(.key(Key(.function(number)))) : .nothing
        case UInt8(ascii: "<"):
            return mouse
        case UInt8(ascii: "?"):
            return answer
        case UInt8(ascii: ">"), UInt8(ascii: "="):
            return .nothing
        default:
            return key
        }
    }

    // MARK: - Kinds

    private var mouse: Meaning {
        let numbers = Self.parameters(body.dropFirst())
        guard final == UInt8(ascii: "M") || final == UInt8(ascii: "m"), numbers.count == 3 else { return .nothing }
        let event = TerminalEvent(
            mouse: numbers[0][0], column: numbers[1][0], row: numbers[2][0], isRelease: final == UInt8(ascii: "m"))
        return event.map(Meaning.event) ?? .nothing
    }

    private var answer: Meaning {
        switch final {
        case UInt8(ascii: "u"): return .answer(.keyboardProtocol)
        case UInt8(ascii: "y"):
            let numbers = Self.parameters(body.dropFirst().prefix { $0 != UInt8(ascii: "$") })
            let isKnown = numbers.count == 2 && numbers[0][0] == 2026 && (1...2).contains(numbers[1][0])
            return isKnown ? .answer(.synchronizedOutput) : .nothing
        case UInt8(ascii: "n"):
            let numbers = Self.parameters(body.dropFirst())
            guard numbers.count == 2, numbers[0][0] == 997, (1...2).contains(numbers[1][0]) else { return .nothing }
            return .event(.ground(isDark: numbers[1][0] == 1))
        case UInt8(ascii: "c"), UInt8(ascii: "S"): return .graphics(body, final: final)
        default: return .nothing
        }
    }

    private var key: Meaning {
        let numbers = Self.parameters(body[...])
        let first = numbers.first?.first ?? 0
        switch final {
        case UInt8(ascii: "I") where body.isEmpty: return .event(.focus(true))
        case UInt8(ascii: "O") where body.isEmpty: return .event(.focus(false))
        case UInt8(ascii: "M") where body.isEmpty: return .oldMouse
        case UInt8(ascii: "~") where first == 200: return .pasteStart
        case UInt8(ascii: "u"):
            return event(Key(keyboardProtocol: first), numbers)
        case UInt8(ascii: "~") where first == 27 && numbers.count == 3:
            return event(Key(keyboardProtocol: numbers[2][0]), numbers)
        case UInt8(ascii: "~"): return event(Key(numbered: first), numbers)
        case UInt8(ascii: "$"): return event(Key(numbered: first), modifiers: .shift)
        case UInt8(ascii: "^"): return event(Key(numbered: first), modifiers: .control)
        case UInt8(ascii: "@"): return event(Key(numbered: first), modifiers: [.shift, .control])
        case UInt8(ascii: "a")...UInt8(ascii: "d"):
            return event(Key(singleShift: final & 0xDF), modifiers: .shift)
        case UInt8(ascii: "t"): return .graphics(body, final: final)
        // Other numbers belong to an answer, as a cursor report that ends like F3.
        default: return first <= 1 ? event(Key(lettered: final), numbers) : .nothing
        }
    }

    private func event(_ key: Key?, modifiers: Key.Modifiers) -> Meaning {
        guard let key else { return .nothing }
        return .event(.key(key.adding(modifiers)))
    }

    // The second parameter: one more than the modifiers' bits, and after a colon what happened to the key.
    private func event(_ key: Key?, _ numbers: [[Int]]) -> Meaning {
        guard numbers.count > 1 else { return event(key, modifiers: []) }
        let isRelease = numbers[1].count > 1 && numbers[1][1] == 3
        let bits = max(0, numbers[1][0] - 1)
        // Super, Hyper and Meta belong to the window manager; caps lock and num lock change nothing here.
        guard !isRelease, bits & 0b0011_1000 == 0 else { return .nothing }
        return event(key, modifiers: Key.Modifiers(rawValue: UInt8(bits & 7)))
    }

    private static func parameters(_ bytes: ArraySlice<UInt8>) -> [[Int]] {
        bytes.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map { parameter in
            parameter.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map { digits in
                digits.reduce(0) { number, byte in
                    (0x30...0x39).contains(byte) ? min(number * 10 + Int(byte - 0x30), 1_000_000) : number
                }
            }
        }
        .map { $0.isEmpty ? [0] : $0 }
    }
}
