import Desktop
import Evidence
import TestSupport
import Testing

@Suite("Where two pictures differ")
struct ChangedPlacesTests {
    /// A screen of one grey with boxes of other greys on it.
    private func frame(_ width: Int, _ height: Int, _ boxes: [(Region, UInt8)], format: PixelFormat = .bgrx) -> Frame {
        let size = format.bytesPerPixel
        let pixels = PixelBuffer(byteCount: width * height * size) { bytes in
            bytes.initializeMemory(as: UInt8.self, repeating: 100)
            for (box, shade) in boxes {
                for y in box.y..<box.y + box.height {
                    for x in box.x..<box.x + box.width {
                        for channel in 0..<3 { bytes[(y * width + x) * size + channel] = shade }
                    }
                }
            }
        }
        return Frame(width: width, height: height, stride: width * size, format: format, pixels: pixels, time: 0)
    }

    @Test("the same picture has no changed place, and one of another size cannot be compared")
    func same() throws {
        let screen = frame(300, 200, [(Region(x: 10, y: 10, width: 30, height: 30), 200)])
        let changes = try #require(ChangedPlaces(from: screen, to: screen))
        #expect(changes.places.isEmpty && changes.share == 0)
        #expect(ChangedPlaces(from: screen, to: frame(301, 200, [])) == nil)
        // What nobody sees is no change.
        let noisy = frame(300, 200, [(Region(x: 10, y: 10, width: 30, height: 30), 205)])
        #expect(ChangedPlaces(from: screen, to: noisy)?.places.isEmpty == true)
    }

    @Test("places lie around what changed, letters near to each other are one place, the largest comes first")
    func finds() throws {
        let word = (0..<5).map { (Region(x: 100 + $0 * 30, y: 50, width: 8, height: 12), UInt8(20)) }
        let box = (Region(x: 500, y: 300, width: 120, height: 90), UInt8(250))
        let changes = try #require(ChangedPlaces(from: frame(800, 600, []), to: frame(800, 600, word + [box])))
        #expect(changes.places.count == 2)
        let first = changes.places[0]
        #expect(first.intersection(box.0) == box.0 && first.width <= 120 + 32 && first.height <= 90 + 32)
        for letter in word { #expect(changes.places[1].intersection(letter.0) == letter.0) }
        #expect(changes.share > 0.02 && changes.share < 0.06)
    }

    @Test("every changed pixel is in a place, and no two places touch, whatever changes")
    func covers() throws {
        var random = SeededRandom(seed: 5)
        for _ in 0..<60 {
            let (width, height) = (Int.random(in: 1...400, using: &random), Int.random(in: 1...300, using: &random))
            let boxes = (0..<Int.random(in: 1...30, using: &random)).map { _ in
                let (x, y) = (Int.random(in: 0..<width, using: &random), Int.random(in: 0..<height, using: &random))
                return (
                    Region(
                        x: x, y: y, width: Int.random(in: 1...min(40, width - x), using: &random),
                        height: Int.random(in: 1...min(40, height - y), using: &random)), UInt8(240)
                )
            }
            let format: PixelFormat = Bool.random(using: &random) ? .rgb : .bgra
            let changes = try #require(
                ChangedPlaces(
                    from: frame(width, height, [], format: format), to: frame(width, height, boxes, format: format)))
            for (box, _) in boxes {
                for corner in [(box.x, box.y), (box.x + box.width - 1, box.y + box.height - 1)] {
                    let pixel = Region(x: corner.0, y: corner.1, width: 1, height: 1)
                    #expect(changes.places.contains { !$0.intersection(pixel).isEmpty })
                }
            }
            for (index, place) in changes.places.enumerated() {
                #expect(place.intersection(Region(x: 0, y: 0, width: width, height: height)) == place)
                for other in changes.places[..<index] { #expect(place.intersection(other).isEmpty) }
            }
        }
    }
}
