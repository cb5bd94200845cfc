import Cells
import Desktop
import Testing

@testable import scry

@Suite("Pictures of blocks")
struct BlockPictureTests {
    /// A picture whose left half is red and whose right half is blue.
    private func halves(_ width: Int, _ height: Int, _ format: PixelFormat = .bgrx) -> Frame {
        let size = format.bytesPerPixel
        let isBlueFirst = format == .bgrx || format == .bgra
        let pixels = PixelBuffer(byteCount: width * height * size) { bytes in
            for place in 0..<width * height {
                let isRed = place % width < width / 2
                for byte in 0..<size { bytes[place * size + byte] = byte == (isRed == isBlueFirst ? 2 : 0) ? 255 : 0 }
            }
        }
        return Frame(width: width, height: height, stride: width * size, format: format, pixels: pixels, time: 0)
    }

    @Test("keep their proportions and colours", arguments: [PixelFormat.bgrx, .bgra, .rgbx, .rgb])
    func colors(format: PixelFormat) {
        let picture = BlockPicture(halves(256, 128, format), columns: 20, lines: 9, isDirect: true)
        #expect(picture.columns == 20 && picture.lines.count == 5)
        for line in picture.lines {
            #expect(line.columns == 20)
            #expect(line.runs.map(\.text) == [String(repeating: "▀", count: 10), String(repeating: "▀", count: 10)])
            #expect(line.runs[0].style == Style(foreground: .rgb(255, 0, 0), background: .rgb(255, 0, 0)))
            #expect(line.runs[1].style == Style(foreground: .rgb(0, 0, 255), background: .rgb(0, 0, 255)))
        }
    }

    @Test("fit, whatever their shape", arguments: [(1, 1), (1, 500), (500, 1), (3, 7), (4000, 30)])
    func shapes(width: Int, height: Int) {
        let picture = BlockPicture(halves(width, height), columns: 20, lines: 6, isDirect: false)
        #expect((1...20).contains(picture.columns) && (1...6).contains(picture.lines.count))
        #expect(picture.lines.allSatisfy { $0.columns == picture.columns })
    }

    @Test("have the nearest of 256 colours where there are no more")
    func palette() {
        let expected: [(Int, Int, Int, UInt8)] = [
            (255, 0, 0, 196), (0, 0, 0, 16), (255, 255, 255, 231), (95, 135, 175, 67), (128, 128, 128, 244),
            (8, 8, 8, 232), (238, 238, 238, 255), (48, 0, 0, 52), (47, 0, 0, 16),
        ]
        for (red, green, blue, number) in expected {
            #expect(PixelColor(red: red, green: green, blue: blue).color(false) == .palette(number))
        }
    }
}
