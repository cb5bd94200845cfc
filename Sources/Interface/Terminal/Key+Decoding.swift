import Cells

extension Key {
    /// The key that types a scalar, control characters included; `nil` for what no key types.
    init?(typed scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x00: self.init(" ", .control)
        case 0x08, 0x7F: self.init(.backspace)
        case 0x09: self.init(.tab)
        case 0x0D: self.init(.enter)
        case 0x1B: self.init(.escape)
        case 0x01...0x1A: self.init(Character(Unicode.Scalar(UInt8(scalar.value) + 0x60)), .control)
        case 0x1C...0x1F: self.init(Character(Unicode.Scalar(UInt8(scalar.value) + 0x40)), .control)
        default:
            guard SafeText.isHarmless(scalar) else { return nil }
            self.init(Character(scalar))
        }
    }

    /// The key of `ESC O` and a letter.
    init?(singleShift byte: UInt8) {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "H"), UInt8(ascii: "P")...UInt8(ascii: "S"): self.init(lettered: byte)
        case UInt8(ascii: "M"): self.init(.enter)
        // rxvt: arrows with Control.
        case UInt8(ascii: "a")...UInt8(ascii: "d"):
            self.init(lettered: byte & 0xDF)
            modifiers.insert(.control)
        // The keypad in application mode: * + , - . / and digits.
        case UInt8(ascii: "j")...UInt8(ascii: "y"): self.init(Character(Unicode.Scalar(byte - 0x40)))
        default: return nil
        }
    }

    /// The key of `ESC [ … letter`.
    init?(lettered byte: UInt8) {
        switch byte {
        case UInt8(ascii: "A"): self.init(.up)
        case UInt8(ascii: "B"): self.init(.down)
        case UInt8(ascii: "C"): self.init(.right)
        case UInt8(ascii: "D"): self.init(.left)
        case UInt8(ascii: "F"): self.init(.end)
        case UInt8(ascii: "H"): self.init(.home)
        case UInt8(ascii: "P")...UInt8(ascii: "S"): self.init(.function(Int(byte - UInt8(ascii: "P")) + 1))
        case UInt8(ascii: "Z"): self.init(.backTab)
        default: return nil
        }
    }

    /// The key of `ESC [ number ~`.
    init?(numbered number: Int) {
        switch number {
        case 1, 7: self.init(.home)
        case 2: self.init(.insert)
        case 3: self.init(.delete)
        case 4, 8: self.init(.end)
        case 5: self.init(.pageUp)
        case 6: self.init(.pageDown)
        case 11...15: self.init(.function(number - 10))
        case 17...21: self.init(.function(number - 11))
        case 23...26: self.init(.function(number - 12))
        case 28...29: self.init(.function(number - 13))
        case 31...34: self.init(.function(number - 14))
        default: return nil
        }
    }

    /// The key with a code of the kitty protocol, or of xterm's `modifyOtherKeys`.
    init?(keyboardProtocol code: Int) {
        switch code {
        case 57399...57408: self.init(Character(Unicode.Scalar(UInt8(code - 57399 + 0x30))))
        case 57409...57413: self.init(Self.keypadCharacters[code - 57409])
        case 57414: self.init(.enter)
        case 57415: self.init("=")
        case 57416: self.init(",")
        case 57417...57426: self.init(Self.keypadKeys[code - 57417])
        case 57376...57398: self.init(.function(code - 57376 + 13))
        // Media, lock and modifier keys have codes in the private use area, and type nothing.
        case 57344...63743: return nil
        default:
            guard let scalar = UInt32(exactly: code).flatMap(Unicode.Scalar.init), code > 0 else { return nil }
            self.init(typed: scalar)
        }
    }

    /// The key with modifiers that a sequence named, brought into the form that `Key` promises.
    func adding(_ new: Modifiers) -> Key {
        var key = Key(code, modifiers.union(new))
        switch code {
        case .tab where key.modifiers.contains(.shift):
            key.code = .backTab
            key.modifiers.remove(.shift)
        case .backTab:
            key.modifiers.remove(.shift)
        case .character(let character):
            let isShifted = key.modifiers.contains(.shift)
            key.modifiers.remove(.shift)
            if key.modifiers.contains(.control) {
                // Ctrl+Shift+letter stays apart from Ctrl+letter.
                if isShifted { key.modifiers.insert(.shift) }
                key.code = .character(character.lowercased().first ?? character)
            } else if isShifted {
                let upper = character.uppercased()
                key.code = .character(upper.count == 1 ? upper.first ?? character : character)
            }
        default: break
        }
        return key
    }

    private static let keypadCharacters: [Character] = [".", "/", "*", "-", "+"]
    private static let keypadKeys: [Code] = [
        .left, .right, .up, .down, .pageUp, .pageDown, .home, .end, .insert, .delete,
    ]
}
