import struct Conversation.Attachment
import Conversation
import Desktop
import Foundation
import Session
import Testing

@Suite("Marking parts of a picture that waits to be sent")
struct MarkingTests {
    private static let media = MediaReference(
        sha256: String(repeating: "a", count: 64), mediaType: "image/png", byteCount: 9, width: 800, height: 400)
    private static let changed = MediaReference(
        sha256: String(repeating: "b", count: 64), mediaType: "image/png", byteCount: 9, width: 800, height: 400)

    private func driver() -> (Driver, Attachment) {
        var driver = Driver()
        let attachment = Attachment(label: "screen", takenAt: .distantPast, content: .picture(Self.media))
        driver.feed(.attached(attachment))
        driver.press(.read)
        return (driver, attachment)
    }

    private func marking(_ driver: Driver) -> PictureMarking? {
        guard case .picture(let viewing) = driver.state.overlay else { return nil }
        return viewing.marking
    }

    @Test("b marks, arrows move and size, Enter covers, and the chip is another picture then")
    func covers() throws {
        var (driver, attachment) = driver()
        driver.feed(.typed("b"))
        // In the middle, a quarter of each side.
        #expect(marking(driver)?.part == Region(x: 300, y: 150, width: 200, height: 100))
        driver.press(.moveLeft, .moveUp, .selectRight, .selectDown)
        driver.feed(.typed("h"))
        driver.feed(.typed("L"))
        #expect(marking(driver)?.part == Region(x: 279, y: 130, width: 240, height: 120))
        driver.feed(.typed(" "))
        #expect(marking(driver)?.parts.count == 1)
        let effects = driver.press(.send)
        let parts = try #require(marking(driver)?.result)
        #expect(parts.count == 2 && parts[0] != parts[1])
        #expect(effects == [.changePicture(attachment, .cover, parts)])

        // Nothing can be closed or sent while the picture as it was is the one that would go.
        #expect(driver.press(.cancel, .send, .interrupt).isEmpty)
        driver.feed(.typed("q"))
        #expect(marking(driver)?.isApplied == true)

        var covered = attachment
        covered.content = .picture(Self.changed)
        let after = driver.feed(.pictureChanged(covered, instead: Self.media))
        #expect(after.contains(.discardMedia(Self.media)) && after.contains(.saveDraft))
        #expect(marking(driver) == nil)
        #expect(driver.state.composer.attachments == [covered])
        driver.press(.cancel)
        driver.say("what is this?")
        guard
            case .prepare(_, let attachments, _, _, _)? = driver.effects.last(where: {
                if case .prepare = $0 { true } else { false }
            })
        else {
            #expect(driver.request?.messages.last?.attachments == [covered])
            return
        }
        #expect(attachments == [covered])
    }

    @Test("u takes the last part back; Esc leaves all as it was")
    func takesBack() {
        var (driver, attachment) = driver()
        driver.feed(.typed("b"))
        let first = marking(driver)?.part
        driver.feed(.typed(" "))
        driver.feed(.typed("u"))
        #expect(marking(driver)?.part == first && marking(driver)?.parts.isEmpty == true)
        driver.feed(.typed("u"))
        #expect(marking(driver)?.part == first)
        #expect(driver.press(.cancel).isEmpty)
        #expect(marking(driver) == nil && driver.state.overlay != nil)
        #expect(driver.state.composer.attachments == [attachment])
    }

    @Test("the mouse draws a part, and never one outside")
    func mouse() {
        var (driver, _) = driver()
        driver.feed(.typed("c"))
        driver.feed(.pictureMarked(.press, x: 10, y: 20))
        driver.feed(.pictureMarked(.move, x: 2000, y: -50))
        driver.feed(.pictureMarked(.release, x: 2000, y: -50))
        #expect(marking(driver)?.part == Region(x: 10, y: 0, width: 790, height: 21))
        // A click beside it takes it away; then there is nothing to cut out.
        driver.feed(.pictureMarked(.press, x: 1, y: 300))
        driver.feed(.pictureMarked(.release, x: 1, y: 300))
        #expect(marking(driver)?.part == nil)
        #expect(driver.press(.send).isEmpty)
        #expect(marking(driver) == nil)
    }

    @Test("a picture that was sent is not changed any more")
    func sent() {
        var (driver, _) = driver()
        driver.press(.cancel)
        driver.say("look")
        driver.press(.read)
        driver.press(.openAttachment)
        driver.press(.send)
        guard case .picture = driver.state.overlay else { return }
        driver.feed(.typed("b"))
        #expect(marking(driver) == nil)
        #expect(driver.state.notice?.text == "Only a picture that waits to be sent can be changed.")
    }

    @Test("what cannot be changed stays, and it is said why")
    func fails() {
        var (driver, attachment) = driver()
        driver.feed(.typed("c"))
        driver.press(.send)
        driver.feed(.pictureUnchanged("It is gone."))
        #expect(driver.state.overlay == nil && driver.state.notice?.text == "It is gone.")
        #expect(driver.state.composer.attachments == [attachment])
    }

    @Test("where no region can be chosen on the screen, it is in its picture")
    func region() {
        var driver = Driver()
        #expect(driver.press(.captureRegion).first == .capture(.chosenRegion))
        let attachment = Attachment(label: "screen", takenAt: .distantPast, content: .picture(Self.media))
        driver.feed(.attached(attachment))
        driver.feed(.regionWanted(in: attachment.id))
        #expect(marking(driver)?.purpose == .crop)
        // Space would begin a second part: of a cut there is one.
        driver.feed(.typed(" "))
        #expect(marking(driver)?.parts.isEmpty == true)
        #expect(driver.press(.send).count == 1)
        var part = attachment
        part.content = .picture(Self.changed)
        #expect(driver.feed(.pictureChanged(part, instead: Self.media)).contains(.discardMedia(Self.media)))
        #expect(driver.state.overlay == nil)
        #expect(driver.state.composer.attachments == [part])
    }

    @Test("who leaves the choosing of a region has no picture, as on a screen")
    func noRegion() {
        var driver = Driver()
        driver.feed(.typed("look "))
        driver.press(.captureRegion)
        let attachment = Attachment(label: "screen", takenAt: .distantPast, content: .picture(Self.media))
        driver.feed(.attached(attachment))
        driver.feed(.regionWanted(in: attachment.id))
        #expect(driver.press(.cancel).contains(.discardMedia(Self.media)))
        #expect(driver.state.overlay == nil && driver.state.composer.attachments.isEmpty)
        #expect(driver.state.composer.text == "look ")
        #expect(driver.state.notice?.text == "No region was chosen.")
    }
}
