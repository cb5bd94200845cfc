import FoundationEssentials
import Glibc

/// Which program was started by which.
enum ProcessTree {
    /// A process, the one that started it, and so on, up to the first of all.
    static func ancestors(of process: Int32) -> [Int32] {
        var all: [Int32] = []
        var next = process
        while next > 1, all.count < 64, !all.contains(next) {
            all.append(next)
            next = parent(of: next) ?? 0
        }
        return all
    }

    private static func parent(of process: Int32) -> Int32? {
        guard let data = FileManager.default.contents(atPath: "/proc/\(process)/stat") else { return nil }
        // "12 (a name (with anything)) S 7 …": the name ends with the last parenthesis.
        let text = String(decoding: data, as: UTF8.self)
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return fields.count > 1 ? Int32(fields[1]) : nil
    }
}
