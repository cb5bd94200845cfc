import Conversation
import FoundationEssentials
import Testing

@Suite("Parts of pictures, and places in them")
struct PictureAreaTests {
    /// The same numbers every time.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    @Test("a place named in any part, sent in any size, is within a pixel of where it is in the original")
    func mapsBack() {
        var numbers = Numbers(state: 41)
        for _ in 0..<20_000 {
            let width = Int.random(in: 1...8000, using: &numbers)
            let height = Int.random(in: 1...8000, using: &numbers)
            let x = Int.random(in: 0..<width, using: &numbers)
            let y = Int.random(in: 0..<height, using: &numbers)
            let part = PictureArea(
                x: x, y: y, width: Int.random(in: 1...width - x, using: &numbers),
                height: Int.random(in: 1...height - y, using: &numbers))
            // A pixel of the original, where it comes to lie in a picture of the part in another size, and back.
            let place = (
                x: Double(part.x) + Double.random(in: 0..<1, using: &numbers) * Double(part.width),
                y: Double(part.y) + Double.random(in: 0..<1, using: &numbers) * Double(part.height)
            )
            let sent = (
                width: Int.random(in: 1...3000, using: &numbers), height: Int.random(in: 1...3000, using: &numbers)
            )
            let shown = (
                x: (place.x - Double(part.x)) * Double(sent.width) / Double(part.width),
                y: (place.y - Double(part.y)) * Double(sent.height) / Double(part.height)
            )
            let back = part.point(right: shown.x / Double(sent.width), down: shown.y / Double(sent.height))
            #expect(abs(back.x - place.x) < 0.001 && abs(back.y - place.y) < 0.001)
            // As thousandths, the engine's own grid is all that is lost.
            let coarse = part.point(
                right: (shown.x / Double(sent.width) * 1000).rounded() / 1000,
                down: (shown.y / Double(sent.height) * 1000).rounded() / 1000)
            #expect(abs(coarse.x - place.x) <= Double(part.width) / 2000 + 0.001)
            #expect(abs(coarse.y - place.y) <= Double(part.height) / 2000 + 0.001)
        }
    }

    @Test("a part of a part has at least the pixels that were chosen, and at most one more on each side of the scale")
    func mapsParts() {
        var numbers = Numbers(state: 42)
        for _ in 0..<20_000 {
            let part = PictureArea(
                x: Int.random(in: 0...4000, using: &numbers), y: Int.random(in: 0...4000, using: &numbers),
                width: Int.random(in: 1...4000, using: &numbers), height: Int.random(in: 1...4000, using: &numbers))
            let sent = (
                width: Int.random(in: 1...part.width, using: &numbers),
                height: Int.random(in: 1...part.height, using: &numbers)
            )
            let x = Int.random(in: 0..<sent.width, using: &numbers)
            let y = Int.random(in: 0..<sent.height, using: &numbers)
            let chosen = PictureArea(
                x: x, y: y, width: Int.random(in: 1...sent.width - x, using: &numbers),
                height: Int.random(in: 1...sent.height - y, using: &numbers))
            let area = part.area(of: chosen, shownIn: sent.width, sent.height)
            let left = Double(part.x) + Double(chosen.x) * Double(part.width) / Double(sent.width)
            let right = left + Double(chosen.width) * Double(part.width) / Double(sent.width)
            #expect(Double(area.x) <= left + 1e-6 && Double(area.x) > left - 1)
            #expect(Double(area.x + area.width) >= right - 1e-6 && Double(area.x + area.width) < right + 1)
            #expect(area.x >= part.x && area.x + area.width <= part.x + part.width)
            #expect(area.y >= part.y && area.y + area.height <= part.y + part.height)
        }
    }

    @Test("says in words where a part is")
    func names() {
        func name(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> String {
            PictureArea(x: x, y: y, width: width, height: height).place(in: 900, 600)
        }
        #expect(name(0, 0, 100, 100) == "top left")
        #expect(name(800, 500, 100, 100) == "bottom right")
        #expect(name(400, 250, 100, 100) == "middle")
        #expect(name(400, 0, 100, 100) == "top middle")
        #expect(name(0, 0, 450, 600) == "left, whole height")
        #expect(name(0, 400, 900, 200) == "bottom, whole width")
        #expect(name(0, 0, 900, 600) == "nearly all of it")
    }

    @Test("what a picture is made of counts its origin and its details, and what is looked at has all pixels")
    func counts() {
        func media(_ name: String, _ width: Int) -> MediaReference {
            MediaReference(sha256: name, mediaType: "image/png", byteCount: 1, width: width, height: 10)
        }
        let (sent, whole, part) = (media("s", 50), media("w", 100), media("p", 20))
        var attachment = ChatAttachment(label: "x", takenAt: .distantPast, content: .picture(sent))
        #expect(attachment.wholePicture == sent && attachment.viewedPictures == [sent])
        attachment.origin = PictureOrigin(picture: whole, part: PictureArea(allOf: whole))
        attachment.details = PictureDetails(parts: [
            .init(.tile, area: PictureArea(x: 0, y: 0, width: 20, height: 10), picture: part)
        ])
        #expect(attachment.media == [sent, whole, part])
        #expect(attachment.pictures == [sent] && attachment.viewedPictures == [whole])
        attachment.origin?.part = PictureArea(x: 0, y: 0, width: 50, height: 10)
        #expect(attachment.viewedPictures == [sent])
        #expect(attachment.shownArea == PictureArea(x: 0, y: 0, width: 50, height: 10))
    }
}
