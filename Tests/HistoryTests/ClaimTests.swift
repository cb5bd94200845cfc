import Conversation
import Foundation
import History
import Testing

@Suite("Claims")
struct ClaimTests {
    @Test("a chat is claimed by one history at a time, until it claims another or ends")
    func claims() throws {
        let folder = NSTemporaryDirectory() + "scry-claims-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func open() throws -> History {
            try History(path: folder + "/history.sqlite", media: MediaStore(directory: folder + "/media"))
        }
        let first = try open()
        var second: History? = try open()
        #expect(first.claim("a"))
        #expect(first.claim("a"))
        #expect(second?.claim("a") == false)
        #expect(second?.claim("b") == true)
        #expect(!first.claim("b"))
        // Having failed, it holds nothing any more.
        #expect(second?.claim("a") == true)
        #expect(first.claim("b"))
        #expect(!first.claim("a"))
        second = nil
        #expect(first.claim("a"))
    }

    @Test("a history in memory has nobody to share with")
    func memory() throws {
        let media = MediaStore(directory: NSTemporaryDirectory() + "scry-claims-media")
        let (one, other) = (try History(inMemoryWith: media), try History(inMemoryWith: media))
        #expect(one.claim("a") && other.claim("a"))
    }
}
