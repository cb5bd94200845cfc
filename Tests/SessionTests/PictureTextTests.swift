import struct Conversation.Attachment
import Conversation
import Foundation
import Session
import Testing

@Suite("The words in pictures")
struct PictureTextTests {
    private static let media = MediaReference(
        sha256: String(repeating: "a", count: 64), mediaType: "image/png", byteCount: 9, width: 1600, height: 800)

    private func driver() -> Driver {
        var driver = Driver()
        driver.feed(.attached(Attachment(label: "screen", takenAt: .distantPast, content: .picture(Self.media))))
        driver.effects = []
        return driver
    }

    @Test("/text reads the last picture; what it says is copied, and how much that is told")
    func copies() {
        var driver = driver()
        driver.say("/text")
        #expect(driver.effects.contains(.readPicture(Self.media, part: nil)))
        #expect(driver.state.notice?.text == "Reading the words in the picture…")
        driver.feed(.pictureRead("make test\nok"))
        #expect(driver.effects.last == .copy("make test\nok"))
        #expect(driver.state.notice?.text == "Copied the words in the picture: 2 lines.")
        driver.effects = []
        driver.feed(.pictureRead(""))
        #expect(driver.effects.isEmpty && driver.state.notice?.text == "No words were found in the picture.")
    }

    @Test("t in a picture reads what is shown of it; the next key takes what was said away")
    func part() {
        var driver = driver()
        driver.feed(.pictureOpened(Self.media.sha256, in: nil))
        driver.feed(.typed("t"))
        #expect(driver.effects.last == .readPicture(Self.media, part: nil))
        driver.feed(.typed("+"))
        #expect(driver.state.notice == nil)
        driver.feed(.typed("+"))
        driver.feed(.typed("t"))
        #expect(
            driver.effects.last
                == .readPicture(Self.media, part: PictureArea(x: 445, y: 223, width: 711, height: 355)))
        #expect(driver.state.notice?.text == "Reading the words in this part…")
        #expect(driver.state.overlay != nil)
    }

    @Test("without a picture it says what to do")
    func none() {
        var driver = Driver()
        driver.say("/text")
        #expect(driver.state.notice?.text.hasPrefix("There is no picture") == true)
        #expect(!driver.effects.contains { if case .readPicture = $0 { true } else { false } })
    }
}
