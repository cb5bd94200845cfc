import Testing

@testable import Desktop

@Suite struct CursorShapeTests {
    @Test("blends colours that are multiplied by alpha already")
    func blends() {
        func blend(_ over: UInt32, _ under: UInt32) -> UInt32 { CursorShape.blend(over, under) & 0xFFFFFF }
        #expect(blend(0xFF12_3456, 0xFFFFFF) == 0x123456)
        #expect(blend(0x0000_0000, 0xABCDEF) == 0xABCDEF)
        #expect(blend(0x8080_0000, 0x0000FF) == 0x80007F)
        #expect(blend(0x8080_8080, 0xFFFFFF) == 0xFFFFFF)
        // Broken: brighter than its alpha allows.
        #expect(blend(0x01FF_FFFF, 0xFFFFFF) == 0xFFFFFF)
    }

    @Test("never writes outside of the picture", arguments: -9...12)
    func clips(position: Int) {
        let shape = CursorShape(
            serial: 1, hotX: 2, hotY: 3, width: 5, height: 6, pixels: Array(repeating: 0xFFFF_FFFF, count: 30))
        let (width, height) = (8, 7)
        // A row before and after, to see what is not to be touched.
        var rows = [UInt32](repeating: 0, count: width * (height + 2))
        rows.withUnsafeMutableBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            shape.blend(
                into: start + width * 4, width: width, height: height, stride: width * 4, atX: position, y: position)
        }
        let region = shape.region(atX: position, y: position)
        for y in -1...height {
            for x in 0..<width {
                let isInside =
                    y >= 0 && y < height && !region.intersection(Region(x: x, y: y, width: 1, height: 1)).isEmpty
                #expect((rows[(y + 1) * width + x] != 0) == isInside)
            }
        }
    }
}
