/// A luma plane.
///
/// Whole rows are added up first, column by column, which takes eight pixels a step; only their sums are added by cells.
struct LumaRows: BrightnessRows {
    private static let evenBytes: UInt64 = 0x00ff_00ff_00ff_00ff
    /// So many bytes fit into a 16-bit lane.
    private static let mostAdditions = 257

    let bytes: UnsafeRawBufferPointer
    let width: Int
    let stride: Int
    /// For the sums of columns: `wordCount(width:)` words.
    let columns: UnsafeMutableBufferPointer<UInt64>

    var scale: Int { 1 }

    /// Two words for eight columns.
    static func wordCount(width: Int) -> Int { 2 * ((width + 7) / 8) }

    func addBrightness(rows: Range<Int>, edges: UnsafeBufferPointer<Int>, sums: UnsafeMutableBufferPointer<UInt32>) {
        var top = rows.lowerBound
        while top < rows.upperBound {
            let bottom = min(rows.upperBound, top + Self.mostAdditions)
            columns.update(repeating: 0)
            for row in top..<bottom { addColumns(row: row) }
            addCells(edges: edges, sums: sums)
            top = bottom
        }
    }

    private func addColumns(row: Int) {
        guard let base = bytes.baseAddress, let columns = columns.baseAddress else { return }
        let line = base + row * stride
        let whole = width / 8
        for eight in 0..<whole {
            let pixels = line.loadUnaligned(fromByteOffset: 8 * eight, as: UInt64.self)
            columns[2 * eight] &+= pixels & Self.evenBytes
            columns[2 * eight + 1] &+= pixels >> 8 & Self.evenBytes
        }
        for x in 8 * whole..<width {
            let pixel = UInt64(line.load(fromByteOffset: x, as: UInt8.self))
            columns[2 * whole + x % 2] &+= pixel << UInt64(x % 8 / 2 * 16)
        }
    }

    private func addCells(edges: UnsafeBufferPointer<Int>, sums: UnsafeMutableBufferPointer<UInt32>) {
        for cell in 0..<sums.count {
            var total: UInt32 = 0
            for x in edges[cell]..<edges[cell + 1] {
                let word = columns[x / 8 * 2 + x % 2]
                total &+= UInt32(truncatingIfNeeded: word >> UInt64(x % 8 / 2 * 16) & 0xffff)
            }
            sums[cell] &+= total
        }
    }

    func addRoughness(row: Int, edges: UnsafeBufferPointer<Int>, sums: UnsafeMutableBufferPointer<UInt32>) {
        guard let base = bytes.baseAddress else { return }
        let line = base + row * stride
        for cell in 0..<sums.count {
            var total: Int32 = 0
            let start = edges[2 * cell]
            let end = edges[2 * cell + 2]
            guard start < end else { continue }
            // Without a value carried from one step to the next the compiler takes several at once.
            for x in start..<end - 1 {
                let now = Int32(line.load(fromByteOffset: x, as: UInt8.self))
                let next = Int32(line.load(fromByteOffset: x + 1, as: UInt8.self))
                total &+= abs(next &- now)
            }
            sums[cell] &+= UInt32(bitPattern: total)
        }
    }
}
