import Conversation
import FoundationEssentials
import Session
import TestSupport
import Testing

@Suite struct FrameSheetTests {
    private func picture(_ number: Int) -> MediaReference {
        MediaReference(sha256: "frame-\(number)", mediaType: "image/png", byteCount: 10, width: 1092, height: 1092)
    }

    private func frame(_ number: Int) -> TimedPicture {
        TimedPicture(time: Double(number) * 10, why: "change", picture: picture(number))
    }

    /// A recording of which the even frames go, and some odd ones do not.
    private func recording() -> ChatAttachment {
        ChatAttachment(
            label: "recording", takenAt: Date(timeIntervalSince1970: 0),
            content: .recording(
                Recording(
                    frames: [0, 2, 4].map(frame), video: picture(99), seconds: 50, frameList: [frame(0), frame(4)],
                    form: .frameList, spares: [1, 3].map(frame))))
    }

    private func sheet(of session: ScriptedSession) -> FrameSheet? {
        if case .frames(let sheet) = session.state.overlay { sheet } else { nil }
    }

    private func attached(_ session: ScriptedSession) -> Recording? {
        guard case .recording(let recording)? = session.state.composer.attachments.first?.content else { return nil }
        return recording
    }

    @Test("/frames lists what goes and what does not, in order of time")
    func opens() throws {
        var session = ScriptedSession()
        session.feed(.recorded(recording()))
        session.type("/frames<enter>")
        let sheet = try #require(self.sheet(of: session))
        #expect(sheet.entries.map(\.frame.time) == [0, 10, 20, 30, 40])
        #expect(sheet.entries.map(\.isKept) == [true, false, true, false, true])
        #expect(sheet.keptCount == 3 && !sheet.isSent)
    }

    @Test("Space takes and leaves, Enter keeps it, and what is sent follows")
    func changes() throws {
        var session = ScriptedSession()
        session.find(.seeing)
        session.feed(.recorded(recording()))
        session.type("/frames<enter>")
        session.type(" j ")
        #expect(sheet(of: session)?.entries.map(\.isKept) == [false, true, true, false, true])
        session.type("<enter>")
        #expect(session.state.overlay == nil)
        let kept = try #require(attached(session))
        #expect(kept.frames.map(\.time) == [10, 20, 40])
        #expect(kept.spares?.map(\.time) == [0, 30])
        // What showed the old choice is gone.
        #expect(kept.video == nil && kept.frameList == nil && kept.form == nil)

        let effects = session.type("What happened?<enter>")
        let sent = effects.compactMap { effect -> [ChatAttachment]? in
            if case .prepare(_, let attachments, _, _, _) = effect { attachments } else { nil }
        }
        #expect(sent.first?.first?.pictures.map(\.sha256) == ["frame-1", "frame-2", "frame-4"])
    }

    @Test("Escape leaves everything as it was, and so does Enter without a change")
    func leaves() {
        var session = ScriptedSession()
        session.feed(.recorded(recording()))
        session.type("/frames<enter>")
        session.type(" jj <escape>")
        #expect(session.state.overlay == nil)
        session.type("/frames<enter>")
        session.type("<enter>")
        #expect(attached(session)?.video == picture(99))
        #expect(attached(session)?.frames.map(\.time) == [0, 20, 40])
    }

    @Test("one frame stays, whatever is left")
    func oneStays() {
        var session = ScriptedSession()
        session.feed(.recorded(recording()))
        session.type("/frames<enter>")
        session.type(" jj jj ")
        #expect(sheet(of: session)?.keptCount == 1)
        #expect(session.state.notice?.text == "One frame has to stay.")
    }

    @Test("frames that were sent can be looked at and not changed")
    func sent() {
        var session = ScriptedSession()
        session.find(.seeing)
        session.feed(.recorded(recording()))
        session.type("What happened?<enter>")
        session.type("/frames<enter>")
        #expect(sheet(of: session)?.isSent == true)
        session.type(" ")
        #expect(sheet(of: session)?.keptCount == 3)
        let opened = session.type("o")
        #expect(opened == [.openMedia(picture(0))])
        session.type("<enter>")
        #expect(session.state.overlay == nil)
    }

    @Test("without a recording it says so")
    func none() {
        var session = ScriptedSession()
        session.type("/frames<enter>")
        #expect(session.state.overlay == nil)
        #expect(session.state.notice?.text.contains("There is no recording") == true)
    }

    @Test("any keys keep the choice within the list")
    func anyKeys() {
        var random = SeededRandom(seed: 5)
        var session = ScriptedSession()
        session.feed(.recorded(recording()))
        session.type("/frames<enter>")
        let keys = [
            " ", "j", "k", "x", "<up>", "<down>", "<pageup>", "<pagedown>", "<home>", "<end>", "<left>", "<right>",
        ]
        for _ in 0..<400 {
            session.type(keys.randomElement(using: &random) ?? " ")
            guard let sheet = self.sheet(of: session) else {
                Issue.record("the list was closed")
                return
            }
            #expect(sheet.entries.indices.contains(sheet.selected) && sheet.keptCount >= 1)
            #expect(sheet.entries.count == 5)
        }
    }
}

@Suite struct RecordingMomentTests {
    @Test("finds the times that a text names in brackets")
    func finds() {
        let text = "At [02:13] it failed, again at [1:02:13]; not at 3:00, [x], [12], [9:99] or [1:2]. [00:05.5]"
        let found = RecordingMoment.all(in: text)
        #expect(found.map(\.seconds) == [133, 3733, 5.5])
        #expect(found.map { String(text[$0.range]) } == ["[02:13]", "[1:02:13]", "[00:05.5]"])
    }

    @Test("an answer's time shows the frame that was on the screen then")
    func shows() throws {
        var session = ScriptedSession()
        session.find(.seeing)
        let frames = [0, 10, 20, 40].map { time in
            TimedPicture(
                time: Double(time) + 0.4, why: "change",
                picture: MediaReference(
                    sha256: "at-\(time)", mediaType: "image/png", byteCount: 1, width: 100, height: 100))
        }
        session.feed(
            .recorded(
                ChatAttachment(
                    label: "recording", takenAt: Date(timeIntervalSince1970: 0),
                    content: .recording(Recording(frames: frames, video: nil, seconds: 60)))))
        session.type("What happened?<enter>")
        session.feed(.questionPrepared(turn: 1, attachments: session.state.conversation.messages[0].attachments))
        session.feed(.replyArrived(turn: 1, [.answer("It failed [00:20], then again [00:35].")]))
        session.feed(.replyArrived(turn: 1, [.finished(.stop)]))
        let answer = try #require(session.state.conversation.messages.last)
        for (seconds, number) in [(20.0, 2), (35, 2), (0, 0), (999, 3)] {
            session.feed(.momentOpened(answer.id, seconds))
            guard case .picture(let viewing) = session.state.overlay else {
                Issue.record("no picture at \(seconds)")
                continue
            }
            #expect(viewing.number == number, "at \(seconds)")
            session.type("q")
        }
        // By keys: into the transcript, and Enter on the answer.
        session.type("<tab><enter>")
        guard case .picture(let viewing) = session.state.overlay else {
            Issue.record("Enter shows nothing")
            return
        }
        #expect(viewing.number == 2)
    }
}
