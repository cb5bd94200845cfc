import Desktop
import Testing

struct RedactionTests {
    private func frame(_ format: PixelFormat = .bgrx, width: Int = 20, height: Int = 10, padding: Int = 4) -> Frame {
        let stride = width * format.bytesPerPixel + padding
        let pixels = PixelBuffer(byteCount: stride * height) { memory in
            for index in memory.indices { memory[index] = UInt8(truncatingIfNeeded: index &* 7) }
        }
        return Frame(width: width, height: height, stride: stride, format: format, pixels: pixels, time: 5)
    }

    private func pixel(_ frame: Frame, _ x: Int, _ y: Int) -> [UInt8] {
        frame.pixels.withBytes { bytes in
            let start = y * frame.stride + x * frame.format.bytesPerPixel
            return Array(bytes[start..<start + 3])
        }
    }

    @Test("leaves one colour in a part, and everything else as it was", arguments: [PixelFormat.bgrx, .rgb, .rgbx])
    func parts(format: PixelFormat) {
        let before = frame(format)
        let part = Region(x: 3, y: 2, width: 6, height: 4)

        let after = before.redacted([part])

        var colors: Set<[UInt8]> = []
        for y in 0..<10 {
            for x in 0..<20 {
                if part.contains(x: x, y: y) {
                    colors.insert(pixel(after, x, y))
                } else {
                    #expect(pixel(after, x, y) == pixel(before, x, y))
                }
            }
        }
        #expect(colors.count == 1)
        #expect(after.time == 5 && after.stride == before.stride)
    }

    @Test("parts that differ by little give the same colour")
    func nothingStays() {
        let flat = Frame(
            width: 4, height: 4, stride: 16, format: .bgrx,
            pixels: PixelBuffer(byteCount: 64) { $0.initializeMemory(as: UInt8.self, repeating: 0x50) }, time: 0)
        let noisy = Frame(
            width: 4, height: 4, stride: 16, format: .bgrx,
            pixels: PixelBuffer(byteCount: 64) { memory in
                for i in memory.indices { memory[i] = i % 8 < 4 ? 0x40 : 0x60 }
            },
            time: 0)
        let all = [Region(x: 0, y: 0, width: 4, height: 4)]

        #expect(pixel(flat.redacted(all), 1, 1) == pixel(noisy.redacted(all), 2, 3))
    }

    @Test("is cut at the frame's edges; what lies outside changes nothing")
    func edges() {
        let before = frame()

        let after = before.redacted(
            [
                Region(x: -5, y: -5, width: 6, height: 6), Region(x: 19, y: 9, width: 900, height: 900),
                Region(x: 40, y: 40, width: 5, height: 5), Region(x: 2, y: 2, width: 0, height: 4),
            ], isBlack: true)

        #expect(pixel(after, 0, 0) == [0, 0, 0] && pixel(after, 19, 9) == [0, 0, 0])
        #expect(pixel(after, 1, 1) == pixel(before, 1, 1) && pixel(after, 18, 9) == pixel(before, 18, 9))
    }
}
