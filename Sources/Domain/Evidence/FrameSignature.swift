public import Desktop

/// What a frame looks like, in eleven kilobytes: enough to see that a digit changed, and where.
///
/// The picture is cut into a grid of at most 64×36 tiles. Of every tile it keeps the mean brightness of its four quarters,
/// which sees anything move, and how much neighbouring pixels differ, which sees one text replaced by another.
/// Signatures compare only with those of the same source: of frames, or of a video's luma.
public struct FrameSignature: Sendable, Equatable {
    /// Tiles across, at most 64.
    public let columns: Int
    /// Tiles down, at most 36.
    public let rows: Int
    /// The mean brightness of quarter tiles, `2 * columns` a row.
    let quarters: [UInt8]
    /// The mean difference of horizontal neighbours in each tile, in quarters of a level, at most 255.
    let textures: [UInt8]

    /// Looks at a frame.
    public init(_ frame: Frame) {
        self = frame.pixels.withBytes { bytes in
            FrameSignature(
                width: frame.width, height: frame.height,
                reader: PixelRows(bytes: bytes, stride: frame.stride, format: frame.format))
        }
    }

    /// Looks at a decoded video's brightness.
    public init(_ luma: LumaView) {
        self = withUnsafeTemporaryAllocation(of: UInt64.self, capacity: LumaRows.wordCount(width: luma.width)) {
            FrameSignature(
                width: luma.width, height: luma.height,
                reader: LumaRows(bytes: luma.bytes, width: luma.width, stride: luma.stride, columns: $0))
        }
    }

    /// The tiles that differ from another picture's by more than noise; all of them when the grids differ.
    public func changedTiles(from other: FrameSignature) -> TileSet {
        guard columns == other.columns, rows == other.rows else {
            return TileSet(columnCount: columns, rowCount: rows)
        }
        var changed = TileSet(rowCount: rows)
        quarters.withUnsafeBytes { mine in
            other.quarters.withUnsafeBytes { theirs in
                // Most pictures hardly differ: four tiles that are equal are passed over at once.
                for line in 0..<2 * rows {
                    var column = 0
                    while column < columns {
                        let at = 2 * (line * columns + column)
                        if column + 4 <= columns,
                            mine.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                                == theirs.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                        {
                            column += 4
                            continue
                        }
                        if TileLook.meansDiffer(mine[at], theirs[at])
                            || TileLook.meansDiffer(mine[at + 1], theirs[at + 1])
                        {
                            changed.insert(column: column, row: line / 2)
                        }
                        column += 1
                    }
                }
            }
        }
        for tile in textures.indices where textures[tile] != other.textures[tile] {
            if TileLook.texturesDiffer(textures[tile], other.textures[tile]) {
                changed.insert(column: tile % columns, row: tile / columns)
            }
        }
        return changed
    }

    /// How much of the picture differs from another: 0 nothing, 1 all of it.
    public func distance(from other: FrameSignature) -> Double {
        Double(changedTiles(from: other).count) / Double(columns * rows)
    }

    /// What one tile looks like.
    func tile(column: Int, row: Int) -> TileLook {
        let at = 4 * row * columns + 2 * column
        let below = at + 2 * columns
        return TileLook(
            quarters: SIMD4(quarters[at], quarters[at + 1], quarters[below], quarters[below + 1]),
            texture: textures[row * columns + column])
    }

    /// A smaller likeness to compare many frames by: the mean of each four by four quarters or less.
    func sketch() -> [UInt8] {
        let across = 2 * columns
        var sketch: [UInt8] = []
        sketch.reserveCapacity((across + 3) / 4 * ((2 * rows + 3) / 4))
        for top in stride(from: 0, to: 2 * rows, by: 4) {
            for left in stride(from: 0, to: across, by: 4) {
                var sum = 0
                var count = 0
                for y in top..<min(top + 4, 2 * rows) {
                    for x in left..<min(left + 4, across) {
                        sum += Int(quarters[y * across + x])
                        count += 1
                    }
                }
                sketch.append(UInt8(sum / count))
            }
        }
        return sketch
    }
}

// MARK: - Measuring

extension FrameSignature {
    private init(width: Int, height: Int, reader: some BrightnessRows) {
        let columns = min(64, max(1, width / 4))
        let rows = min(36, max(1, height / 4))
        let across = 2 * columns
        let edges = (0...across).map { $0 * width / across }
        var quarters = [UInt8](repeating: 0, count: across * 2 * rows)
        var textures = [UInt8](repeating: 0, count: columns * rows)
        var sums = [UInt32](repeating: 0, count: across)
        var roughness = [UInt32](repeating: 0, count: columns)
        edges.withUnsafeBufferPointer { edges in
            sums.withUnsafeMutableBufferPointer { sums in
                roughness.withUnsafeMutableBufferPointer { roughness in
                    for line in 0..<2 * rows {
                        let top = line * height / (2 * rows)
                        let bottom = max(top + 1, (line + 1) * height / (2 * rows))
                        sums.update(repeating: 0)
                        if line % 2 == 0 { roughness.update(repeating: 0) }
                        reader.addBrightness(rows: top..<min(bottom, height), edges: edges, sums: sums)
                        for y in stride(from: (top + 3) & ~3, to: min(bottom, height), by: 4) {
                            reader.addRoughness(row: y, edges: edges, sums: roughness)
                        }
                        for cell in 0..<across {
                            let pixels = max(1, (edges[cell + 1] - edges[cell]) * (bottom - top))
                            quarters[line * across + cell] = UInt8(
                                clamping: (Int(sums[cell]) + pixels / 2) / pixels / reader.scale)
                        }
                        if line % 2 == 1 {
                            let sampled = (bottom + 3) / 4 - ((line - 1) * height / (2 * rows) + 3) / 4
                            for column in 0..<columns {
                                let pixels = max(1, (edges[2 * column + 2] - edges[2 * column] - 1) * sampled)
                                textures[line / 2 * columns + column] = UInt8(
                                    clamping: 4 * Int(roughness[column]) / pixels)
                            }
                        }
                    }
                }
            }
        }
        self.columns = columns
        self.rows = rows
        self.quarters = quarters
        self.textures = textures
    }
}
