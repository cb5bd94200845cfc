import Desktop
import Testing

@testable import Documents

@Suite struct InkPictureTests {
    private struct Color {
        var red: UInt8
        var green: UInt8
        var blue: UInt8
    }

    /// A frame whose pixels a function knows.
    private func frame(_ width: Int, _ height: Int, _ color: (Int, Int) -> Color) -> Frame {
        let buffer = PixelBuffer(byteCount: width * height * 4) { memory in
            for y in 0..<height {
                for x in 0..<width {
                    let pixel = color(x, y)
                    let at = (y * width + x) * 4
                    (memory[at], memory[at + 1], memory[at + 2]) = (pixel.blue, pixel.green, pixel.red)
                    memory[at + 3] = 255
                }
            }
        }
        return Frame(width: width, height: height, stride: width * 4, format: .bgrx, pixels: buffer, time: 0)
    }

    /// Strokes two pixels wide, twelve high, as letters are.
    private func isStroke(_ x: Int, _ y: Int) -> Bool { x % 6 < 2 && (10..<22).contains(y % 32) }

    @Test("Ink becomes black and ground white, dark on light, light on dark, and red on a green as bright")
    func colors() {
        let pairs = [
            (Color(red: 20, green: 20, blue: 20), Color(red: 255, green: 255, blue: 255)),
            (Color(red: 220, green: 220, blue: 220), Color(red: 30, green: 30, blue: 30)),
            (Color(red: 200, green: 0, blue: 0), Color(red: 0, green: 102, blue: 0)),
        ]
        // One beside the other, each 160 pixels wide.
        let picture = InkPicture(
            frame(480, 96) { x, y in
                let (ink, ground) = pairs[x / 160]
                return isStroke(x % 160, y) ? ink : ground
            })
        for y in 0..<96 {
            for x in 0..<480 where x % 160 > 24 && x % 160 < 136 {
                let brightness = picture.pixels[y * 480 + x]
                #expect(isStroke(x % 160, y) ? brightness == 0 : brightness == 255, "at \(x), \(y)")
            }
        }
    }

    @Test("A ground that changes slowly stays white, and noise on it light")
    func gradient() {
        let picture = InkPicture(
            frame(256, 128) { x, y in
                let noise = UInt8((x &* 7 &+ y &* 13) % 5)
                return Color(red: UInt8(x / 2) + noise, green: UInt8(y), blue: 90 + noise)
            })
        #expect(picture.pixels.allSatisfy { $0 > 128 })
    }

    @Test("Small letters are enlarged, large ones and empty pictures are not")
    func scales() {
        let white = Color(red: 255, green: 255, blue: 255)
        let black = Color(red: 0, green: 0, blue: 0)
        func header(_ height: Int) -> String {
            let picture = InkPicture(
                frame(128, 128) { x, y in x % 8 < 2 && (40..<40 + height).contains(y) ? black : white })
            return String(decoding: picture.file().prefix(10), as: UTF8.self)
        }
        #expect(header(8) == "P5\n384 384")
        #expect(header(12) == "P5\n256 256")
        #expect(header(28) == "P5\n128 128")
        #expect(InkPicture(frame(40, 30) { _, _ in white }).lineHeight == nil)
        #expect(InkPicture(frame(1, 1) { _, _ in white }).file() == Array("P5\n1 1\n255\n".utf8) + [255])
    }

    @Test("A picture of any size and format is enlarged to as many bytes as its head says")
    func sizes() {
        var random = SystemRandomNumberGenerator()
        for (width, height) in [(1, 17), (64, 1), (65, 33), (9, 200)] {
            let picture = InkPicture(
                frame(width, height) { _, _ in
                    Color(
                        red: .random(in: 0...255, using: &random), green: 0, blue: .random(in: 0...255, using: &random))
                })
            let file = picture.file()
            let head = file.split(separator: 10, maxSplits: 3)
            let size = String(decoding: head[1], as: UTF8.self).split(separator: " ").compactMap { Int($0) }
            #expect(head[3].count == size[0] * size[1] && size[0] % width == 0 && size[1] % height == 0)
        }
    }
}
