import struct Conversation.Attachment
import Conversation
import FoundationEssentials
import Session
import Testing

@Suite("Telling of a whole recording")
struct SummaryTests {
    private static let sections = [
        RecordingSection(start: 0, end: 60, frames: [0, 31.5], text: "[00:00] The editor opens main.swift"),
        RecordingSection(start: 60, end: 124, frames: [60, 90], text: "[01:02] The build fails: cannot find 'foo'"),
        RecordingSection(start: 124, end: 200, frames: [124], text: "[02:10] The tests pass"),
    ]

    private static func recording(told: Bool = false) -> Attachment {
        let picture = MediaReference(
            sha256: String(repeating: "b", count: 64), mediaType: "image/png", byteCount: 10, width: 320, height: 240)
        let frames = [TimedPicture(time: 0, why: "first", picture: picture)]
        return Attachment(
            label: "demo.mkv", takenAt: .distantPast,
            content: .recording(
                Recording(
                    frames: frames, video: nil, seconds: 200, file: "/videos/demo.mkv",
                    sections: told ? sections : nil)))
    }

    private func ordered(_ effects: [SessionEffect]) -> SummaryOrder? {
        for case .summarize(let order) in effects { return order }
        return nil
    }

    private func excerpts(_ effects: [SessionEffect]) -> [RecordingExcerpt] {
        for case .prepare(_, _, _, _, let excerpts) in effects { return excerpts }
        return []
    }

    @Test("The attached recording is told, what is wanted of it is said, and nothing is asked as a question is")
    func orders() throws {
        var driver = Driver()
        let recording = Self.recording()
        driver.feed(.attached(recording))
        let effects = driver.say("/summarize when did the build fail?")
        let order = try #require(ordered(effects))
        #expect(order.recording == recording && order.isFirst)
        #expect(order.interest == "when did the build fail?")
        #expect(order.model == "glm-4.5v" && order.thinks)
        #expect(driver.request == nil)
        #expect(driver.state.conversation.title == "Summary of demo.mkv")
        #expect(driver.state.composer.isEmpty)
        #expect(driver.state.conversation.messages.first?.attachments == [recording])

        driver.feed(.replyProgressed(turn: order.turn, step: "Part 2 of 3", fraction: 0.25))
        #expect(driver.state.reply?.phase == .working(step: "Part 2 of 3", fraction: 0.25))
        // The same event again and again is no answer that goes round in circles.
        for _ in 0..<300 { driver.answer(.answer("- [00:01] The same line as before, word for word\n")) }
        #expect(driver.state.reply != nil)

        let told = Self.recording(told: true)
        var changed = told
        changed = Attachment(
            id: recording.id, label: told.label, takenAt: told.takenAt, content: told.content)
        driver.feed(.recordingTold(turn: order.turn, changed))
        driver.answer(.answer("\n## Summary\n\nIt failed at [01:02].\n"), .finished(.stop))
        #expect(driver.state.reply == nil)
        #expect(driver.state.conversation.messages.first?.attachments == [changed])
        #expect(driver.state.conversation.messages.count == 2)
    }

    @Test("Without an attachment the last recording of the chat is told; without any, it is said that there is none")
    func finds() throws {
        var driver = Driver()
        #expect(ordered(driver.say("/summarize")) == nil)
        #expect(driver.state.notice?.text.contains("no recording") == true)
        // A text is no recording.
        driver.feed(.attached(.picture()))
        driver.press(.summarize)
        #expect(ordered(driver.effects) == nil && driver.state.reply == nil)
        driver.press(.deleteBackward)

        driver.feed(.attached(Self.recording()))
        driver.say("what is it?")
        driver.feed(.questionPrepared(turn: driver.state.reply?.turn ?? 0, attachments: []))
        driver.answer(.answer("A recording."), .finished(.stop))
        let order = try #require(ordered(driver.press(.summarize)))
        #expect(order.interest.isEmpty && !order.isFirst)
        #expect(driver.state.conversation.messages[2].text == "/summarize")
    }

    @Test("A summary that was stopped is begun anew by going on with it, and one that waits is told in its turn")
    func goesOn() throws {
        var driver = Driver()
        driver.feed(.attached(Self.recording()))
        driver.say("/summarize")
        driver.answer(.answer("## Timeline\n\n- [00:00] It begins\n"))
        driver.press(.cancel)
        #expect(driver.answers.last?.outcome == .stopped)
        #expect(driver.effects.contains { if case .cancelReply = $0 { true } else { false } })

        let again = driver.press(.continueReply)
        #expect(ordered(again) != nil)
        #expect(driver.answers.last?.text == "" && driver.answers.count == 1)

        let waiting = driver.say("/summarize in one sentence")
        #expect(ordered(waiting) == nil)
        driver.answer(.answer("…"), .finished(.stop))
        #expect(ordered(driver.effects.suffix(4).map { $0 })?.interest == "in one sentence")
    }

    @Test(
        "A later question goes with the stretches that it is about",
        arguments: [
            ("when did the build fail?", [60.0]), ("what happened at 2:15?", [124]),
            ("at [00:30], or at 1:30?", [0, 60]),
            ("thank you", []), ("第 3 页", []),
        ])
    func stretches(question: String, starts: [Double]) throws {
        var driver = Driver()
        driver.feed(.attached(Self.recording(told: true)))
        driver.say("what is it?")
        driver.feed(.questionPrepared(turn: driver.state.reply?.turn ?? 0, attachments: []))
        driver.answer(.answer("A recording."), .finished(.stop))
        let found = excerpts(driver.say(question))
        #expect(found.map(\.section.start) == starts)
        #expect(found.allSatisfy { $0.file == "/videos/demo.mkv" })
        guard !found.isEmpty else { return }

        // What was taken out of the file becomes a part of the question, and goes with it from then on.
        let excerpt = Attachment.picture("demo.mkv 01:00–02:04")
        driver.feed(.questionPrepared(turn: driver.state.reply?.turn ?? 0, attachments: [excerpt]))
        let sent = try #require(driver.request?.messages.last)
        #expect(sent.attachments == [excerpt] && sent.text == question)
        #expect(
            driver.effects.contains {
                if case .save(let message, _) = $0 { message.attachments == [excerpt] } else { false }
            })
    }

    @Test("A question with a picture of its own, and one about a recording of a single stretch, take none along")
    func takesNone() {
        var driver = Driver()
        driver.feed(.attached(Self.recording(told: true)))
        driver.say("when did the build fail?")
        #expect(excerpts(driver.effects).isEmpty)
        driver.feed(.questionPrepared(turn: driver.state.reply?.turn ?? 0, attachments: []))
        driver.answer(.answer("At [01:02]."), .finished(.stop))
        driver.feed(.attached(.picture()))
        #expect(excerpts(driver.say("when did the build fail?")).isEmpty)
    }
}
