import Desktop

/// The colours that text stands on, and how strongly it stands out, over the cells of a grid.
///
/// Screens have a dark editor beside a white page, a blue row in a grey list, red words on green. What is read best of all
/// of them is the same: how far each pixel is from the colour that prevails around it.
struct GroundGrid {
    /// The side of a cell in pixels.
    static let side = 8
    /// What differs less from its ground than this is noise of a photograph, not text.
    static let leastContrast: UInt8 = 40

    /// How many cells there are in a row.
    let columns: Int
    /// How many rows of cells there are.
    let rows: Int
    /// The prevailing colours, row by row.
    private(set) var grounds: [Pixel]
    /// The strongest difference from the ground in each cell and around it.
    private(set) var contrasts: [UInt8]

    /// A colour.
    struct Pixel: Equatable {
        var red: UInt8
        var green: UInt8
        var blue: UInt8

        /// How far apart two colours are in the channel in which they are farthest: red on green of the same brightness is
        /// as legible as black on white.
        func distance(to other: Pixel) -> UInt8 {
            func apart(_ first: UInt8, _ second: UInt8) -> UInt8 { first > second ? first - second : second - first }
            return max(apart(red, other.red), max(apart(green, other.green), apart(blue, other.blue)))
        }
    }

    /// Looks at a whole frame.
    init(_ pixels: borrowing PixelRows) {
        columns = (pixels.width + Self.side - 1) / Self.side
        rows = (pixels.height + Self.side - 1) / Self.side
        grounds = []
        contrasts = []
        let tallies = Self.tallies(of: pixels, columns, rows)
        grounds = Self.prevailing(tallies, columns, rows)
        contrasts = Self.widened(differences(in: pixels), columns, rows)
    }

    /// Which cell a pixel is in.
    func index(column: Int, row: Int) -> Int { row / Self.side * columns + column / Self.side }

    // MARK: - Prevailing colours

    /// How often a colour occurs, and the sums of what its pixels are exactly.
    private struct Tally {
        var key: UInt16 = 0
        var count: Int32 = 0
        var red: Int32 = 0
        var green: Int32 = 0
        var blue: Int32 = 0

        mutating func add(_ other: Tally) {
            count += other.count
            red += other.red
            green += other.green
            blue += other.blue
        }
    }

    /// How many colours of a cell are kept.
    private static let most = 4

    /// The most frequent colours of each cell, `most` a cell.
    private static func tallies(of pixels: borrowing PixelRows, _ columns: Int, _ rows: Int) -> [Tally] {
        var tallies = [Tally](repeating: Tally(), count: columns * rows * most)
        var found = [Tally](repeating: Tally(), count: side * side)
        for row in 0..<rows {
            for column in 0..<columns {
                var count = 0
                for y in row * side..<min(pixels.height, row * side + side) {
                    for x in column * side..<min(pixels.width, column * side + side) {
                        let pixel = pixels[x, y]
                        let key =
                            UInt16(pixel.red >> 3) << 10 | UInt16(pixel.green >> 3) << 5 | UInt16(pixel.blue >> 3)
                        let one = Tally(
                            key: key, count: 1, red: Int32(pixel.red), green: Int32(pixel.green),
                            blue: Int32(pixel.blue))
                        add(one, to: &found, &count)
                    }
                }
                let at = (row * columns + column) * most
                for place in 0..<min(most, count) {
                    var best = place
                    for other in place..<count where found[other].count > found[best].count { best = other }
                    found.swapAt(place, best)
                    tallies[at + place] = found[place]
                }
            }
        }
        return tallies
    }

    private static func add(_ tally: Tally, to found: inout [Tally], _ count: inout Int) {
        for index in 0..<count where found[index].key == tally.key {
            found[index].add(tally)
            return
        }
        guard count < found.count else { return }
        found[count] = tally
        count += 1
    }

    /// The most frequent colour in each cell, one above and below, and two to each side: wider than a word's letters.
    private static func prevailing(_ tallies: [Tally], _ columns: Int, _ rows: Int) -> [Pixel] {
        var grounds: [Pixel] = []
        grounds.reserveCapacity(columns * rows)
        var found = [Tally](repeating: Tally(), count: 15 * most)
        for row in 0..<rows {
            for column in 0..<columns {
                var count = 0
                for y in max(0, row - 1)...min(rows - 1, row + 1) {
                    for x in max(0, column - 2)...min(columns - 1, column + 2) {
                        let at = (y * columns + x) * most
                        for index in at..<at + most where tallies[index].count > 0 {
                            add(tallies[index], to: &found, &count)
                        }
                    }
                }
                var best = Tally()
                for index in 0..<count where found[index].count > best.count { best = found[index] }
                let pixels = max(1, best.count)
                grounds.append(
                    Pixel(
                        red: UInt8(best.red / pixels), green: UInt8(best.green / pixels),
                        blue: UInt8(best.blue / pixels)))
            }
        }
        return grounds
    }

    // MARK: - Contrasts

    private func differences(in pixels: borrowing PixelRows) -> [UInt8] {
        var differences = [UInt8](repeating: 0, count: columns * rows)
        for y in 0..<pixels.height {
            for x in 0..<pixels.width {
                let cell = index(column: x, row: y)
                let distance = pixels[x, y].distance(to: grounds[cell])
                if distance > differences[cell] { differences[cell] = distance }
            }
        }
        return differences
    }

    /// The strongest difference within two cells above and below, and three to each side.
    private static func widened(_ differences: [UInt8], _ columns: Int, _ rows: Int) -> [UInt8] {
        var wide = differences
        for row in 0..<rows {
            for column in 0..<columns {
                let first = row * columns + max(0, column - 3)
                let last = row * columns + min(columns - 1, column + 3)
                wide[row * columns + column] = differences[first...last].max() ?? 0
            }
        }
        var high = wide
        for row in 0..<rows {
            for column in 0..<columns {
                var most = leastContrast
                for y in max(0, row - 2)...min(rows - 1, row + 2) { most = max(most, wide[y * columns + column]) }
                high[row * columns + column] = most
            }
        }
        return high
    }
}
