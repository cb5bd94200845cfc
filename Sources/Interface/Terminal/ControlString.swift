import Cells

/// A string that programs send and people do not (`ESC ] … BEL`), as it arrives, and what it means when it comes from a
/// terminal.
struct ControlString: Sendable {
    enum Progress {
        case more, complete, interrupted, cancelled
    }

    /// The character after the escape, which says what kind of string it is.
    let introducer: UInt8
    private(set) var isEmpty = true
    /// Its first bytes.
    private(set) var bytes: [UInt8] = []
    private var endsNext = false

    // Longer than what is understood; the rest is read to its end and thrown away.
    private static let limit = 128

    init(introducer: UInt8) { self.introducer = introducer }

    mutating func append(_ byte: UInt8) -> Progress {
        isEmpty = false
        switch byte {
        case 0x07: return .complete
        case 0x18, 0x1A: return .cancelled
        case 0x1B:
            endsNext = true
            return .more
        case UInt8(ascii: "\\") where endsNext: return .complete
        case _ where endsNext: return .interrupted
        default:
            if bytes.count <= Self.limit { bytes.append(byte) }
            return .more
        }
    }

    /// What it tells; `nil` for what nobody asked for.
    var event: TerminalEvent? {
        guard introducer == UInt8(ascii: "]"), bytes.count <= Self.limit else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.hasPrefix("11;") else { return nil }
        return RGB(report: text.dropFirst(3)).map { .background($0) }
    }
}

extension RGB {
    /// Reads a colour as X servers write it: `rgb:RR/GG/BB` with one to four digits each, `rgba:` with a fourth part.
    init?(report: some StringProtocol) {
        guard let colon = report.firstIndex(of: ":"), ["rgb", "rgba"].contains(String(report[..<colon])) else {
            return nil
        }
        let parts = report[report.index(after: colon)...].split(separator: "/", omittingEmptySubsequences: false)
        let values = parts.compactMap { part -> UInt8? in
            guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy({ $0 != UInt8(ascii: "+") }),
                let value = UInt32(part, radix: 16)
            else { return nil }
            let most = (UInt32(1) << (4 * UInt32(part.utf8.count))) - 1
            return UInt8((value * 255 + most / 2) / most)
        }
        guard values.count == parts.count, (3...4).contains(values.count) else { return nil }
        self.init(values[0], values[1], values[2])
    }
}
