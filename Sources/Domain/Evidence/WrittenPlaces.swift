public import Desktop

/// Where something is written or drawn on a picture, and where it is blank.
///
/// A window's empty half, margins and plain desktops cost as many tokens as text does. Where a tenth of a picture or more
/// is blank in one piece it is cut away; smaller gaps stay, so that a label and its value remain side by side. What is missed
/// is faint, or as large as a headline: both are seen in the overview beside.
public struct WrittenPlaces: Sendable, Equatable {
    /// The places, from the top to the bottom, then from the left; all of the picture where hardly any of it is blank.
    public let places: [Region]

    /// The side of the cells that are looked at.
    private static let cell = 16
    /// Between neighbours, of 255: noise and soft shades are less.
    private static let contrast = 20
    /// So much of the picture is to be saved by a cut: one in this many.
    private static let share = 10
    /// More pieces than this would be a puzzle.
    private static let most = 6

    private let columns: Int
    private let rows: Int
    /// How many written cells are above and to the left, a row and a column more than there are cells.
    private let sums: [Int]

    /// Looks at a picture.
    public init(in frame: Frame) {
        let whole = Region(x: 0, y: 0, width: frame.width, height: frame.height)
        columns = (frame.width + Self.cell - 1) / Self.cell
        rows = (frame.height + Self.cell - 1) / Self.cell
        sums = Self.sums(Self.written(frame, columns, rows), columns, rows)
        let all = Region(x: 0, y: 0, width: columns, height: rows)
        var places: [Region] = []
        var waiting = [all]
        while let area = waiting.popLast() {
            let tight = Self.tight(area, sums, columns)
            guard !tight.isEmpty else { continue }
            if places.count + waiting.count + 2 <= Self.most,
                let (first, second) = Self.halves(of: tight, sums, columns, least: columns * rows / Self.share)
            {
                waiting += [second, first]
            } else {
                places.append(tight)
            }
        }
        let saved = columns * rows - places.reduce(0) { $0 + $1.area }
        guard saved * Self.share >= columns * rows, !places.isEmpty else {
            self.places = [whole]
            return
        }
        self.places = places.sorted { ($0.y, $0.x) < ($1.y, $1.x) }.map { place in
            // A cell around it: letters end in cells where little of them is.
            Region(
                x: (place.x - 1) * Self.cell, y: (place.y - 1) * Self.cell, width: (place.width + 2) * Self.cell,
                height: (place.height + 2) * Self.cell
            ).intersection(whole)
        }
    }

    // MARK: - Cells

    /// Whether each cell has rows in which dark and light change as often as they do in letters.
    private static func written(_ frame: Frame, _ columns: Int, _ rows: Int) -> [Bool] {
        var counts = [UInt8](repeating: 0, count: columns * rows)
        let size = frame.format.bytesPerPixel
        frame.pixels.withBytes { bytes in
            // Every other row: letters are higher than that.
            for y in stride(from: 0, to: frame.height, by: 2) {
                let line = y * frame.stride
                for column in 0..<columns {
                    var changes = 0
                    let right = min(frame.width, (column + 1) * cell)
                    var place = line + column * cell * size
                    for _ in (column * cell + 1)..<max(right, column * cell + 1) {
                        let next = place + size
                        let difference =
                            abs(Int(bytes[place]) - Int(bytes[next]))
                            + 2 * abs(Int(bytes[place + 1]) - Int(bytes[next + 1]))
                            + abs(Int(bytes[place + 2]) - Int(bytes[next + 2]))
                        if difference > 4 * contrast { changes += 1 }
                        place = next
                    }
                    // An edge or a thin line has one or two.
                    if changes > 2 { counts[y / cell * columns + column] += 1 }
                }
            }
        }
        return counts.map { $0 > 1 }
    }

    private static func sums(_ written: [Bool], _ columns: Int, _ rows: Int) -> [Int] {
        var sums = [Int](repeating: 0, count: (columns + 1) * (rows + 1))
        for row in 0..<rows {
            var line = 0
            for column in 0..<columns {
                line += written[row * columns + column] ? 1 : 0
                sums[(row + 1) * (columns + 1) + column + 1] = sums[row * (columns + 1) + column + 1] + line
            }
        }
        return sums
    }

    private static func count(_ area: Region, _ sums: [Int], _ columns: Int) -> Int {
        let (top, bottom) = (area.y * (columns + 1), (area.y + area.height) * (columns + 1))
        return sums[bottom + area.x + area.width] - sums[bottom + area.x] - sums[top + area.x + area.width]
            + sums[top + area.x]
    }

    // MARK: - Cutting

    private static func column(_ x: Int, of area: Region) -> Region {
        Region(x: x, y: area.y, width: 1, height: area.height)
    }

    private static func row(_ y: Int, of area: Region) -> Region {
        Region(x: area.x, y: y, width: area.width, height: 1)
    }

    /// The smallest area with all that is written in one.
    private static func tight(_ area: Region, _ sums: [Int], _ columns: Int) -> Region {
        let across = (area.x..<area.x + area.width).filter { count(column($0, of: area), sums, columns) > 0 }
        let down = (area.y..<area.y + area.height).filter { count(row($0, of: area), sums, columns) > 0 }
        guard let left = across.first, let right = across.last, let top = down.first, let bottom = down.last else {
            return Region(x: area.x, y: area.y, width: 0, height: 0)
        }
        return Region(x: left, y: top, width: right - left + 1, height: bottom - top + 1)
    }

    /// What is on both sides of the blank that saves most, if it saves enough.
    private static func halves(of area: Region, _ sums: [Int], _ columns: Int, least: Int) -> (Region, Region)? {
        let x = longestGap(area.x..<area.x + area.width) { count(column($0, of: area), sums, columns) == 0 }
        let y = longestGap(area.y..<area.y + area.height) { count(row($0, of: area), sums, columns) == 0 }
        let savedAcross = x.count * area.height
        let savedDown = y.count * area.width
        guard max(savedAcross, savedDown) >= max(least, 1) else { return nil }
        if savedAcross >= savedDown {
            return (
                Region(x: area.x, y: area.y, width: x.lowerBound - area.x, height: area.height),
                Region(x: x.upperBound, y: area.y, width: area.x + area.width - x.upperBound, height: area.height)
            )
        }
        return (
            Region(x: area.x, y: area.y, width: area.width, height: y.lowerBound - area.y),
            Region(x: area.x, y: y.upperBound, width: area.width, height: area.y + area.height - y.upperBound)
        )
    }

    private static func longestGap(_ range: Range<Int>, isBlank: (Int) -> Bool) -> Range<Int> {
        var best = range.lowerBound..<range.lowerBound
        var start = range.lowerBound
        for place in range where !isBlank(place) {
            if place - start > best.count { best = start..<place }
            start = place + 1
        }
        return best
    }
}
