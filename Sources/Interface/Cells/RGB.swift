import Glibc

/// A colour of a screen, and how people see it.
public struct RGB: Hashable, Sendable {
    /// Red, of 255.
    public var red: UInt8
    /// Green, of 255.
    public var green: UInt8
    /// Blue, of 255.
    public var blue: UInt8

    /// Makes a colour.
    public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// One of xterm's 256 colours; of the first sixteen, which people change, the usual ones.
    public init(palette index: UInt8) {
        switch index {
        case 0..<16: self = Self.basic[Int(index)]
        case 16..<232:
            let cube = Int(index) - 16
            self.init(Self.levels[cube / 36], Self.levels[cube / 6 % 6], Self.levels[cube % 6])
        default:
            let gray = 8 + 10 * (index - 232)
            self.init(gray, gray, gray)
        }
    }

    private static let levels: [UInt8] = [0, 95, 135, 175, 215, 255]
    private static let basic = [
        RGB(0, 0, 0), RGB(205, 0, 0), RGB(0, 205, 0), RGB(205, 205, 0), RGB(0, 0, 238), RGB(205, 0, 205),
        RGB(0, 205, 205), RGB(229, 229, 229), RGB(127, 127, 127), RGB(255, 0, 0), RGB(0, 255, 0), RGB(255, 255, 0),
        RGB(92, 92, 255), RGB(255, 0, 255), RGB(0, 255, 255), RGB(255, 255, 255),
    ]

    // MARK: - Light

    /// How much light it gives: 0 for black, 1 for white (WCAG 2).
    public var luminance: Double {
        let (red, green, blue) = linear
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// How well it is read on another colour: 1 for not at all, 21 for black on white (WCAG 2).
    public func contrast(with other: RGB) -> Double {
        let (one, two) = (luminance, other.luminance)
        return (max(one, two) + 0.05) / (min(one, two) + 0.05)
    }

    /// Red, green and blue in proportion to the light, each 0…1.
    public var linear: (red: Double, green: Double, blue: Double) {
        (Self.linearValues[Int(red)], Self.linearValues[Int(green)], Self.linearValues[Int(blue)])
    }

    private static let linearValues: [Double] = (0...255).map { value in
        let part = Double(value) / 255
        return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
    }

    // MARK: - Difference

    /// How different it looks from another colour: about 0.02 is just seen, 1 is black and white.
    public func distance(to other: RGB) -> Double {
        let (one, two) = (perceived, other.perceived)
        let (light, green, blue) = (one.light - two.light, one.green - two.green, one.blue - two.blue)
        return (light * light + green * green + blue * blue).squareRoot()
    }

    // OKLab, in which equal steps look equal.
    private var perceived: (light: Double, green: Double, blue: Double) {
        let (red, green, blue) = linear
        let long = cbrt(0.412_221_470_8 * red + 0.536_332_536_3 * green + 0.051_445_992_9 * blue)
        let middle = cbrt(0.211_903_498_2 * red + 0.680_699_545_1 * green + 0.107_396_956_6 * blue)
        let short = cbrt(0.088_302_461_9 * red + 0.281_718_837_6 * green + 0.629_978_700_5 * blue)
        return (
            0.210_454_255_3 * long + 0.793_617_785 * middle - 0.004_072_046_8 * short,
            1.977_998_495_1 * long - 2.428_592_205 * middle + 0.450_593_709_9 * short,
            0.025_904_037_1 * long + 0.782_771_766_2 * middle - 0.808_675_766 * short
        )
    }
}

extension Color {
    /// What it looks like, as far as that is known; nil for the terminal's own.
    public var rgb: RGB? {
        switch self {
        case .standard: nil
        case .palette(let index): RGB(palette: index)
        case .rgb(let red, let green, let blue): RGB(red, green, blue)
        }
    }
}
