/// Reads the header "Retry-After": a number of seconds, or a date.
enum RetryAfter {
    /// How long to wait; nil for what makes no sense.
    ///
    /// - Parameter date: The server's own "Date", so that a wrong clock here does not count.
    static func duration(_ value: String?, date: String?) -> Duration? {
        guard let value = value?.trimmed else { return nil }
        if let seconds = Int(value) { return (0...86_400).contains(seconds) ? .seconds(seconds) : nil }
        guard let then = seconds(value), let now = date.flatMap(seconds) else { return nil }
        return (0...86_400).contains(then - now) ? .seconds(then - now) : nil
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// The seconds since 1970 of "Sun, 06 Nov 1994 08:49:37 GMT".
    private static func seconds(_ text: String) -> Int? {
        let words = text.trimmed.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", let day = Int(words[1]), (1...31).contains(day),
            let month = months.firstIndex(of: String(words[2])), let year = Int(words[3]), (1970...9999).contains(year)
        else { return nil }
        let time = words[4].split(separator: ":").compactMap { Int($0) }
        guard time.count == 3, time.allSatisfy({ (0...60).contains($0) }) else { return nil }
        // Years that begin in March have their odd day at the end.
        let (y, m) = month < 2 ? (year - 1, month + 10) : (year, month - 2)
        let days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719_468
        return ((days * 24 + time[0]) * 60 + time[1]) * 60 + time[2]
    }
}
