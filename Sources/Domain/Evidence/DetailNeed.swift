/// What a question needs of a picture, as far as its words tell.
public enum DetailNeed: Sendable, Equatable {
    /// What the picture shows, at a glance.
    case overview
    /// Its small print.
    case reading
    /// How it differs from the picture before.
    case comparing

    /// Judges by words of English, German and Chinese; what asks for nothing in particular needs an overview.
    public init(question: String) {
        let question = question.lowercased()
        let words = Set(question.split { !$0.isLetter }.map(String.init))
        let chinese = { (list: [String]) in list.contains { question.contains($0) } }
        let isTime = ["since", "before", "previous", "last", "between", "earlier", "two", "both", "zwischen", "seit"]
            .contains(
                where: words.contains)
        if !words.isDisjoint(with: Self.wordsOfComparing) && (isTime || words.contains("what") || words.count <= 3)
            || chinese(Self.chineseOfComparing)
        {
            self = .comparing
        } else if !words.isDisjoint(with: Self.wordsOfReading) || chinese(Self.chineseOfReading) {
            self = .reading
        } else {
            self = .overview
        }
    }

    private static let wordsOfComparing: Set<String> = [
        "changed", "change", "changes", "differs", "differ", "different", "difference", "differences", "compare",
        "compared",
        "geändert", "verändert", "unterschied", "unterschiede", "vergleiche",
    ]
    private static let chineseOfComparing = ["变化", "变了", "不同", "区别", "对比", "比较"]
    private static let wordsOfReading: Set<String> = [
        "read", "text", "texts", "says", "say", "said", "written", "write", "word", "words", "error", "errors",
        "message",
        "messages", "warning", "log", "logs", "line", "lines", "code", "where", "find", "value", "values", "number",
        "numbers",
        "name", "names", "label", "labels", "transcribe", "translate", "quote", "copy", "ocr", "table", "column", "row",
        "version", "url", "address", "spell", "typo", "lies", "lese", "steht", "wo", "fehler", "zeile", "übersetze",
        "zahl",
    ]
    private static let chineseOfReading = ["读", "文字", "写", "错误", "哪", "翻译", "内容", "数字", "代码", "报错", "字"]
}
