import Conversation
import Desktop
import FoundationEssentials
import Session
import Testing

@Suite("Composing")
struct ComposingTests {
    @Test("edits move and delete by characters, words and lines")
    func edits() {
        var driver = Driver()
        driver.feed(.typed("one two 世界 👨‍👩‍👧"))
        driver.press(.deleteBackward)
        #expect(driver.state.composer.text == "one two 世界 ")
        driver.press(.deleteWord)
        #expect(driver.state.composer.text == "one two ")
        driver.press(.moveWordLeft, .moveWordLeft, .moveRight)
        #expect(driver.state.composer.before == "o")
        driver.press(.deleteToLineEnd)
        #expect(driver.state.composer.text == "o")
        driver.press(.deleteToLineStart)
        #expect(driver.state.composer.isEmpty)
    }

    @Test("up and down move between lines, and past the edges through what was sent, keeping the draft")
    func history() {
        var driver = Driver()
        driver.say("first")
        driver.answer(.answer("1"), .finished(.stop))
        driver.say("second")
        driver.answer(.answer("2"), .finished(.stop))
        driver.feed(.typed("long line"))
        driver.press(.newLine)
        driver.feed(.typed("ab"))
        driver.press(.moveUp)
        #expect(driver.state.composer.before == "lo")
        driver.press(.moveUp)
        #expect(driver.state.composer.text == "second")
        driver.press(.moveUp, .moveUp)
        #expect(driver.state.composer.text == "first")
        driver.press(.moveDown, .moveDown)
        #expect(driver.state.composer.text == "long line\nab")
    }

    @Test("pictures wait as chips among the words, and Backspace takes the one before it away")
    func chips() {
        var driver = Driver()
        #expect(driver.press(.captureScreen).first == .capture(.screen))
        #expect(driver.state.pendingAttachments == 1)
        let (one, two) = (Attachment.picture("screen"), Attachment.picture("window"))
        driver.feed(.attached(one))
        driver.press(.captureWindow)
        driver.feed(.attached(two))
        #expect(driver.state.composer.attachments == [one, two])
        #expect(driver.press(.deleteBackward).contains(.saveDraft))
        #expect(driver.state.composer.attachments == [one])
    }

    @Test("a question does not leave before its picture is ready")
    func pictureOnTheWay() {
        var driver = Driver()
        driver.press(.captureScreen)
        driver.say("what is it?")
        #expect(driver.request == nil)
        #expect(driver.state.composer.text == "what is it?")
        driver.feed(.attachmentFailed("There is no desktop."))
        #expect(driver.state.notice == Notice(.problem, "There is no desktop."))
        driver.press(.send)
        #expect(driver.request != nil)
    }

    @Test("a pasted path is looked at, other pasted text is text and never sends")
    func paste() {
        var driver = Driver()
        driver.feed(.pasted("two\nlines\n"))
        #expect(driver.state.composer.text == "two\nlines\n")
        #expect(
            driver.feed(.pasted("/tmp/a.png")).first
                == .inspectPaste("/tmp/a.png", paths: ["/tmp/a.png"], tickets: [1]))
        driver.feed(.pasteWasText("/tmp/a.png", tickets: [1]))
        #expect(driver.state.composer.text == "two\nlines\n/tmp/a.png")
        #expect(driver.state.pendingAttachments == 0)
        #expect(
            driver.feed(.pasted("'/tmp/a b.png'")).first
                == .inspectPaste("'/tmp/a b.png'", paths: ["/tmp/a b.png"], tickets: [2]))
    }

    @Test("slash commands do what their keys do; unknown ones are not sent; paths are")
    func slash() {
        var driver = Driver()
        driver.say("/think")
        #expect(!driver.state.isThinkingOn)
        #expect(driver.state.composer.isEmpty)
        #expect(driver.say("/attach  /tmp/my file.png").contains(.attach(path: "/tmp/my file.png", ticket: 1)))
        driver.feed(.attachmentMissed(ticket: 1, "no"))
        driver.say("/nonsense")
        #expect(driver.request == nil)
        #expect(driver.state.notice?.kind == .problem)
        driver.press(.interrupt)
        driver.say("/etc/passwd: what is this?")
        #expect(driver.request?.messages.last?.text == "/etc/passwd: what is this?")
    }

    @Test("F5 starts, F5 stops, and the frames wait as one chip")
    func recording() {
        var driver = Driver()
        #expect(driver.press(.toggleRecording) == [.startRecording(.screen)])
        driver.feed(.recordingProgressed(frames: 12, byteCount: 4096), after: 1)
        #expect(driver.state.recording?.frames == 12)
        #expect(driver.press(.toggleRecording) == [.stopRecording])
        #expect(driver.press(.toggleRecording).isEmpty)
        let chip = Attachment(
            label: "recording", takenAt: .distantPast,
            content: .recording(Recording(frames: [], video: nil, seconds: 2)))
        driver.say("what happened?")
        #expect(driver.request == nil)
        driver.feed(.recorded(chip))
        #expect(driver.state.composer.text == "what happened?")
        #expect(driver.state.recording == nil)
        #expect(driver.state.composer.attachments == [chip])
    }

    @Test("F6 pauses a recording, and the seconds of a pause are not counted")
    func pausing() {
        var driver = Driver()
        #expect(driver.press(.pauseRecording).isEmpty)
        #expect(driver.state.notice?.text == "Nothing is being recorded.")
        driver.press(.toggleRecording)
        driver.feed(.recordingProgressed(frames: 12, byteCount: 4096, dropped: 3), after: 5)
        #expect(driver.state.recording?.dropped == 3)
        #expect(driver.press(.pauseRecording) == [.pauseRecording(true)])
        driver.feed(.ticked, after: 60)
        #expect(driver.state.recording?.seconds(at: driver.uptime) == 5)
        #expect(driver.press(.pauseRecording) == [.pauseRecording(false)])
        driver.feed(.ticked, after: 2)
        #expect(driver.state.recording?.seconds(at: driver.uptime) == 7)
        // A second pause, in which it is stopped.
        #expect(driver.press(.pauseRecording) == [.pauseRecording(true)])
        #expect(driver.press(.toggleRecording) == [.stopRecording])
        #expect(driver.press(.pauseRecording).isEmpty)
    }

    @Test("a draft from before comes back, unless something is written already")
    func draft() {
        var driver = Driver()
        driver.feed(.draftRestored(text: "half", attachments: []))
        #expect(driver.state.composer.text == "half")
        driver.feed(.draftRestored(text: "other", attachments: []))
        #expect(driver.state.composer.text == "half")
    }
}
