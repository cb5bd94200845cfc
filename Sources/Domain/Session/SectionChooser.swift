import Conversation
import Evidence

/// Finds the stretches of a recording that a question is about, by what was told of them.
enum SectionChooser {
    /// Stretches that are shown at most.
    private static let most = 2
    /// What has less to do with the question than this shares only words that are everywhere.
    private static let leastScore = 0.6

    /// The indices of the stretches that a question names by a time ("02:13"), or else that share its rare words most; in
    /// order of time, and none where none has to do with it.
    static func choose(among sections: [RecordingSection], for question: String) -> [Int] {
        let named = times(in: question).compactMap { time in
            sections.lastIndex { $0.start <= time && time < $0.end + 1 }
        }
        if !named.isEmpty { return Array(Set(named)).sorted().suffix(most) }
        let scores = TextRelevance.scores(of: sections.map(\.text), for: question)
        let best = scores.max() ?? 0
        guard best >= leastScore else { return [] }
        return sections.indices.filter { scores[$0] >= max(leastScore, best / 2) }
            .sorted { (scores[$0], $1) > (scores[$1], $0) }.prefix(most).sorted()
    }

    /// The times that a text names, in seconds: "at 2:13", "[1:02:13]".
    static func times(in text: String) -> [Double] {
        text.matches(of: /\b(?:(\d{1,3}):)?(\d{1,3}):([0-5]\d)\b/).compactMap { match in
            guard let minutes = Double(match.2), let seconds = Double(match.3) else { return nil }
            return (match.1.flatMap { Double($0) } ?? 0) * 3600 + minutes * 60 + seconds
        }
    }
}
