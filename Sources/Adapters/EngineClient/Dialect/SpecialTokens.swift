/// The marks of chat templates that must not be read as such where a person, a document or a picture says them.
enum SpecialTokens {
    /// Breaks every mark with an invisible space of no width after its first character.
    ///
    /// An engine turns `<|user|>` in a text into the token that begins a person's turn, so that a document, or the text on a
    /// screen, could speak in the person's name, or name a picture that is not there.
    static func neutralize(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "<")) || text.utf8.contains(UInt8(ascii: "[")) else { return text }
        var result = ""
        var rest = text[...]
        while let start = rest.firstIndex(where: { $0 == "<" || $0 == "[" }) {
            result += rest[...start]
            let after = rest.index(after: start)
            if beginsMark(rest[start...]) { result.append("\u{200B}") }
            rest = rest[after...]
        }
        return result + rest
    }

    private static func beginsMark(_ text: Substring) -> Bool {
        let head = text.prefix(48)
        if fixed.contains(where: { head.hasPrefix($0) }) { return true }
        // "<|name|>", with the full-width bars of DeepSeek too.
        let inside = head.dropFirst()
        guard let bar = inside.first, bar == "|" || bar == "｜" else { return false }
        let name = inside.dropFirst().prefix { $0 != "|" && $0 != "｜" }
        guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || "_-▁".contains($0) }) else { return false }
        return inside.dropFirst(1 + name.count).first.map { $0 == bar } ?? false
            && inside.dropFirst(2 + name.count).first == ">"
    }

    private static let fixed = [
        "<think>", "</think>", "<__media", "<sop>", "<eop>", "[gMASK]", "<start_of_turn>", "<end_of_turn>", "<bos>",
        "<eos>", "<image>", "<video>", "<start_of_image>", "[INST]", "[/INST]", "[IMG]",
    ]
}
