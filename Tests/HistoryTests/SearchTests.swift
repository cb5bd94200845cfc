import Conversation
import FoundationEssentials
import TestSupport
import Testing

@testable import History

@Suite struct SearchTests {
    let directory = TemporaryDirectory()

    func history(_ messages: Message...) async throws -> History {
        let history = try directory.history()
        try await history.save(Conversation(title: "Tuesday", createdAt: moment(), messages: messages))
        return history
    }

    func found(_ query: String, in history: History, isTyping: Bool = false) async throws -> [String] {
        try await history.search(query, isTyping: isTyping, now: moment(100)).map(\.snippet.text)
    }

    @Test("finds words, parts of identifiers, phrases, whatever their capitals and accents") func words() async throws {
        let history = try await history(
            question("The Café said keep_media_days = 7, error: ENOSPC"), answer("Free some disk space, then go on."))

        for query in ["cafe", "CAFÉ", "keep_media_days", "media", "enospc", "error cafe", "\"keep media\"", "7"] {
            #expect(try await found(query, in: history).count == 1, "\(query)")
        }
        for query in ["caf", "media_keep", "\"error cafe\"", "nothing", "error nothing"] {
            #expect(try await found(query, in: history) == [], "\(query)")
        }
        #expect(try await found("disk free", in: history).count == 1)
    }

    @Test(
        "finds Chinese and Japanese by one, two and more characters",
        arguments: ["图", "屏", "屏幕", "幕截", "截图失败", "屏幕截图失败了", "失败了", "gpu", "使用GPU", "\"使用gpu加速\"", "スク", "ＧＰＵ", "한국"])
    func chinese(query: String) async throws {
        let history = try await history(
            question("为什么屏幕截图失败了？请使用GPU加速。スクリーン 한국어"), answer("nothing of the kind"))

        let hits = try await history.search(query, now: moment())

        #expect(hits.count == 1)
        #expect(hits.first?.snippet.runs.contains { $0.isHit } == true, "\(hits)")
    }

    @Test("does not find Chinese characters that do not stand together", arguments: ["图屏", "屏截", "加速使用", "截失"])
    func apart(query: String) async throws {
        #expect(try await found(query, in: history(question("为什么屏幕截图失败了？请使用GPU加速。"))) == [])
    }

    @Test("finds the beginning of the word that is being typed") func typing() async throws {
        let history = try await history(question("segmentation fault in the allocator"))

        for query in ["s", "segm", "fault al", "segmentation fault in the alloc"] {
            #expect(try await found(query, in: history, isTyping: true).count == 1, "\(query)")
        }
        #expect(try await found("segm fault", in: history, isTyping: true) == [])
        #expect(try await found("segm ", in: history, isTyping: true) == [])
        #expect(try await found("segm", in: history) == [])
    }

    @Test("finds what was thought, attached, seen and written on windows, and says where") func places() async throws {
        let history = try directory.history()
        let shot = try history.media.store([1], mediaType: "image/png", width: 1, height: 1)
        let attachments = [
            Attachment(
                label: "screen", takenAt: moment(), content: .picture(shot), recognizedText: ["kernel panic"],
                windowTitle: "Firefox Nightly"),
            Attachment(label: "report.txt", takenAt: moment(), content: .text("quarterly figures")),
        ]
        let reply = Message(
            role: .assistant, parts: [.reasoning(Reasoning(text: "pondering deeply")), .text("It crashed.")],
            createdAt: moment(1))
        let chat = Conversation(
            title: "Why the machine stopped", createdAt: moment(),
            messages: [question("what is this?", attachments: attachments), reply])
        try await history.save(chat)

        for (query, place) in [
            ("panic", SearchHit.Place.screen), ("nightly", .screen), ("figures", .screen), ("report.txt", .screen),
            ("pondering", .reasoning), ("crashed", .words), ("machine", .title), ("what panic", .words),
        ] {
            let hits = try await history.search(query, now: moment())
            #expect(hits.map(\.place) == [place], "\(query)")
            #expect(hits.first?.conversation == chat.id)
            #expect(hits.first?.title == chat.title)
            #expect(hits.first?.snippet.runs.contains { $0.isHit } == true, "\(query): \(hits)")
            #expect(place == .title ? hits.first?.picture == nil : hits.first?.picture == shot)
            #expect(hits.first?.windowTitle == (place == .title ? nil : "Firefox Nightly"))
            #expect(hits.first?.takenAt == (place == .title ? nil : moment()))
        }
    }

    @Test("finds what was said in some days only") func period() async throws {
        let history = try directory.history()
        let day = 86_400.0
        for number in 0..<5 {
            let chat = Conversation(
                title: "day \(number)", createdAt: moment(),
                messages: [question("an error \(number)", at: Double(number) * day)])
            try await history.save(chat)
        }
        func found(_ words: String, _ period: Range<Date>) async throws -> Set<String> {
            Set(try await history.search(words, now: moment(9 * day), during: period).map(\.snippet.text))
        }

        #expect(try await found("error", moment(day)..<moment(3 * day)) == ["an error 1", "an error 2"])
        #expect(try await found("day", moment(3 * day)..<moment(9 * day)) == ["day 3", "day 4"])
        #expect(try await found("error", moment(9 * day)..<moment(10 * day)) == [])
        #expect(try await found("error", .distantPast..<moment(1)) == ["an error 0"])
    }

