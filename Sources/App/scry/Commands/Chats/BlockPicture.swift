import Cells
import Desktop

/// Draws a picture into lines of text, each character two pixels above each other.
struct BlockPicture {
    /// The lines, all equally wide.
    let lines: [StyledLine]
    /// How many columns each line takes.
    let columns: Int

    /// Draws a frame as large as fits into so many columns and lines, at its own proportions.
    ///
    /// - Parameter isDirect: Whether the terminal knows all colours, and not only 256.
    init(_ frame: Frame, columns most: Int, lines: Int, isDirect: Bool) {
        let scale = min(Double(most) / Double(frame.width), Double(lines * 2) / Double(frame.height))
        let columns = max(1, min(most, Int((Double(frame.width) * scale).rounded())))
        let height = max(1, min(lines, Int((Double(frame.height) * scale / 2).rounded())))
        let pixels = frame.averages(columns: columns, rows: height * 2)
        self.columns = columns
        self.lines = (0..<height).map { line in
            var text = StyledText()
            for column in 0..<columns {
                let (upper, lower) = (pixels[line * 2 * columns + column], pixels[(line * 2 + 1) * columns + column])
                text.append("▀", style: Style(foreground: upper.color(isDirect), background: lower.color(isDirect)))
            }
            return StyledLine(text)
        }
    }
}

/// A colour of 8 bits a channel.
struct PixelColor: Equatable {
    var red: Int
    var green: Int
    var blue: Int

    /// The colour as a terminal shows it.
    func color(_ isDirect: Bool) -> Color {
        guard !isDirect else { return .rgb(UInt8(red), UInt8(green), UInt8(blue)) }
        let spread = max(red, green, blue) - min(red, green, blue)
        // 24 greys are finer than the six of the cube.
        if spread < 12, (8...238).contains(green) { return .palette(UInt8(min(255, 232 + (green - 3) / 10))) }
        return .palette(UInt8(16 + 36 * Self.step(red) + 6 * Self.step(green) + Self.step(blue)))
    }

    /// The step of the cube of 6×6×6 colours that is the nearest: 0, 95, 135, 175, 215, 255.
    private static func step(_ value: Int) -> Int { value < 48 ? 0 : value < 115 ? 1 : min(5, (value - 35) / 40) }
}

extension Frame {
    /// The average colours of equal parts, row by row.
    func averages(columns: Int, rows: Int) -> [PixelColor] {
        let isBlueFirst = format == .bgrx || format == .bgra
        return pixels.withBytes { bytes in
            (0..<rows * columns).map { part in
                let down = Self.part(part / columns, of: rows, in: height)
                let across = Self.part(part % columns, of: columns, in: width)
                var (first, second, third) = (0, 0, 0)
                for y in down {
                    for x in across {
                        let place = y * stride + x * format.bytesPerPixel
                        first += Int(bytes[place])
                        second += Int(bytes[place + 1])
                        third += Int(bytes[place + 2])
                    }
                }
                let count = across.count * down.count
                return PixelColor(
                    red: (isBlueFirst ? third : first) / count, green: second / count,
                    blue: (isBlueFirst ? first : third) / count)
            }
        }
    }

    /// One of so many equal parts of a length; never an empty one.
    private static func part(_ index: Int, of count: Int, in length: Int) -> Range<Int> {
        let start = min(index * length / count, length - 1)
        return start..<max(start + 1, (index + 1) * length / count)
    }
}
