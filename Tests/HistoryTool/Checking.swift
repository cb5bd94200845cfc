import Conversation
import FoundationEssentials
import History

/// Says what is wrong with a history, and everything that is in it.
struct Checking {
    let directory: String

    func run() async throws {
        let history = try History(
            path: directory + "/history.sqlite", media: MediaStore(directory: directory + "/media"))
        for finding in try await history.check(now: Date()) { print("finding \(finding)") }
        for chat in try await history.conversations(limit: 10_000) {
            for one in try await history.tree(of: chat.id) {
                let text = one.message.text.split(whereSeparator: \.isNewline).joined(separator: " ")
                print("\(one.message.role.rawValue) \(one.message.outcome): \(text)")
            }
        }
    }
}
