import Cells

/// Which of a terminal's colours stands for a colour that a theme asked for.
struct ColorTable {
    /// The terminal's own foreground or background.
    static let standard: Int32 = -1

    /// How many colours the terminal has; 2²⁴ when it takes red, green and blue directly.
    let count: Int

    func index(of color: Color) -> Int32 {
        guard count >= 8 else { return Self.standard }
        switch color {
        case .standard:
            return Self.standard
        case .palette(let index):
            if Int(index) < min(count, 256) && (count <= 256 || index < 8) { return Int32(index) }
            return nearest(to: Self.components(ofPalette: Int(index)))
        case .rgb(let red, let green, let blue):
            return nearest(to: (Int(red), Int(green), Int(blue)))
        }
    }

    // MARK: - Distance

    typealias Components = (red: Int, green: Int, blue: Int)

    private static let levels = [0, 95, 135, 175, 215, 255]
    // xterm's first sixteen; users change them, but the hue mostly stays.
    private static let basic: [Components] = [
        (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
        (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255),
        (255, 255, 255),
    ]

    private func nearest(to color: Components) -> Int32 {
        if count >= 1 << 24 {
            // The first eight numbers are palette entries there, so that the darkest blues become the next ones up.
            let value = color.red << 16 | color.green << 8 | color.blue
            return Int32((1..<8).contains(value) ? 8 : value)
        }
        if count >= 256 {
            let cube = [color.red, color.green, color.blue].map(Self.nearestLevel)
            let cubeColor = (Self.levels[cube[0]], Self.levels[cube[1]], Self.levels[cube[2]])
            let gray = min(23, max(0, ((color.red + color.green + color.blue) / 3 - 3) / 10))
            let grayColor = (8 + 10 * gray, 8 + 10 * gray, 8 + 10 * gray)
            return Self.distance(color, grayColor) < Self.distance(color, cubeColor)
                ? Int32(232 + gray) : Int32(16 + 36 * cube[0] + 6 * cube[1] + cube[2])
        }
        let known = Self.basic.prefix(count >= 16 ? 16 : 8)
        let best = known.indices.min { Self.distance(color, known[$0]) < Self.distance(color, known[$1]) }
        return Int32(best ?? 0)
    }

    private static func nearestLevel(_ value: Int) -> Int {
        value < 48 ? 0 : value < 115 ? 1 : (value - 35) / 40
    }

    private static func distance(_ one: Components, _ other: Components) -> Int {
        let (red, green, blue) = (one.red - other.red, one.green - other.green, one.blue - other.blue)
        // The eye sees green best and blue worst.
        return 3 * red * red + 6 * green * green + blue * blue
    }

    private static func components(ofPalette index: Int) -> Components {
        switch index {
        case 0..<16: return basic[index]
        case 16..<232:
            let cube = index - 16
            return (levels[cube / 36], levels[cube / 6 % 6], levels[cube % 6])
        default:
            let gray = 8 + 10 * (index - 232)
            return (gray, gray, gray)
        }
    }
}
