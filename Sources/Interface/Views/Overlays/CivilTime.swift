/// A moment on the calendar and the clock.
struct CivilTime: Equatable {
    var year: Int
    var month: Int
    var day: Int
    var hourOfDay: Int
    var minuteOfHour: Int

    /// Reads a moment.
    ///
    /// - Parameters:
    ///   - seconds: Seconds since the beginning of 1970, in Greenwich.
    ///   - offset: How many seconds the clock is ahead of Greenwich.
    init(seconds: Double, offset: Int) {
        // A day outside of these years is a mistake of whoever stored it.
        let bounded = seconds.isFinite ? min(max(seconds, -62_135_596_800), 253_402_300_799) : 0
        let whole = Int(bounded.rounded(.down)) + offset
        let second = ((whole % 86_400) + 86_400) % 86_400
        hourOfDay = second / 3_600
        minuteOfHour = second / 60 % 60
        // Days are counted from the first of March of year 0, so that the leap day is a year's last.
        let days = (whole - second) / 86_400 + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shifted + 2) / 5 + 1
        month = shifted < 10 ? shifted + 3 : shifted - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// "2026-11-22 21:40".
    var minute: String {
        "\(year)-\(Quantity.twoDigits(month))-\(Quantity.twoDigits(day))"
            + " \(Quantity.twoDigits(hourOfDay)):\(Quantity.twoDigits(minuteOfHour))"
    }
}
