import Testing

@testable import scry

@Suite struct PlainTests {
    @Test("text that streams is cut into lines at its breaks, and at sentences once there is enough")
    func lines() {
        let text =
            "Short. Still the same line, since these sentences are few and brief. And here the next one begins.\n"
            + "```\na. b. c. d. e. f. g. h. i. j. k. l. m. n. o. p. q. r. s. t. u. v. w. x. y. z.\n```\nend"
        let expected = [
            "Short. Still the same line, since these sentences are few and brief.", "And here the next one begins.",
            "```",
            "a. b. c. d. e. f. g. h. i. j. k. l. m. n. o. p. q. r. s. t. u. v. w. x. y. z.", "```", "end",
        ]
        for size in [1, 3, 7, 1_000] {
            var lines = PlainLines()
            var got: [String] = []
            var rest = text[...]
            while !rest.isEmpty {
                got += lines.append(String(rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
            #expect(got + lines.finish() == expected, "\(size)")
        }
    }

    @Test("controls never come through, and a line without end is cut")
    func hostile() {
        var lines = PlainLines()
        #expect(lines.append("a\u{1B}[2Jb\u{7}\n") == ["a[2Jb"])
        let long = lines.append(String(repeating: "word ", count: 2_000))
        #expect(long.count == 2 && long.allSatisfy { $0.utf8.count <= 4_010 })
    }

    @Test("it is wanted by ACCESSIBLE and by terminals that can only print")
    func wanted() {
        #expect(PlainChat.isWanted(["TERM": "dumb"]))
        #expect(PlainChat.isWanted([:]))
        #expect(PlainChat.isWanted(["TERM": "xterm", "ACCESSIBLE": "1"]))
        #expect(!PlainChat.isWanted(["TERM": "xterm", "ACCESSIBLE": "0"]))
        #expect(!PlainChat.isWanted(["TERM": "xterm"]))
    }
}
