import Desktop
import TestSupport
import Testing

@testable import scry

/// The line around pictures that would have no edge otherwise.
@Suite struct RimTests {
    /// A frame whose pixels have the tone that is asked for at each place.
    private func frame(
        _ width: Int, _ height: Int, _ format: PixelFormat, stride: Int? = nil, _ tone: (Int, Int) -> UInt8
    ) -> Frame {
        let stride = stride ?? width * format.bytesPerPixel
        let pixels = PixelBuffer(byteCount: stride * height) { target in
            for place in 0..<stride * height { target[place] = 7 }
            for row in 0..<height {
                for column in 0..<width {
                    for channel in 0..<format.bytesPerPixel {
                        target[row * stride + column * format.bytesPerPixel + channel] = tone(column, row)
                    }
                }
            }
        }
        return Frame(width: width, height: height, stride: stride, format: format, pixels: pixels, time: 0)
    }

    private func tone(_ frame: Frame, _ column: Int, _ row: Int) -> UInt8 {
        frame.pixels.withBytes { $0[row * frame.stride + column * frame.format.bytesPerPixel + 1] }
    }

    private func places(_ frame: Frame) -> [(Int, Int)] {
        (0..<frame.height).flatMap { row in (0..<frame.width).map { ($0, row) } }
    }

    @Test(
        "an even rim gets a line that is seen on it, and what is inside stays",
        arguments: [PixelFormat.bgrx, .bgra, .rgbx, .rgb], [(250, 154), (10, 106)] as [(Int, Int)])
    func even(format: PixelFormat, tones: (Int, Int)) {
        for thickness in [1, 3] {
            let page = frame(60, 40, format, stride: 60 * format.bytesPerPixel + 5) { column, row in
                (20..<40).contains(column) && (10..<30).contains(row) ? 128 : UInt8(tones.0)
            }
            let rimmed = page.rimmed(thickness)
            let wrong = places(page).filter { column, row in
                let isRim = min(column, row, 59 - column, 39 - row) < thickness
                return tone(rimmed, column, row) != (isRim ? UInt8(tones.1) : tone(page, column, row))
            }
            #expect(wrong.isEmpty)
        }
    }

    @Test("a few odd pixels, as rounded corners, change nothing")
    func corners() {
        let page = frame(100, 100, .rgb) { column, row in min(column, 99 - column) + min(row, 99 - row) < 8 ? 0 : 255 }
        #expect(tone(page.rimmed(), 50, 0) == 159)
    }

    @Test("a picture that reaches its edges, and a small one, stay as they are")
    func others() {
        var random = SeededRandom(seed: 3)
        let noise = frame(60, 40, .bgrx) { _, _ in UInt8.random(in: 0...255, using: &random) }
        let half = frame(60, 40, .bgrx) { column, _ in column < 30 ? 20 : 220 }
        let icon = frame(20, 40, .bgrx) { _, _ in 255 }
        for picture in [noise, half, icon] {
            let same = picture.rimmed()
            #expect(places(picture).allSatisfy { tone(same, $0, $1) == tone(picture, $0, $1) })
        }
    }
}
