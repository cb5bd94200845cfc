import Conversation
import FoundationEssentials
import History
import TestSupport

/// A history as somebody has after years: made up, the same for the same seed.
struct Corpus {
    let messages: Int
    let pictures: Int
    let seed: UInt64

    /// Makes the history; a third of it is Chinese.
    func make(in directory: String) async throws {
        var random = SeededRandom(seed: seed)
        let history = try History(
            path: directory + "/history.sqlite", media: MediaStore(directory: directory + "/media"))
        var (said, shown, number) = (0, 0, 0)
        let start = Date(timeIntervalSince1970: 1_700_000_000)
        while said < messages {
            // Most chats are short; one has 5,000 messages.
            let length =
                number == 3 ? min(5000, messages / 2) : min(messages - said, Int.random(in: 2...120, using: &random))
            var chat = Conversation(
                title: Self.text(5, isChinese: number.isMultiple(of: 3), &random),
                createdAt: start.addingTimeInterval(Double(said) * 600))
            for index in 0..<length {
                var parts: [Part] = []
                let isQuestion = index.isMultiple(of: 2)
                if isQuestion, shown * messages < said * pictures {
                    shown += 1
                    parts.append(try picture(shown, history.media, &random))
                }
                let isChinese = (number + index / 2).isMultiple(of: 3)
                if !isQuestion, index.isMultiple(of: 3) {
                    parts.append(.reasoning(Reasoning(text: Self.text(40, isChinese: isChinese, &random), seconds: 1)))
                }
                parts.append(.text(Self.text(isQuestion ? 15 : 70, isChinese: isChinese, &random)))
                chat.messages.append(
                    Message(
                        role: isQuestion ? .user : .assistant, parts: parts,
                        createdAt: start.addingTimeInterval(Double(said) * 600), engine: isQuestion ? nil : "lab",
                        model: isQuestion ? nil : "glm-4.5v",
                        usage: isQuestion ? nil : Usage(promptTokens: 900, completionTokens: 120)))
                said += 1
            }
            try await history.save(chat)
            number += 1
        }
    }

    private func picture(_ number: Int, _ media: MediaStore, _ random: inout SeededRandom) throws -> Part {
        let bytes = (0..<400).map { _ in UInt8.random(in: 0...255, using: &random) }
        let reference = try media.store(bytes, mediaType: "image/png", width: 1280, height: 720)
        return .attachment(
            Attachment(
                label: "screen", takenAt: Date(timeIntervalSince1970: 1_700_000_000), content: .picture(reference),
                recognizedText: [Self.text(60, isChinese: number.isMultiple(of: 4), &random)],
                windowTitle: Self.text(3, isChinese: false, &random)))
    }

    // MARK: - Words

    /// A text of made-up words, of which a few are frequent, as in every language.
    static func text(_ count: Int, isChinese: Bool, _ random: inout SeededRandom) -> String {
        var text = ""
        for index in 0..<count {
            if isChinese {
                text += chinese(&random) + (index % 9 == 8 ? "，" : "")
            } else {
                text += (index == 0 ? "" : " ") + word(&random)
            }
        }
        return text
    }

    private static let frequent = [
        "the", "of", "to", "a", "error", "window", "file", "is", "in", "and", "screen", "not",
    ]
    private static let frequentChinese = ["的", "屏幕", "截图", "错误", "窗口", "文件", "是", "了", "不", "在"]

    /// An English-looking word.
    static func word(_ random: inout SeededRandom) -> String {
        let rank = zipf(30_000, &random)
        if rank < frequent.count { return frequent[rank] }
        let (consonants, vowels) = (Array("bcdfghjklmnprstvwz"), Array("aeiou"))
        var (word, rest) = ("", rank &* 7919)
        for _ in 0..<(2 + rank % 3) {
            word.append(consonants[rest % consonants.count])
            word.append(vowels[rest / 18 % vowels.count])
            rest /= 7
        }
        return word + (rank % 5 == 0 ? "ing" : rank % 7 == 0 ? "er" : "")
    }

    private static func chinese(_ random: inout SeededRandom) -> String {
        let rank = zipf(20_000, &random)
        if rank < frequentChinese.count { return frequentChinese[rank] }
        var (word, rest) = ("", rank &* 104_729)
        for _ in 0..<(1 + rank % 3) {
            if let scalar = Unicode.Scalar(UInt32(0x4E00 + rest % 3500)) { word.unicodeScalars.append(scalar) }
            rest /= 31
        }
        return word
    }

    private static func zipf(_ count: Int, _ random: inout SeededRandom) -> Int {
        // The logarithm of the rank is spread evenly; bits are cheaper than a power.
        let bits = Double.random(in: 0..<1, using: &random)
        var (rank, step) = (1.0, 0.0)
        while step < bits * 100 { (rank, step) = (rank * 1.1085, step + 1) }
        return min(count - 1, Int(rank) - 1 + Int.random(in: 0...max(0, Int(rank) / 10), using: &random))
    }
}
