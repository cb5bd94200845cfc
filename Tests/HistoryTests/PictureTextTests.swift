import Conversation
import Foundation
import Testing

@testable import History

/// What pictures say is found, once it was read.
@Suite struct PictureTextTests {
    let directory = TemporaryDirectory()

    @Test("messages are read from the newest on, each once, and are found by the words in their pictures then")
    func reads() async throws {
        let history = try directory.history()
        let shot = try history.media.store([1], mediaType: "image/png", width: 1, height: 1)
        let old = question("an old one", attachments: [picture(shot)])
        let new = question("a new one", at: 50, attachments: [picture(shot, label: "window")])
        let chat = Conversation(
            title: "Pictures", createdAt: moment(), messages: [old, answer("Yes."), new, question("none", at: 60)])
        try await history.save(chat)

        let first = try #require(try await history.unreadMessage())
        #expect(first.message == new.id && first.attachments.map(\.label) == ["window"])
        #expect(try await history.search("segfault", now: moment(60)).isEmpty)
        try await history.keep([.init(shot, says: "ERROR segfault\n截屏幕")], of: new.id)
        for query in ["segfault", "截屏", "segfault new window"] {
            let hits = try await history.search(query, now: moment(60))
            #expect(hits.map(\.message) == [new.id], "\(query)")
            #expect(hits.first?.picture == shot && hits.first?.snippet.runs.contains(where: \.isHit) == true)
        }
        #expect(try await history.search("segfault", now: moment(60)).first?.place == .screen)

        #expect(try await history.unreadMessage(saidSince: moment(10)) == nil)
        #expect(try await history.unreadMessage()?.message == old.id)
        try await history.keep([], of: old.id)
        #expect(try await history.unreadMessage() == nil)
        #expect(try await history.check(now: moment(60)).isEmpty)
    }

    @Test("the words stay when the message is saved again, change when it is read again, and go when it goes")
    func stays() async throws {
        let history = try directory.history()
        let shot = try history.media.store([1], mediaType: "image/png", width: 1, height: 1)
        var asked = question("what is it?", attachments: [picture(shot)])
        let chat = Conversation(title: "Pictures", createdAt: moment(), messages: [asked])
        try await history.save(chat)
        try await history.keep([.init(shot, says: "turquoise")], of: asked.id)

        asked.parts.append(.text("and more of it"))
        try await history.save(asked, after: nil, in: chat.id)
        #expect(try await history.search("turquoise more", now: moment()).count == 1)
        try await history.keep([.init(shot, says: "vermilion")], of: asked.id)
        #expect(try await history.search("turquoise", now: moment()).isEmpty)
        #expect(try await history.search("vermilion", now: moment()).count == 1)
        #expect(try await history.check(now: moment()).isEmpty)

        try await history.delete(chat.id)
        #expect(try await history.search("vermilion", now: moment()).isEmpty)
        try await history.keep([.init(shot, says: "too late")], of: asked.id)
        #expect(try await history.search("late", now: moment()).isEmpty)
        #expect(try await history.check(now: moment()).isEmpty)
    }

    @Test("a hit shows the picture in which the words are, of one attachment or of several")
    func pictureOfAHit() async throws {
        let history = try directory.history()
        let shots = try (1...4).map { try history.media.store([$0], mediaType: "image/png", width: 1, height: 1) }
        var titled = picture(shots[1], label: "window")
        titled.windowTitle = "Compiler log"
        var recording = picture(shots[2], label: "recording")
        recording.content = .recording(
            Recording(
                frames: [
                    TimedPicture(time: 0, why: "first", picture: shots[2]),
                    TimedPicture(time: 1, why: "last", picture: shots[3]),
                ], video: nil, seconds: 2))
        let asked = question("which?", attachments: [picture(shots[0]), titled, recording])
        try await history.save(Conversation(title: "Pictures", createdAt: moment(), messages: [asked]))
        try await history.keep(
            [.init(shots[0], says: "turquoise"), .init(shots[1], says: "vermilion"), .init(shots[3], says: "ochre")],
            of: asked.id)

        for (word, shot) in [
            ("turquoise", shots[0]), ("vermilion", shots[1]), ("ochre", shots[3]), ("compiler", shots[1]),
            ("which", shots[0]),
        ] {
            #expect(try await history.search(word, now: moment()).map(\.picture) == [shot], "\(word)")
        }
        let hit = try await history.search("vermilion", now: moment()).first
        #expect(hit?.windowTitle == "Compiler log")
        #expect(try await history.check(now: moment()).isEmpty)
    }
}
