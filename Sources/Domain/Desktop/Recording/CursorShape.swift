/// The pointer's picture, as the server hands it out.
public struct CursorShape: Sendable, Equatable {
    /// Changes when the picture does.
    public var serial: UInt
    /// Where the hot spot is in the picture.
    public var hotX: Int
    /// Where the hot spot is in the picture.
    public var hotY: Int
    /// Width in pixels.
    public var width: Int
    /// Height in pixels.
    public var height: Int
    /// 0xAARRGGBB, the colours multiplied by alpha already; row by row.
    public var pixels: [UInt32]

    /// Makes a shape; `pixels` must hold `width * height` of them.
    public init(serial: UInt, hotX: Int, hotY: Int, width: Int, height: Int, pixels: [UInt32]) {
        precondition(width >= 0 && height >= 0 && pixels.count == width * height, "the pixels fill the cursor")
        self.serial = serial
        self.hotX = hotX
        self.hotY = hotY
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// Where the picture is when the hot spot is at a point.
    public func region(atX x: Int, y: Int) -> Region {
        Region(x: x - hotX, y: y - hotY, width: width, height: height)
    }

    /// Draws the cursor over a picture of blue, green, red, unused; what lies outside is clipped.
    ///
    /// - Parameters:
    ///   - x: Where the hot spot is, in the picture's pixels.
    ///   - y: Where the hot spot is, in the picture's pixels.
    public func blend(
        into picture: UnsafeMutableRawPointer, width pictureWidth: Int, height pictureHeight: Int, stride: Int,
        atX x: Int, y: Int
    ) {
        let place = region(atX: x, y: y)
        let visible = place.intersection(Region(x: 0, y: 0, width: pictureWidth, height: pictureHeight))
        guard !visible.isEmpty else { return }
        for row in visible.y..<visible.y + visible.height {
            for column in visible.x..<visible.x + visible.width {
                let over = pixels[(row - place.y) * width + column - place.x]
                let target = picture + row * stride + column * 4
                let under = UInt32(littleEndian: target.loadUnaligned(as: UInt32.self))
                target.storeBytes(of: Self.blend(over, under).littleEndian, as: UInt32.self)
            }
        }
    }

    /// The colour that a premultiplied pixel gives over an opaque one.
    static func blend(_ over: UInt32, _ under: UInt32) -> UInt32 {
        let alpha = over >> 24
        if alpha == 255 { return over }
        if alpha == 0 && over == 0 { return under }
        func channel(_ shift: UInt32) -> UInt32 {
            let below = (under >> shift & 0xFF) * (255 - alpha)
            return min(255, (over >> shift & 0xFF) + (below + 127) / 255) << shift
        }
        return 0xFF00_0000 | channel(16) | channel(8) | channel(0)
    }
}
