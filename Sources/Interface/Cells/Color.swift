/// A colour as a theme asks for it; the terminal shows the nearest that it has.
public enum Color: Hashable, Sendable {
    /// The terminal's own foreground or background.
    case standard
    /// One of the 256 colours of the xterm palette; the first sixteen are the user's own.
    case palette(UInt8)
    /// Red, green and blue.
    case rgb(UInt8, UInt8, UInt8)

    // Numbers compare faster than cases, and styles are compared for every cell of every frame.
    init(code: UInt32) {
        switch code >> 24 {
        case 0: self = .standard
        case 1: self = .palette(UInt8(truncatingIfNeeded: code))
        default:
            self = .rgb(
                UInt8(truncatingIfNeeded: code >> 16), UInt8(truncatingIfNeeded: code >> 8),
                UInt8(truncatingIfNeeded: code))
        }
    }

    var code: UInt32 {
        switch self {
        case .standard: 0
        case .palette(let index): 1 << 24 | UInt32(index)
        case .rgb(let red, let green, let blue): 2 << 24 | UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue)
        }
    }
}
