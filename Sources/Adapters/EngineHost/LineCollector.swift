import Synchronization

/// Keeps the last lines that a child process printed.
final class LineCollector: Sendable {
    private let kept = Mutex<[String]>([])
    private let limit: Int

    init(limit: Int = 1000) { self.limit = limit }

    func add(_ line: String) {
        kept.withLock { lines in
            if lines.count >= limit { lines.removeFirst(limit / 2 + 1) }
            lines.append(line)
        }
    }

    var lines: [String] { kept.withLock { $0 } }

    /// The last line with something on it that is not a hint of the tool about itself.
    var complaint: String? {
        let lines = lines.filter {
            !$0.allSatisfy(\.isWhitespace) && !$0.hasPrefix("[notice]") && !$0.hasPrefix("WARNING:")
        }
        return lines.last { $0.hasPrefix("ERROR:") }.map { String($0.dropFirst(6).drop { $0 == " " }) } ?? lines.last
    }
}
