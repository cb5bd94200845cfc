import Conversation
import Foundation
import GRDB
import Glibc
import TestSupport
import Testing

@testable import History

/// What is removed when, and that it is gone then.
@Suite struct KeepingTests {
    let directory = TemporaryDirectory()

    @Test("leaves no byte of a deleted chat in its files", arguments: [false, true]) func gone(isOld: Bool) async throws
    {
        let secret = "xyzzyplugh"
        let history = try directory.history()
        let shot = try history.media.store(Array(secret.utf8), mediaType: "image/png", width: 1, height: 1)
        let file = try #require(history.media.path(of: shot))
        let staying = Conversation(createdAt: moment(), messages: [question("staying")])
        try await history.save(staying)
        let going = Conversation(
            title: secret, createdAt: moment(),
            messages: (0..<50).map { question("\(secret) \($0)", attachments: [picture(shot, label: secret)]) })
        try await history.save(going)
        try history.media.storeThumbnail(Array(secret.utf8), of: shot)
        if isOld { try await history.outsideTransaction { try $0.execute(sql: "PRAGMA auto_vacuum = NONE; VACUUM") } }
        let before = try await history.size()

        try await history.delete(going.id)
        try await history.compact()

        for name in PrivateFile.names(in: directory.path + "/data") {
            let bytes = FileManager.default.contents(atPath: "\(directory.path)/data/\(name)") ?? Data()
            #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(name)")
        }
        #expect(PrivateFile.status(file) == nil)
        #expect(history.media.thumbnail(of: shot) == nil)
        let after = try await history.size()
        #expect(after.databaseBytes < before.databaseBytes)
        #expect((before.messages, before.mediaFiles, before.mediaBytes) == (51, 1, secret.utf8.count * 2))
        #expect((after.messages, after.mediaFiles, after.mediaBytes) == (1, 0, 0))
        #expect(try await history.conversation(id: staying.id) == staying)
        #expect(try await history.check(now: moment()).isEmpty)
    }

    @Test("keeps a thumbnail as long as its picture") func thumbnails() async throws {
        let history = try directory.history()
        let shot = try history.media.store([1, 2], mediaType: "image/png", width: 1, height: 1)
        let now = Date().addingTimeInterval(20 * 86_400)
        let message = Message(
            role: .user, parts: [.attachment(picture(shot))], createdAt: now.addingTimeInterval(-9 * 86_400))
        try await history.save(Conversation(createdAt: now, messages: [message]))
        #expect(history.media.thumbnail(of: shot) == nil)

        try history.media.storeThumbnail([9], of: shot)
        try history.media.storeThumbnail([8, 8, 8], of: shot)
        #expect(history.media.thumbnail(of: shot) == [8, 8, 8])
        let path = try #require(history.media.thumbnailPath(of: shot))
        #expect(path.hasSuffix("/\(shot.sha256).thumbnail.jpg") && permissions(path) == 0o600)
        #expect(try await history.sweep(now: now, keepDays: 10) == Sweep(files: 0, bytes: 0))
        #expect(history.media.thumbnail(of: shot) != nil)
        #expect(try await history.check(now: now).isEmpty)

        // However late it was made.
        #expect(
            utimes(
                path,
                [timeval(tv_sec: Int(now.timeIntervalSince1970), tv_usec: 0)] + [
                    timeval(tv_sec: Int(now.timeIntervalSince1970), tv_usec: 0)
                ]) == 0)
        #expect(try await history.sweep(now: now, keepDays: 8) == Sweep(files: 1, bytes: 2))

        #expect(PrivateFile.status(path) == nil)
        #expect(!history.media.keeps(shot))
        try history.media.storeThumbnail([7], of: shot)
        #expect(PrivateFile.status(path) == nil)
    }

    @Test("removes a thumbnail whose picture is gone") func strayThumbnail() async throws {
        let history = try directory.history()
        let shot = try history.media.store([1, 2], mediaType: "image/png", width: 1, height: 1)
        try await history.save(
            Conversation(createdAt: moment(), messages: [question("q", attachments: [picture(shot)])]))
        try history.media.storeThumbnail([9], of: shot)
        unlink(try #require(history.media.path(of: shot)))

        #expect(
            try await history.sweep(now: Date().addingTimeInterval(90_000), keepDays: 0) == Sweep(files: 1, bytes: 1))

        #expect(history.media.thumbnail(of: shot) == nil)
    }

    @Test("keeps the titles of windows, the time to read a question, and marks with the rest") func everything()
        async throws
    {
        let history = try directory.history()
        var shown = picture(try history.media.store([1], mediaType: "image/png", width: 1, height: 1))
        shown.windowTitle = "Firefox"
        var reply = answer("a")
        reply.usage = Usage(promptTokens: 1, completionTokens: 2, prefillSeconds: 0.5)
        reply.mark = Mark(.good)
        let chat = Conversation(createdAt: moment(), messages: [question("q", attachments: [shown]), reply])

        try await history.save(chat)

        #expect(try await history.conversation(id: chat.id) == chat)
    }
}
