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

    /// How long something took, and how much of a processor: the one shows what a person waits for, the other stays the same
    /// on a machine that does something else besides.
    private struct Span: Comparable {
        var elapsed: Duration
        var processor: Duration

        static func < (one: Span, other: Span) -> Bool { one.elapsed < other.elapsed }

        static func / (span: Span, count: Int) -> Span {
            Span(elapsed: span.elapsed / count, processor: span.processor / count)
        }
    }

    private func timed<Value>(_ work: () async throws -> Value) async rethrows -> (Value, Span) {
        let (start, used) = (ContinuousClock.now, Self.processorTime)
        let value = try await work()
        return (value, Span(elapsed: ContinuousClock.now - start, processor: Self.processorTime - used))
    }

    private func median(_ work: () async throws -> Void) async rethrows -> Span {
        var times: [Span] = []
        for _ in 0..<7 { times.append(try await timed(work).1) }
        return Span(elapsed: times.sorted()[3].elapsed, processor: times.map(\.processor).sorted()[3])
    }

    private func row(_ what: String, _ span: Span) {
        row(what, "\(Self.milliseconds(span.elapsed)) ms, \(Self.milliseconds(span.processor)) ms of a processor")
    }

    private static func milliseconds(_ time: Duration) -> String {
        let tenths = Int(time / .microseconds(100))
        return "\(tenths / 10).\(tenths % 10)"
    }

    private func row(_ what: String, _ figure: String) {
        print("  " + what + String(repeating: " ", count: max(1, 50 - what.count)) + figure)
    }

    private static var processorTime: Duration {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return .seconds(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + .microseconds(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
    }

    /// The most memory that was resident, in kB.
    private static var peak: Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss
    }
}
