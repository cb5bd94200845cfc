import Conversation

/// The words of training data, in the form that the models were trained in.
enum TrainingText {
    /// An answer with its thoughts.
    static func answer(_ message: Message, corrected: String?, _ form: TrainingSet.Form) -> String {
        let thoughts = corrected == nil ? (message.reasoning?.text ?? "").trimmed : ""
        // Box tokens stay: the models write them themselves. Placeholders would be counted as pictures.
        let answer = withoutPlaceholders((corrected ?? message.text).trimmed)
        let thinking = "<think>\n\(withoutPlaceholders(thoughts))</think>\n"
        switch form {
        case .glm41v: return thinking + "<answer>\(answer)</answer>"
        // The template gives an answer without thoughts its empty ones.
        case .glm45v: return thoughts.isEmpty ? answer : thinking + answer
        }
    }

    static func document(_ text: String, label: String) -> String {
        let name = neutralized(String(label.prefix(120))).replacing("\"", with: "'")
        return "Attached text \"\(name)\":\n\n\(neutralized(text))\n\nEnd of the attached text \"\(name)\"."
    }

    /// A time as "00:03.2".
    static func clock(_ seconds: Double) -> String {
        let tenths = seconds.isFinite ? Int((min(max(seconds, 0), 1e9) * 10).rounded()) : 0
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let minutes = two(tenths / 600 % 60) + ":" + two(tenths / 10 % 60) + ".\(tenths % 10)"
        return tenths >= 36_000 ? "\(tenths / 36_000):\(minutes)" : minutes
    }

    /// A person's words, in which no mark of the template or the data set means anything.
    ///
    /// An invisible space of no width breaks each mark after its first character, just as it does when the words are sent.
    static func neutralized(_ text: String) -> String { broken(text, marks + placeholders) }

    private static func withoutPlaceholders(_ text: String) -> String {
        broken(text, placeholders + ["<think>", "</think>", "<answer>", "</answer>"])
    }

    private static let placeholders = ["<image>", "<video>", "<audio>"]
    private static let marks = [
        "<think>", "</think>", "<answer>", "</answer>", "<sop>", "<eop>", "[gMASK]", "<|",
    ]

    /// Works on bytes: to a loader that counts them, a mark that a combining character follows is a mark as well.
    private static func broken(_ text: String, _ marks: [String]) -> String {
        let bytes = Array(text.utf8)
        guard bytes.contains(UInt8(ascii: "<")) || bytes.contains(UInt8(ascii: "[")) else { return text }
        let marks = marks.map { Array($0.utf8) }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + 32)
        for (index, byte) in bytes.enumerated() {
            result.append(byte)
            guard byte == UInt8(ascii: "<") || byte == UInt8(ascii: "[") else { continue }
            if marks.contains(where: { bytes[index...].starts(with: $0) }) { result += Array("\u{200B}".utf8) }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

extension String {
    /// How often a text of ASCII is in this one, byte for byte.
    func count(of mark: String) -> Int {
        let (bytes, mark) = (Array(utf8), Array(mark.utf8))
        guard let first = mark.first else { return 0 }
        return bytes.indices.count { bytes[$0] == first && bytes[$0...].starts(with: mark) }
    }

    var trimmed: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
