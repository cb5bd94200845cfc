import struct Conversation.Attachment
import Conversation
import Desktop
import Foundation
import Session
import Testing

@Suite("Details of pictures that were sent")
struct DetailTests {
    private static func media(_ name: Character, _ width: Int, _ height: Int) -> MediaReference {
        MediaReference(
            sha256: String(repeating: name, count: 64), mediaType: "image/png", byteCount: 9, width: width,
            height: height)
    }

    private static let sent = media("a", 800, 400)
    private static let whole = media("b", 1600, 800)

    /// A chat in which a picture was asked about, that was taken with twice the pixels.
    private func driver(part: PictureArea? = nil) -> Driver {
        var driver = Driver()
        driver.feed(
            .attached(
                Attachment(
                    label: "screen", takenAt: .distantPast, content: .picture(Self.sent),
                    origin: PictureOrigin(picture: Self.whole, part: part ?? PictureArea(allOf: Self.whole)))))
        driver.say("what is this?")
        if let turn = driver.state.reply?.turn {
            driver.feed(.questionPrepared(turn: turn, attachments: driver.state.conversation.messages[0].attachments))
        }
        driver.answer(.answer("A screen."), .finished(.stop))
        driver.effects = []
        return driver
    }

    private func details(_ driver: Driver) -> [(MediaReference, PictureArea, String)] {
        driver.effects.compactMap {
            if case .cutDetail(let media, let part, let name) = $0 { (media, part, name) } else { nil }
        }
    }

    @Test("/crop with a place cuts it out of all the pixels of the last picture, and the chip waits for it")
    func cropsByNumbers() throws {
        var driver = driver()
        driver.say("/crop 300x200+1500+100")
        let detail = try #require(details(driver).first)
        #expect(detail.0 == Self.whole && detail.2 == "detail of screen")
        #expect(detail.1 == PictureArea(x: 1500, y: 100, width: 100, height: 200))
        #expect(driver.state.composer.isWaiting)
        driver.feed(
            .attached(Attachment(label: detail.2, takenAt: .distantPast, content: .picture(Self.media("c", 100, 200)))))
        #expect(
            driver.state.composer.attachments.map(\.label) == ["detail of screen"] && !driver.state.composer.isWaiting)
    }

    @Test("/crop with a place outside, or nonsense, or no picture at all, says so and changes nothing")
    func refuses() {
        for words in ["9x9+1600+0", "0x5+0+0", "all of it", "99999999999999999999x1+0+0"] {
            var driver = driver()
            driver.say("/crop " + words)
            #expect(details(driver).isEmpty && !driver.state.composer.isWaiting)
            #expect(driver.state.notice?.text.contains("1600×800") == true, "\(words)")
        }
        var empty = Driver()
        empty.say("/crop")
        #expect(empty.state.notice?.text.contains("no picture") == true && empty.state.overlay == nil)
    }

    @Test("/crop alone, or c in the picture, lets the part be chosen with keys and mouse; Enter takes it, Esc does not")
    func crops() throws {
        var driver = driver()
        driver.say("/crop")
        guard case .picture(let viewing) = driver.state.overlay, let marking = viewing.marking else {
            Issue.record("the picture is not shown")
            return
        }
        #expect(marking.isDetail && marking.part == Region(x: 600, y: 300, width: 400, height: 200))
        driver.feed(.pictureMarked(.press, x: 1000, y: 500))
        driver.feed(.pictureMarked(.move, x: 1200, y: 700))
        driver.feed(.pictureMarked(.release, x: 1200, y: 700))
        driver.press(.send)
        let detail = try #require(details(driver).first)
        #expect(detail.0 == Self.whole && abs(detail.1.width - 200) <= 1 && abs(detail.1.x - 1000) <= 1)
        #expect(driver.state.overlay == nil)

        var other = self.driver()
        other.say("/crop")
        other.press(.cancel)
        #expect(details(other).isEmpty && other.state.composer.isEmpty)
    }

    @Test("z takes what is shown of an enlarged picture; a sent picture is still not covered")
    func zooms() throws {
        var driver = driver()
        driver.say("/crop")
        driver.press(.cancel)
        for key in ["+", "+", "l", "l", "l", "l", "z"] { driver.feed(.typed(key)) }
        let detail = try #require(details(driver).first)
        #expect(detail.1.width == Int(1600 / 2.25) && detail.1.x + detail.1.width >= 1599)
        #expect(driver.state.overlay == nil)

        var other = self.driver()
        other.say("/crop")
        other.press(.cancel)
        other.feed(.typed("b"))
        #expect(other.state.notice?.text.contains("waits to be sent") == true)
    }

    @Test("a part of a part is cut out of the whole, in its place")
    func nests() throws {
        var driver = driver(part: PictureArea(x: 400, y: 200, width: 800, height: 400))
        driver.say("/crop 100x50+10+20")
        let detail = try #require(details(driver).first)
        #expect(detail.0 == Self.whole && detail.1 == PictureArea(x: 410, y: 220, width: 100, height: 50))
    }

    @Test("covering a picture that waits leaves neither the smaller nor the larger one behind")
    func forgetsAll() {
        var driver = Driver()
        let attachment = Attachment(
            label: "screen", takenAt: .distantPast, content: .picture(Self.sent),
            origin: PictureOrigin(picture: Self.whole, part: PictureArea(allOf: Self.whole)))
        driver.feed(.attached(attachment))
        driver.press(.read)
        driver.feed(.typed("b"))
        driver.press(.send)
        var covered = attachment
        covered.content = .picture(Self.media("c", 800, 400))
        covered.origin = nil
        let effects = driver.feed(.pictureChanged(covered, instead: Self.sent))
        #expect(effects.contains(.discardMedia(Self.sent)) && effects.contains(.discardMedia(Self.whole)))
    }

    @Test("/compare asks about the last two pictures, and wants two")
    func compares() {
        var driver = driver()
        driver.say("/compare")
        #expect(driver.state.notice?.text.contains("Two pictures") == true && driver.state.reply == nil)
        driver.feed(
            .attached(Attachment(label: "later", takenAt: .distantPast, content: .picture(Self.media("c", 800, 400)))))
        driver.say("/compare")
        let question = driver.effects.compactMap { if case .prepare(_, _, let words, _, _) = $0 { words } else { nil } }
            .last
        #expect(question == "What changed between the last two pictures?")
    }
}
