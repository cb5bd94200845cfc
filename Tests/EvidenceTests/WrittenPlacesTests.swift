import Desktop
import Evidence
import TestSupport
import Testing

@Suite("Where a picture is written on")
struct WrittenPlacesTests {
    /// A light picture with strokes of letters in places: three pixels dark, three light, all of their height.
    private func picture(_ width: Int, _ height: Int, letters: [Region]) -> Frame {
        var pixels = [UInt8](repeating: 0xf0, count: width * height * 4)
        for place in letters {
            for y in place.y..<place.y + place.height {
                for x in place.x..<place.x + place.width where (x - place.x) % 6 < 3 {
                    for color in 0..<3 { pixels[(y * width + x) * 4 + color] = 0x20 }
                }
            }
        }
        return Frame(
            width: width, height: height, stride: width * 4, format: .bgrx,
            pixels: PixelBuffer(byteCount: pixels.count) { $0.copyBytes(from: pixels) }, time: 0)
    }

    private func covers(_ places: [Region], _ letters: Region) -> Bool {
        // Pieces do not overlap where they come from one cut, so that areas add up.
        places.reduce(0) { $0 + $1.intersection(letters).area } >= letters.area
    }

    @Test("the blank half of a window is cut away, with a margin left around the text")
    func half() throws {
        let text = Region(x: 64, y: 64, width: 400, height: 480)
        let places = WrittenPlaces(in: picture(1280, 640, letters: [text])).places
        let place = try #require(places.first)
        #expect(places.count == 1 && place.intersection(text) == text)
        #expect(place.width < 460 && place.height < 540)
    }

    @Test("text at both ends makes two places, from the left to the right")
    func ends() {
        let left = Region(x: 32, y: 64, width: 200, height: 480)
        let right = Region(x: 1000, y: 64, width: 200, height: 480)
        let places = WrittenPlaces(in: picture(1280, 640, letters: [left, right])).places
        #expect(places.count == 2 && places[0].intersection(left) == left && places[1].intersection(right) == right)
    }

    @Test("a label and its value stay side by side")
    func labels() {
        let label = Region(x: 32, y: 32, width: 560, height: 576)
        let value = Region(x: 672, y: 32, width: 560, height: 576)
        #expect(WrittenPlaces(in: picture(1280, 640, letters: [label, value])).places.count == 1)
    }

    @Test("a picture that is blank, full or hardly there is one place")
    func whole() {
        for (width, height, letters) in [
            (1280, 640, []), (1280, 640, [Region(x: 0, y: 0, width: 1280, height: 640)]), (1, 1, []), (3, 900, []),
        ] as [(Int, Int, [Region])] {
            let places = WrittenPlaces(in: picture(width, height, letters: letters)).places
            #expect(places == [Region(x: 0, y: 0, width: width, height: height)])
        }
    }

    @Test("edges of windows and gentle shades are not text")
    func edges() {
        var frame = [UInt8](repeating: 0, count: 640 * 640 * 4)
        for y in 0..<640 {
            for x in 0..<640 {
                // A shade down and across, a frame, and letters in one corner.
                let isEdge = x == 400 || y == 400
                let isLetter = x < 160 && y < 160 && x % 4 < 2
                let value = isEdge ? 255 : isLetter ? 250 : UInt8((x + y) / 8)
                for color in 0..<3 { frame[(y * 640 + x) * 4 + color] = value }
            }
        }
        let places = WrittenPlaces(
            in: Frame(
                width: 640, height: 640, stride: 2560, format: .bgrx,
                pixels: PixelBuffer(byteCount: frame.count) { $0.copyBytes(from: frame) }, time: 0)
        ).places
        #expect(places == [Region(x: 0, y: 0, width: 176, height: 176)])
    }

    @Test("whatever is written is in a place, and places are inside of the picture and few")
    func holds() {
        var random = SeededRandom(seed: 31)
        for _ in 0..<60 {
            let width = Int.random(in: 40...1_200, using: &random)
            let height = Int.random(in: 40...900, using: &random)
            let letters = (0..<Int.random(in: 1...6, using: &random)).map { _ in
                let x = Int.random(in: 0...width - 40, using: &random)
                let y = Int.random(in: 0...height - 20, using: &random)
                return Region(
                    x: x, y: y, width: Int.random(in: 40...width - x, using: &random),
                    height: Int.random(in: 20...height - y, using: &random))
            }
            let places = WrittenPlaces(in: picture(width, height, letters: letters)).places
            let bounds = Region(x: 0, y: 0, width: width, height: height)
            #expect((1...6).contains(places.count))
            #expect(places.allSatisfy { $0.intersection(bounds) == $0 && !$0.isEmpty })
            for text in letters { #expect(covers(places, text)) }
        }
    }
}
