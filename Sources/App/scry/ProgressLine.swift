import Synchronization

/// Shows on standard error what is being fetched or started: a bar on a terminal, a line a step elsewhere.
final class ProgressLine: Sendable {
    private let last = Mutex<(step: String, percent: Int)?>(nil)

    /// Shows how far a step is; the fraction is 0…1, or nil when it is not known.
    func show(_ step: String, fraction: Double?) {
        let percent = fraction.map { Int($0 * 100) } ?? -1
        let (isNew, isNewStep) = last.withLock { last in
            defer { last = (step, percent) }
            return (last?.step != step || last?.percent != percent, last?.step != step)
        }
        if Standard.errorIsTerminal {
            guard isNew else { return }
            Standard.error("\r\u{1B}[K\(step)\(Self.bar(percent))")
        } else if isNewStep {
            Standard.error("\(step) …\n")
        }
    }

    /// Takes the bar away again.
    func clear() {
        let wasShown = last.withLock { last in
            defer { last = nil }
            return last != nil
        }
        if wasShown && Standard.errorIsTerminal { Standard.error("\r\u{1B}[K") }
    }

    private static func bar(_ percent: Int) -> String {
        guard percent >= 0 else { return " …" }
        let filled = min(20, percent / 5)
        return " ▕" + String(repeating: "█", count: filled) + String(repeating: " ", count: 20 - filled)
            + "▏ \(percent) %"
    }
}
