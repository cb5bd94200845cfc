import Conversation
import FoundationEssentials
import Glibc
import History

/// Measures what a person waits for in a large history, and prints a table; it never judges.
struct Measuring {
    let directory: String

    func run() async throws {
        let (history, opened) = try await timed {
            try History(path: directory + "/history.sqlite", media: MediaStore(directory: directory + "/media"))
        }
        let size = try await history.size()
        let megabyte = 1 << 20
        print("  history: \(size.messages) messages, \(size.conversations) chats, \(size.mediaFiles) pictures")
        row("database", "\(size.databaseBytes / megabyte) MB")
        row("opening the history", opened)
        row("first page of chats", try await median { _ = try await history.conversations(limit: 50) })
        var last: ChatSummary?
        let (pages, all) = try await timed {
            var pages = 0
            while true {
                let page = try await history.conversations(limit: 50, after: last)
                if page.isEmpty { return pages }
                (last, pages) = (page.last, pages + 1)
            }
        }
        row("a page of chats, mean of \(pages)", all / max(1, pages))
        let chats = try await history.conversations(limit: 100_000)
        if let longest = chats.max(by: { $0.messageCount < $1.messageCount }) {
            row(
                "opening the longest chat (\(longest.messageCount))",
                try await median { _ = try await history.conversation(id: longest.id) })
            row("its variants", try await median { _ = try await history.variants(in: longest.id) })
        }
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        for query in [
            "the", "t", "er", "error window", "screen file not the", "屏", "屏幕", "屏幕截图", "的", "zzzz", "nowhere",
        ] {
            let count = try await history.search(query, isTyping: true, now: now).count
            row(
                "search \(query) (\(count) shown)",
                try await median { _ = try await history.search(query, isTyping: true, now: now) })
        }
        row("most memory so far", "\(Self.peak / 1024) MB")
        let (_, checked) = try await timed { try await history.check(now: now) }
        row("integrity check", checked)
    }

    // MARK: - Private

    private func timed<Value>(_ work: () async throws -> Value) async rethrows -> (Value, Duration) {
        let start = ContinuousClock.now
        let value = try await work()
        return (value, ContinuousClock.now - start)
    }

    private func median(_ work: () async throws -> Void) async rethrows -> Duration {
        var times: [Duration] = []
        for _ in 0..<7 { times.append(try await timed(work).1) }
        return times.sorted()[3]
    }

    private func row(_ what: String, _ time: Duration) {
        let tenths = Int(time / .microseconds(100))
        row(what, "\(tenths / 10).\(tenths % 10) ms")
    }

    private func row(_ what: String, _ figure: String) {
        print("  " + what + String(repeating: " ", count: max(1, 50 - what.count)) + figure)
    }

    /// The most memory that was resident, in kB.
    private static var peak: Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss
    }
}
