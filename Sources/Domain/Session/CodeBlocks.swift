/// The blocks of code in a text, found by their fences.
struct CodeBlocks {
    /// The code of each block, without its fences, in order.
    private(set) var blocks: [String] = []

    init(in text: String) {
        var fence: Substring?
        var indent = 0
        var code: [Substring] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let words = line.drop { $0 == " " }
            let marks = words.prefix { $0 == words.first }
            let isFence = marks.count >= 3 && (marks.first == "`" || marks.first == "~")
            if let open = fence {
                if isFence, marks.first == open.first, marks.count >= open.count, words.allSatisfy({ $0 == open.first })
                {
                    blocks.append(code.joined(separator: "\n"))
                    fence = nil
                } else {
                    code.append(line.dropFirst(min(indent, line.count - words.count)))
                }
            } else if isFence, marks.first == "~" || !words.dropFirst(marks.count).contains("`") {
                fence = marks
                indent = line.count - words.count
                code = []
            }
        }
        // An answer that was stopped in the middle of its code has code all the same.
        if fence != nil, !code.isEmpty { blocks.append(code.joined(separator: "\n")) }
    }
}
