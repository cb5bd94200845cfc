import TOMLKit

/// A TOML text of which the lines that are no TOML were left out, so that one mistake does not undo all the rest.
struct TOMLDocument {
    /// A line that was left out, and why.
    struct Fault: Error, Equatable {
        let line: Int
        let reason: String
    }

    /// What could be read.
    let root: TOMLTable
    /// What was left out, in the order in which it was found.
    let faults: [Fault]

    /// How many mistakes are worth skipping one by one; after that the rest of the text is not read.
    private static let patience = 8

    /// Reads a text whose lines end in "\n".
    init(_ text: String) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var faults: [Fault] = []
        while true {
            switch Self.parse(lines) {
            case .success(let table):
                root = table
                self.faults = faults
                return
            case .failure(let fault):
                let index = Self.culprit(of: fault, in: lines)
                if faults.count < Self.patience {
                    faults.append(Fault(line: index + 1, reason: fault.reason))
                    Self.leaveOut(index, of: &lines)
                } else {
                    lines.removeSubrange(index...)
                }
            }
        }
    }

    // MARK: - Private

    private static func parse(_ lines: some Collection<Substring>) -> Result<TOMLTable, Fault> {
        let text = lines.joined(separator: "\n")
        if let fault = TOMLGuard.fault(in: text) { return .failure(fault) }
        do {
            return .success(try TOMLTable(string: text))
        } catch let error as TOMLParseError {
            return .failure(Fault(line: error.source.begin.line, reason: error.description))
        } catch {
            return .failure(Fault(line: 1, reason: "\(error)"))
        }
    }

    /// The line to leave out: never an empty one, so that each takes the text nearer to one that can be read.
    private static func culprit(of fault: Fault, in lines: [Substring]) -> Int {
        let last = lines.lastIndex { !$0.isEmpty } ?? 0
        let index = fault.line - 1
        let isInside = index < last && lines.indices.contains(index) && !lines[index].isEmpty
        if isInside, !startsTable(lines[index]) { return index }
        // At the end of the text, or at the next table, the parser misses what was opened somewhere and never closed: that
        // is on the line after the longest beginning that it can read.
        var count = isInside ? index : last
        while count > 0, case .failure = parse(lines.prefix(count)) { count -= 1 }
        return lines[count...].firstIndex { !$0.isEmpty } ?? last
    }

    /// Empties a line; the numbers of the others stay.
    private static func leaveOut(_ index: Int, of lines: inout [Substring]) {
        let isHeader = startsTable(lines[index])
        lines[index] = ""
        guard isHeader else { return }
        // Without its header, what follows would be read as a part of the table before.
        for following in lines.indices.dropFirst(index + 1) {
            if startsTable(lines[following]) { break }
            lines[following] = ""
        }
    }

    private static func startsTable(_ line: Substring) -> Bool {
        line.first { $0 != " " && $0 != "\t" } == "["
    }
}
