public import Desktop

/// Where two pictures of the same size differ.
public struct ChangedPlaces: Sendable, Equatable {
    /// The places, the largest first, in the pictures' own pixels; none of them touch.
    public let places: [Region]
    /// The share of the picture that differs, counted in tiles of 16 pixels, 0…1.
    public let share: Double

    /// The side of the tiles that are compared.
    private static let tile = 16
    /// Tiles this near to each other belong to one place: the letters of a word, the lines of a message.
    private static let reach = 2
    /// Differences of a colour that nobody sees: noise of a camera or of compression.
    private static let tolerance: Int32 = 10

    /// Compares; nil where the pictures are not of the same size and layout.
    public init?(from old: Frame, to new: Frame) {
        guard old.width == new.width, old.height == new.height, old.format.bytesPerPixel == new.format.bytesPerPixel
        else { return nil }
        let columns = (new.width + Self.tile - 1) / Self.tile
        let rows = (new.height + Self.tile - 1) / Self.tile
        var changed = [Bool](repeating: false, count: columns * rows)
        old.pixels.withBytes { first in
            new.pixels.withBytes { second in
                for y in 0..<new.height {
                    let row = y / Self.tile * columns
                    for column in 0..<columns where !changed[row + column] {
                        let x = column * Self.tile
                        changed[row + column] = Self.differs(
                            first, y * old.stride, second, y * new.stride,
                            x..<min(x + Self.tile, new.width), size: new.format.bytesPerPixel)
                    }
                }
            }
        }
        let count = changed.reduce(0) { $0 + ($1 ? 1 : 0) }
        share = columns * rows == 0 ? 0 : Double(count) / Double(columns * rows)
        let bounds = Region(x: 0, y: 0, width: new.width, height: new.height)
        places = Self.boxes(changed, columns: columns, rows: rows)
            .map { box in
                Region(
                    x: box.x * Self.tile, y: box.y * Self.tile, width: box.width * Self.tile,
                    height: box.height * Self.tile
                ).intersection(bounds)
            }
            .sorted { ($1.area, $0.y, $0.x) < ($0.area, $1.y, $1.x) }
    }

    private static func differs(
        _ first: UnsafeRawBufferPointer, _ firstRow: Int, _ second: UnsafeRawBufferPointer, _ secondRow: Int,
        _ columns: Range<Int>, size: Int
    ) -> Bool {
        for x in columns {
            // The fourth byte of a pixel is unused, or says what is seen through.
            for channel in 0..<3 {
                let difference =
                    Int32(first[firstRow + x * size + channel]) - Int32(second[secondRow + x * size + channel])
                if abs(difference) > tolerance { return true }
            }
        }
        return false
    }

    /// The boxes around tiles that are near to each other, joined until no two of them touch.
    private static func boxes(_ changed: [Bool], columns: Int, rows: Int) -> [Region] {
        var seen = [Bool](repeating: false, count: changed.count)
        var boxes: [Region] = []
        for start in changed.indices where changed[start] && !seen[start] {
            var waiting = [start]
            seen[start] = true
            var (left, top, right, bottom) = (columns, rows, 0, 0)
            while let place = waiting.popLast() {
                let (x, y) = (place % columns, place / columns)
                (left, top) = (min(left, x), min(top, y))
                (right, bottom) = (max(right, x), max(bottom, y))
                for row in max(0, y - reach)...min(rows - 1, y + reach) {
                    for column in max(0, x - reach)...min(columns - 1, x + reach) {
                        let next = row * columns + column
                        if changed[next], !seen[next] {
                            seen[next] = true
                            waiting.append(next)
                        }
                    }
                }
            }
            boxes.append(Region(x: left, y: top, width: right - left + 1, height: bottom - top + 1))
        }
        return joined(boxes)
    }

    private static func joined(_ boxes: [Region]) -> [Region] {
        var boxes = boxes
        var isStable = false
        while !isStable {
            isStable = true
            var index = 0
            while index < boxes.count {
                var other = index + 1
                while other < boxes.count {
                    guard touch(boxes[index], boxes[other]) else {
                        other += 1
                        continue
                    }
                    boxes[index] = union(boxes[index], boxes[other])
                    boxes.swapAt(other, boxes.count - 1)
                    boxes.removeLast()
                    isStable = false
                }
                index += 1
            }
        }
        return boxes
    }

    private static func touch(_ first: Region, _ second: Region) -> Bool {
        let grown = Region(x: first.x - 1, y: first.y - 1, width: first.width + 2, height: first.height + 2)
        return !grown.intersection(second).isEmpty
    }

    private static func union(_ first: Region, _ second: Region) -> Region {
        let (x, y) = (min(first.x, second.x), min(first.y, second.y))
        return Region(
            x: x, y: y, width: max(first.x + first.width, second.x + second.width) - x,
            height: max(first.y + first.height, second.y + second.height) - y)
    }
}
