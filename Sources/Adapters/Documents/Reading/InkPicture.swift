import Desktop

/// A frame as tesseract reads it best: dark ink on white, whatever colours text and ground have, large enough.
struct InkPicture {
    let width: Int
    let height: Int
    /// Brightness row by row; 0 is ink.
    private(set) var pixels: [UInt8]

    /// Letters of this height, from top to bottom, are read best.
    private static let bestHeight = 26
    /// What an enlarged picture may have, in pixels: tesseract's time goes up with it.
    private static let mostPixels = 40_000_000
    /// The longest side that tesseract takes.
    private static let longestSide = 32_000

    /// Finds the ink of a frame.
    init(_ frame: Frame) {
        width = frame.width
        height = frame.height
        pixels = PixelRows.with(frame) { rows in
            let grid = GroundGrid(rows)
            var pixels: [UInt8] = []
            pixels.reserveCapacity(rows.width * rows.height)
            for y in 0..<rows.height {
                for x in 0..<rows.width {
                    let cell = grid.index(column: x, row: y)
                    let distance = Int(rows[x, y].distance(to: grid.grounds[cell]))
                    pixels.append(UInt8(255 - min(255, distance * 255 / Int(grid.contrasts[cell]))))
                }
            }
            return pixels
        }
    }

    /// The picture as a portable grey map, enlarged where its letters are small.
    func file() -> [UInt8] {
        var scale = lineHeight.map { min(3, max(1, Int((Double(Self.bestHeight) / Double($0)).rounded()))) } ?? 1
        while scale > 1,
            width * scale > Self.longestSide || height * scale > Self.longestSide
                || width * height * scale * scale > Self.mostPixels
        { scale -= 1 }
        return enlarged(scale)
    }

    // MARK: - Private

    /// How high lines of text are, between the tops of their letters and what hangs below; nil where there is none.
    ///
    /// Looked at are strips so narrow that not all of a page's lines of text reach into one at other heights.
    var lineHeight: Int? {
        let strip = 64
        var heights = [Int](repeating: 0, count: 61)
        for left in stride(from: 0, to: width, by: strip) {
            var run = 0
            for y in 0...height {
                let row = y * width
                let isInked = y < height && pixels[row + left..<row + min(width, left + strip)].contains { $0 < 128 }
                if isInked {
                    run += 1
                } else {
                    // Lower ones are rules and dots, higher ones frames and pictures.
                    if (5...60).contains(run) { heights[run] += run }
                    run = 0
                }
            }
        }
        let total = heights.reduce(0, +)
        guard total > 0 else { return nil }
        var sum = 0
        return heights.indices.first { index in
            sum += heights[index]
            return sum * 2 >= total
        }
    }

    /// Enlarges by a whole number; between the pixels is what lies on the line between them.
    private func enlarged(_ scale: Int) -> [UInt8] {
        var file = Array("P5\n\(width * scale) \(height * scale)\n255\n".utf8)
        guard scale > 1 else { return file + pixels }
        file.reserveCapacity(file.count + width * height * scale * scale)
        // Where the middle of each new pixel lies between the middles of two old ones, in 2 * scale parts.
        let parts = 2 * scale
        func place(_ index: Int, _ count: Int) -> (first: Int, second: Int, share: Int) {
            let at = max(0, 2 * index + 1 - scale)
            return (at / parts, min(count - 1, at / parts + 1), at % parts)
        }
        let columns = (0..<width * scale).map { place($0, width) }
        var wide: [[Int]] = []
        var row = -1
        func widened(_ index: Int) -> [Int] {
            columns.map { place in
                let first = Int(pixels[index * width + place.first])
                let second = Int(pixels[index * width + place.second])
                return first * (parts - place.share) + second * place.share
            }
        }
        for y in 0..<height * scale {
            let place = place(y, height)
            if place.first != row {
                let above = place.first == row + 1 && wide.count == 2 ? wide[1] : widened(place.first)
                wide = [above, place.second == place.first ? above : widened(place.second)]
                row = place.first
            }
            for x in columns.indices {
                let sum = wide[0][x] * (parts - place.share) + wide[1][x] * place.share
                file.append(UInt8(sum / (parts * parts)))
            }
        }
        return file
    }
}
