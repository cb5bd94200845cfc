import Testing

@testable import scry

@Suite struct TimelineTests {
    private func part(_ start: Double, _ end: Double, _ text: String?) -> SummaryDraft.Part {
        SummaryDraft.Part(start: start, end: end, frames: [start], text: text)
    }

    @Test("reads the times that lines begin with, however they are written")
    func times() {
        let timeline = Timeline([
            part(
                0, 200,
                """
                Here is what happens:
                [00:05] A window opens.
                - **[00:12]** The *build* begins.
                * 01:02 – it fails with `error: 7`
                  and says so in red.
                (1:40-1:55) Somebody scrolls.
                [02:10.5]: The end.
                """)
        ])
        #expect(timeline.events.map(\.time) == [0, 5, 12, 62, 100, 130.5])
        #expect(timeline.events[2].event == "The *build* begins.")
        #expect(timeline.events[3].event == "it fails with `error: 7` and says so in red.")
        #expect(timeline.text.contains("[01:02] it fails"))
    }

    @Test("keeps times within their part, and the order")
    func bounds() {
        let timeline = Timeline([
            part(0, 60, "[00:50] late\n[00:10] early\n[09:00] too late"), part(60, 120, "[00:00] too early"),
            part(120, 180, nil), part(180, 240, "no time at all"), part(240, 300, " \n\n"),
        ])
        #expect(timeline.events.map(\.time) == [10, 50, 60, 60, 180])
        #expect(timeline.events.map(\.event) == ["early", "late", "too late", "too early", "no time at all"])
    }

    @Test(
        "what only looks like a time is none",
        arguments: ["12", "1:", "99:99", "[x]", "3:7:61 a", "12345:00", "::", "1:2:3:4"])
    func noTimes(text: String) {
        let leading = ClockTime.leading(Substring(text))
        #expect(leading == nil || text == "1:2:3:4")
    }

    @Test("reads any text without failing")
    func hostile() {
        var state: UInt64 = 7
        let pieces = ["[", "]", "1", "59", ":", "00", "\n", " ", "-", "*", "é", "\u{0}", "9999", ".", "–", "(", "a"]
        for _ in 0..<500 {
            var text = ""
            for _ in 0..<40 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += pieces[Int(state >> 33) % pieces.count]
            }
            let events = Timeline([part(10, 20, text)]).events
            #expect(events.allSatisfy { (10...20).contains($0.time) })
        }
    }

    @Test("writes times as people do")
    func writes() {
        #expect(ClockTime.text(133.9) == "02:13")
        #expect(ClockTime.text(3733) == "1:02:13")
        #expect(ClockTime.text(-1) == "00:00" && ClockTime.text(.infinity).hasSuffix(":40"))
    }

    @Test("a draft takes over what was said of the same parts, and only that")
    func drafts() {
        var new = SummaryDraft(parts: [part(0, 60, nil), part(60, 120, nil), part(120, 130, nil)])
        var old = SummaryDraft(parts: [part(0, 60, "a"), part(60, 121, "b"), part(120, 130, nil)])
        old.summary = "s"
        new.adopt(old)
        #expect(new.parts.map(\.text) == ["a", nil, nil])
        #expect(new.summary == nil && new.missing == 2)
        var whole = SummaryDraft(parts: [part(0, 60, nil)])
        var told = SummaryDraft(parts: [part(0, 60, "a")])
        told.summary = "s"
        whole.adopt(told)
        #expect(whole == told)
    }
}
