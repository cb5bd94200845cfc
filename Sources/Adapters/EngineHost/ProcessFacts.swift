import Foundation
import Glibc

/// What the kernel says of a process.
///
/// A process number alone says little: once its process has ended, another may get it. Number and start together name one
/// process for as long as the machine runs.
struct ProcessFacts: Sendable, Equatable {
    /// When it started, in clock ticks since the machine did.
    var start: UInt64
    /// The memory that it holds, in bytes.
    var residentBytes: Int

    /// Reads a process; nil where there is none, or where it has ended and was only not collected yet.
    init?(of process: Int32) {
        guard process > 0, let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else {
            return nil
        }
        self.init(stat: text, pageSize: sysconf(Int32(_SC_PAGESIZE)))
    }

    /// Reads a line of /proc/PID/stat: the name in it may hold spaces and parentheses.
    init?(stat: String, pageSize: Int) {
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 21, fields[0] != "Z", fields[0] != "X", let start = UInt64(fields[19]),
            let pages = Int(fields[21])
        else { return nil }
        self.start = start
        residentBytes = pages.multipliedReportingOverflow(by: pageSize).partialValue
    }

    /// Whether a process is the one that started then.
    static func isSame(_ process: Int32?, startedAt start: UInt64?) -> Bool {
        guard let process, let start else { return false }
        return ProcessFacts(of: process)?.start == start
    }
}
