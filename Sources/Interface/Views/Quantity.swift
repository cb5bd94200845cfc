/// Numbers as people read them.
enum Quantity {
    /// Tokens: "950", "1.2k", "128k", "1.5M".
    static func tokens(_ count: Int) -> String {
        switch count {
        case ..<1_000: String(max(0, count))
        case ..<9_950: tenths(count, of: 1_000) + "k"
        case ..<999_500: String((count + 500) / 1_000) + "k"
        default: tenths(count, of: 1_000_000) + "M"
        }
    }

    /// A number with its thousands apart: "1,240".
    static func grouped(_ count: Int) -> String {
        var digits = String(abs(count))
        var end = digits.count
        while end > 3 {
            end -= 3
            digits.insert(",", at: digits.index(digits.startIndex, offsetBy: end))
        }
        return (count < 0 ? "-" : "") + digits
    }

    /// The size of a context, which is mostly a round number of binary thousands: "8k", "128k".
    static func contextLength(_ count: Int) -> String {
        count >= 1_024 && count % 1_024 == 0 ? "\(count / 1_024)k" : tokens(count)
    }

    /// Bytes: "120 B", "12 kB", "2.4 MB", "1.1 GB".
    static func bytes(_ count: Int64) -> String {
        switch count {
        case ..<1_000: "\(max(0, count)) B"
        case ..<1_000_000: scaled(count, 1_000) + " kB"
        case ..<1_000_000_000: scaled(count, 1_000_000) + " MB"
        default: scaled(count, 1_000_000_000) + " GB"
        }
    }

    /// A time in whole seconds: "8 s", "2 min 5 s", "1 h 3 min".
    static func seconds(_ seconds: Double) -> String {
        let whole = bounded(seconds)
        if whole < 60 { return "\(whole) s" }
        if whole < 3_600 { return whole % 60 == 0 ? "\(whole / 60) min" : "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3_600) h \(whole / 60 % 60) min"
    }

    /// A time as a clock counts it: "00:07", "1:02:03".
    static func clock(_ seconds: Double) -> String {
        let whole = bounded(seconds)
        let rest = "\(twoDigits(whole / 60 % 60)):\(twoDigits(whole % 60))"
        return whole < 3_600 ? rest : "\(whole / 3_600):\(rest)"
    }

    /// A moment of a recording: "0.0 s", "12.5 s", "2:05".
    static func moment(_ seconds: Double) -> String {
        seconds < 60 ? tenths(max(0, seconds)) + " s" : clock(seconds)
    }

    /// One place behind the point: "10.0".
    static func tenths(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e12 else { return "?" }
        let tenths = Int((value * 10).rounded())
        return "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }

    /// At least two digits.
    static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }

    private static func tenths(_ count: Int, of unit: Int) -> String {
        let tenths = (count + unit / 20) / (unit / 10)
        return tenths % 10 == 0 ? String(tenths / 10) : "\(tenths / 10).\(tenths % 10)"
    }

    private static func scaled(_ count: Int64, _ unit: Int64) -> String {
        count < 10 * unit ? tenths(Int(count), of: Int(unit)) : String(count / unit)
    }

    // What comes from outside may be no number, or far away.
    private static func bounded(_ seconds: Double) -> Int {
        seconds.isFinite ? Int(min(max(0, seconds), 1e9)) : 0
    }
}
