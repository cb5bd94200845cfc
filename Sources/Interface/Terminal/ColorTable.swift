import Cells

/// Which of a terminal's colours stands for a colour that a theme asked for: the one that looks most like it.
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
            return nearest(to: RGB(palette: index))
        case .rgb(let red, let green, let blue):
            return nearest(to: RGB(red, green, blue))
        }
    }

    /// The two colours of a cell: words stay legible where few colours make one of two.
    func indices(foreground: Color, background: Color) -> (foreground: Int32, background: Int32) {
        let pair = (index(of: foreground), index(of: background))
        guard pair.0 == pair.1, pair.0 != Self.standard, foreground != background else { return pair }
        let ground = RGB(palette: UInt8(clamping: pair.1))
        let isDark = ground.contrast(with: RGB(255, 255, 255)) > ground.contrast(with: RGB(0, 0, 0))
        return (isDark ? (count >= 16 ? 15 : 7) : 0, pair.1)
    }

    // MARK: - Distance

    private func nearest(to color: RGB) -> Int32 {
        if count >= 1 << 24 {
            // The first eight numbers are palette entries there, so that the darkest blues become the next ones up.
            let value = Int(color.red) << 16 | Int(color.green) << 8 | Int(color.blue)
            return Int32((1..<8).contains(value) ? 8 : value)
        }
        // People change the first sixteen, so that they are taken only where there are no others.
        let known: ClosedRange<UInt8> = count >= 256 ? 16...255 : count >= 16 ? 0...15 : 0...7
        let distances = known.map { (index: $0, distance: color.distance(to: RGB(palette: $0))) }
        return Int32(distances.min { $0.distance < $1.distance }?.index ?? 0)
    }
}
