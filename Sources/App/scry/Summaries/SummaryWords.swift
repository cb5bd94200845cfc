/// What the engine is asked for when it tells of a recording.
struct SummaryWords: Sendable {
    /// The recording's length in seconds.
    let seconds: Double
    /// About how many words the summary has.
    let length: Int
    /// What the person wants to know above all; empty for nothing in particular.
    let interest: String

    /// What is asked of a part.
    func part(_ index: Int, of parts: [SummaryDraft.Part]) -> String {
        let part = parts[index]
        var words =
            "This is part \(index + 1) of \(parts.count) of a recording of a screen: from "
            + "[\(ClockTime.text(part.start))] to [\(ClockTime.text(part.end))] of [\(ClockTime.text(seconds))]. Say what "
            + "happens in it. Write a line for each event, in order, and begin the line with its time in brackets, as "
            + "[\(ClockTime.text(part.start))]. Quote what matters of the text on the screen: names, commands, numbers, "
            + "errors. Write nothing else."
        if !interest.isEmpty { words += " Above all this matters: \(interest)" }
        if index > 0, let before = Timeline([parts[index - 1]]).events.last {
            words += "\n\nJust before it: \(before.event.prefix(300))"
        }
        return words
    }

    /// What is asked when a timeline is too long for one question.
    func shortening(_ timeline: String) -> String {
        "These are events in a recording of a screen, each with its time:\n\n\(timeline)\n\nMerge what belongs together, so "
            + "that a third as many lines are left. Keep the times in brackets at the beginning of the lines. Write "
            + "nothing else."
    }

    /// What is asked in the end.
    func summary(of timeline: String) -> String {
        var words =
            "This happened in a recording of a screen, [\(ClockTime.text(seconds))] long:\n\n\(timeline)\n\nWrite a summary in "
            + "about \(length) words: what was done, how it ended, and what stood out. Where you name an event, give its "
            + "time in brackets, as above."
        if !interest.isEmpty { words += " Above all this matters: \(interest)" }
        return words
    }
}