    @Test("cuts a line around what was found, and marks it") func snippet() async throws {
        let text =
            String(repeating: "lorem ipsum ", count: 40) + "the\n\nneedle\there"
            + String(repeating: " dolor", count: 60)
        let history = try await history(question(text))

        let snippet = try #require(try await history.search("NEEDLE here", now: moment()).first?.snippet)

        #expect(snippet.runs.filter(\.isHit).map(\.text) == ["needle", "here"])
        #expect(snippet.text.hasPrefix("…") && snippet.text.hasSuffix("…"))
        #expect(snippet.text.contains("the needle here dolor"))
        #expect(snippet.text.count < 130)
    }

    @Test("puts rare and recent first, and finds an answer only when it is done") func order() async throws {
        let history = try directory.history()
        let year = 365.0 * 86_400
        try await history.save(Conversation(createdAt: moment(), messages: [question("same words", at: 0)]))
        try await history.save(Conversation(createdAt: moment(), messages: [question("same words", at: year)]))
        let growing = Conversation(createdAt: moment(), messages: [answer("same words", outcome: .streaming)])
        try await history.save(growing)

        let dates = try await history.search("same", now: moment(year)).map(\.date)
        #expect(dates == [moment(year), moment()])

        var done = growing
        done.messages[0].outcome = .stopped
        try await history.save(done)
        #expect(try await history.search("same", now: moment(year)).count == 3)
    }

    @Test("follows every change: other words, another title, a message forgotten, a chat deleted") func inStep()
        async throws
    {
        let history = try await history(question("alpha"), answer("beta"))
        var chat = try #require(try await history.latest())

        chat.messages[1].parts = [.text("gamma")]
        try await history.save(chat)
        #expect(try await found("beta", in: history) == [])
        #expect(try await found("gamma", in: history) == ["gamma"])
        chat.messages[1].outcome = .streaming
        try await history.save(chat)
        #expect(try await found("gamma", in: history) == [])
        try await history.rename(chat.id, to: "Wednesday")
        #expect(try await found("tuesday", in: history) == [])
        #expect(try await found("wednesday", in: history) == ["Wednesday"])
        try await history.forget(chat.messages[0].id)
        #expect(try await found("alpha", in: history) == [])
        try await history.delete(chat.id)
        #expect(try await found("wednesday", in: history) == [])
        #expect(try await history.check(now: moment()).isEmpty)
    }

    @Test("finds what a dead program left unfinished") func interrupted() async throws {
        do {
            let history = try directory.history()
            try await history.save(Conversation(createdAt: moment(), messages: [answer("half", outcome: .streaming)]))
        }

        #expect(try await found("half", in: directory.history()) == ["half"])
    }

    @Test(
        "makes no error of anything that can be typed",
        arguments: [
            "", " ", "\"", "\"\"", "'", "*", "AND", "NOT x", "a OR", "NEAR(a b, 2)", "said:alpha", "^alpha", "-alpha",
            "alpha*", "a + b", "(", ")", "{said} : x", "\0", "al\0pha", "\u{202E}alpha", "🙂", "a\u{301}", "；", "图*\"",
            "%", "_", "\\", "$1", "?1", "--", "/* ", "alpha\u{1F}beta", "\u{10FFFF}", "«»", "“alpha",
        ])
    func hostile(query: String) async throws {
        let history = try await history(question("alpha beta"))
        for isTyping in [false, true] {
            _ = try await history.search(query, isTyping: isTyping, now: moment())
        }
    }

    @Test("makes no error of ten kilobytes, nor of random bytes") func hostileBytes() async throws {
        let history = try await history(question("alpha 屏幕 beta"))
        for text in ["a", "\"", "屏", "a ", "* ", "图 "] {
            _ = try await history.search(String(repeating: text, count: 10_240), isTyping: true, now: moment())
        }
        var random = SeededRandom(seed: 11)
        for _ in 0..<300 {
            let bytes = random.bytes(Int.random(in: 1..<60, using: &random))
            _ = try await history.search(String(decoding: bytes, as: UTF8.self), isTyping: true, now: moment())
        }
    }

    @Test("folds every letter of the Latin table to a small plain one") func latin() {
        #expect(
            "ÀÉÎõüýÿĀąĆčĎĒęĞģĤĨıĴķŁłŃňŐőŔřŚšŢťŨůŴŶŹž".unicodeScalars.map { SearchWords.folded($0) }
                == Array("aeiouyyaaccdeegghiıjkłłnnoorrssttuuwyzz".unicodeScalars))
    }
}
