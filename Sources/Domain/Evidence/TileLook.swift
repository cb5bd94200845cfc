/// What one tile of a signature looks like.
struct TileLook: Sendable, Equatable {
    /// The mean brightness of its quarters.
    var quarters: SIMD4<UInt8>
    /// How much neighbouring pixels differ, in quarters of a level.
    var texture: UInt8

    /// Whether two looks differ by no more than noise.
    func resembles(_ other: TileLook) -> Bool {
        for index in 0..<4 where Self.meansDiffer(quarters[index], other.quarters[index]) { return false }
        return !Self.texturesDiffer(texture, other.texture)
    }

    /// Whether two means differ by more than a video encoder's noise moves the mean of a quarter tile.
    static func meansDiffer(_ first: UInt8, _ second: UInt8) -> Bool {
        let difference = Int(first) - Int(second)
        return difference > 2 || difference < -2
    }

    /// Whether two textures differ by more than an encoder's blur takes away.
    static func texturesDiffer(_ first: UInt8, _ second: UInt8) -> Bool {
        let difference = abs(Int(first) - Int(second))
        return difference > 8 + Int(max(first, second)) / 4
    }
}
