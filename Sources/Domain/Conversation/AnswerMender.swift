/// Takes out of a finished answer what is said twice.
///
/// Small models, and GLM at the end of long thoughts, give the whole answer twice, or close with a paragraph or a short answer
/// that stands there already. Blocks of code, lists and tables are never touched.
public enum AnswerMender {
    /// The answer without its repeated end; the same answer when nothing is repeated.
    public static func folded(_ answer: String) -> String {
        var blocks = blocks(of: answer)
        // What was said twice may be said a third time.
        while let fewer = foldedOnce(blocks) { blocks = fewer }
        guard let last = blocks.last, last.end < answer.endIndex else { return answer }
        return blocks.count == self.blocks(of: answer).count ? answer : String(answer[..<last.end])
    }

    /// A paragraph, or a whole block of code.
    private struct Block {
        var text: Substring
        var end: String.Index { text.endIndex }
        var isPlain: Bool
        /// What it says, without emphasis, blanks and the words that announce an answer.
        var meaning: String
    }

    private static func foldedOnce(_ blocks: [Block]) -> [Block]? {
        guard blocks.count >= 2, let last = blocks.last else { return nil }
        // All of it, twice.
        if blocks.count % 2 == 0 {
            let half = blocks.count / 2
            let isTwice = zip(blocks[..<half], blocks[half...]).allSatisfy { $0.meaning == $1.meaning }
            let length = blocks[..<half].reduce(0) { $0 + $1.meaning.count }
            if isTwice, half > 1 ? length >= 20 : last.isPlain && length > 0 { return Array(blocks[..<half]) }
        }
        guard last.isPlain, !last.meaning.isEmpty else { return nil }
        let before = blocks.dropLast()
        if last.meaning.count >= 40, before.contains(where: { $0.isPlain && $0.meaning == last.meaning }) {
            return Array(before)
        }
        guard let previous = before.last, previous.isPlain else { return nil }
        if last.meaning == previous.meaning { return Array(before) }
        // A short answer of its own that the paragraph before ends with.
        if let box = short(last.text), says(previous.text, box) { return Array(before) }
        return nil
    }

    /// The inside of a paragraph that is one bold phrase.
    private static func short(_ text: Substring) -> String? {
        let words = text.trimmedBlanks
        guard words.hasPrefix("**"), words.hasSuffix("**"), words.count > 4, words.count <= 124 else { return nil }
        let inside = words.dropFirst(2).dropLast(2)
        // Two bold phrases with words between them are a sentence.
        return inside.contains("*") || inside.contains("\n") || inside.hasSuffix(":") ? nil : String(inside)
    }

    private static func says(_ text: Substring, _ box: String) -> Bool {
        if text.contains("**\(box)**") { return true }
        var end = text.trimmedBlanks
        while let last = end.last, ".!。！*".contains(last) { end = end.dropLast() }
        guard end.hasSuffix(box) else { return false }
        // The end of a longer word or number is another one.
        guard let before = end.dropLast(box.count).last, let first = box.first else { return true }
        return !((before.isLetter || before.isNumber) && first.isASCII) && before != "." && before != "-"
    }

    private static func blocks(of answer: String) -> [Block] {
        var blocks: [Block] = []
        var start: String.Index?
        var isCode = false
        var end = answer.startIndex
        func close(_ blocks: inout [Block]) {
            guard let from = start else { return }
            let text = answer[from..<end]
            let isPlain = !text.split(separator: "\n").contains { isStructure($0) }
            blocks.append(Block(text: text, isPlain: isPlain, meaning: isPlain ? meaning(of: text) : String(text)))
            start = nil
        }
        for line in answer.split(separator: "\n", omittingEmptySubsequences: false) {
            let isFence = line.trimmedBlanks.hasPrefix("```") || line.trimmedBlanks.hasPrefix("~~~")
            if isFence { isCode.toggle() }
            if !isCode, !isFence, line.allSatisfy(\.isWhitespace) {
                close(&blocks)
                continue
            }
            if start == nil { start = line.startIndex }
            end = line.endIndex
        }
        close(&blocks)
        return blocks
    }

    private static func isStructure(_ line: Substring) -> Bool {
        let words = line.trimmedBlanks
        if words.hasPrefix("```") || words.hasPrefix("~~~") || words.hasPrefix("|") || words.hasPrefix("#") {
            return true
        }
        if line.hasPrefix("    ") || line.hasPrefix("\t") { return true }
        if words.hasPrefix("- ") || words.hasPrefix("* ") || words.hasPrefix("+ ") { return true }
        let digits = words.prefix { $0.isASCII && $0.isNumber }
        return !digits.isEmpty && (words.dropFirst(digits.count).first.map { ".)".contains($0) } ?? false)
    }

    private static func meaning(of text: Substring) -> String {
        var words = ""
        for character in text where !"*_`".contains(character) {
            if character.isWhitespace {
                if !words.isEmpty, words.last != " " { words.append(" ") }
            } else {
                words.append(character)
            }
        }
        words = words.lowercased()
        for announcement in ["the final answer is", "final answer", "the answer is", "answer", "最终答案", "答案"]
        where words.hasPrefix(announcement) {
            var rest = words.dropFirst(announcement.count)
            let isAnnounced = rest.first.map { ":： ".contains($0) || announcement.hasPrefix("the") } ?? false
            while let first = rest.first, ":： ".contains(first) { rest = rest.dropFirst() }
            if isAnnounced, !rest.isEmpty { words = String(rest) }
            break
        }
        while let last = words.last, ".!。！ ".contains(last) { words.removeLast() }
        return words
    }
}

extension Substring {
    /// Without blanks at either end.
    fileprivate var trimmedBlanks: Substring {
        var text = self
        while let first = text.first, first.isWhitespace { text = text.dropFirst() }
        while let last = text.last, last.isWhitespace { text = text.dropLast() }
        return text
    }
}
