/// Pages that a person names behind a file: "report.pdf#3-7,12".
public struct PageRange: Sendable, Equatable {
    private var parts: [ClosedRange<Int>]

    /// Reads "3", "3-7", "-4" (to the fourth), "10-" (from the tenth), and several of them with commas between; nil for
    /// anything else.
    public init?(_ text: some StringProtocol) {
        var parts: [ClosedRange<Int>] = []
        for piece in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = piece.split(separator: "-", omittingEmptySubsequences: false)
            guard (1...2).contains(ends.count), ends.contains(where: { !$0.isEmpty }) else { return nil }
            let numbers = ends.map { $0.allSatisfy(\.isASCII) && $0.allSatisfy(\.isNumber) ? Int($0) : nil }
            for (end, number) in zip(ends, numbers) where !end.isEmpty && (number ?? 0) < 1 { return nil }
            let first = numbers[0] ?? 1
            let last = ends.count == 1 ? first : numbers[1] ?? .max
            guard first <= last else { return nil }
            parts.append(first...last)
        }
        self.parts = parts
    }

    /// Divides "report.pdf#3-7" into the file and the pages; nil where no pages are named.
    public static func divide(_ path: String) -> (file: String, pages: PageRange)? {
        guard let mark = path.lastIndex(of: "#"), mark != path.startIndex,
            let pages = PageRange(path[path.index(after: mark)...])
        else { return nil }
        return (String(path[..<mark]), pages)
    }

    /// The pages of a document with so many that are in the range, in their order.
    public func pages(of count: Int) -> [Int] {
        guard count > 0 else { return [] }
        var wanted: Set<Int> = []
        for part in parts where part.lowerBound <= count {
            wanted.formUnion(part.lowerBound...min(count, part.upperBound))
        }
        return wanted.sorted()
    }
}
