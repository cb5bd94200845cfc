/// Puts a fence around a web page that an engine wrote without one, while it arrives.
///
/// A page begins with a line that starts with `<!DOCTYPE`, `<html` or an element that lays out a page, outside of code, and
/// ends with that element; what follows is prose again. Where the page has its line breaks written as `\n`, as in a string
/// of a program, they become line breaks; a page with real ones is left as it is. At most a tag, and the first 400 bytes of
/// a page, are held back.
public struct MarkupFence: Sendable {
    private enum State: Sendable, Equatable {
        /// In prose, at the start of a line, with what of the line could begin a page.
        case lineStart
        /// In prose, in the middle of a line.
        case prose
        /// In a block of code, whose fence is this long.
        case code
        /// In a page.
        case page
        /// After a page: a fence that the engine closes without having opened it is left out.
        case afterPage
    }

    private static let documents = ["!doctype", "html"]
    private static let blocks = [
        "head", "body", "div", "table", "section", "form", "main", "header", "footer", "nav", "article", "ul", "ol",
        "style", "script", "svg",
    ]
    private static let opening = "```html\n"

    private var state = State.lineStart
    /// The beginning of a line that cannot be told yet.
    private var line: [UInt8] = []
    /// The element that the page consists of, and how deep it is nested in itself.
    private var element: [UInt8] = []
    private var depth = 0
    /// The tag or the escape that is being received inside a page.
    private var tag: [UInt8] = []
    private var isEscaped: Bool?
    private var hasBackslash = false
    /// The beginning of a page, until it is known how its lines are broken.
    private var beginning: [UInt8] = []
    private var lastByte = UInt8(ascii: "\n")
    private var output: [UInt8] = []

    /// Makes a fence for one answer.
    public init() {}

    /// Takes more of the answer, and returns what can be shown of it.
    public mutating func feed(_ text: String) -> String {
        for byte in text.utf8 { take(byte) }
        return flush()
    }

    /// Takes the end of the answer, and returns the rest of it.
    ///
    /// - Parameter isWhole: Whether nothing follows; where an answer broke off and may go on later, a page stays open.
    public mutating func finish(isWhole: Bool = true) -> String {
        // A page too short to tell how its lines are broken is told now, and may have ended with that.
        if state == .page { settleBreaks(isEscaped: false) }
        switch state {
        case .lineStart: give(line)
        case .prose, .code: break
        case .afterPage: if !isFence(line) { give(line) }
        case .page:
            if hasBackslash { put(UInt8(ascii: "\\")) }
            if isWhole { closePage() }
        }
        line = []
        return flush()
    }

    private mutating func flush() -> String {
        defer { output.removeAll(keepingCapacity: true) }
        return String(decoding: output, as: UTF8.self)
    }

    // MARK: - Prose

    private mutating func take(_ byte: UInt8) {
        switch state {
        case .prose:
            put(byte)
            if byte == UInt8(ascii: "\n") { state = .lineStart }
        case .lineStart: takeStart(byte)
        case .code: takeCode(byte)
        case .page: takePage(byte)
        case .afterPage: takeAfter(byte)
        }
    }

    private mutating func takeStart(_ byte: UInt8) {
        line.append(byte)
        if isBeginningOfFence(line) {
            guard line.last == UInt8(ascii: "\n") || line.filter({ $0 == UInt8(ascii: "`") }).count == 3 else { return }
            let isCode = line.last != UInt8(ascii: "\n")
            leaveLine(isCode ? .code : .lineStart)
            return
        }
        let words = line.drop { $0 == UInt8(ascii: " ") }
        guard line.count - words.count <= 3, words.first == UInt8(ascii: "<") || words.isEmpty else {
            return leaveLine(byte == UInt8(ascii: "\n") ? .lineStart : .prose)
        }
        guard words.count > 1 else { return }
        let name = words.dropFirst().prefix { isName($0) }
        let isWhole = name.count < words.count - 1
        if !isWhole, name.count <= 8 { return }
        let known = String(decoding: name, as: UTF8.self).lowercased()
        guard isWhole, Self.documents.contains(known) || Self.blocks.contains(known) else {
            return leaveLine(byte == UInt8(ascii: "\n") ? .lineStart : .prose)
        }
        openPage(Self.documents.contains(known) ? "html" : known)
    }

    private mutating func leaveLine(_ next: State) {
        give(line)
        line = []
        state = next
    }

    private func isName(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "!") || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
    }

    /// Whether a line is, or may become, three backticks behind at most three blanks.
    private func isBeginningOfFence(_ line: [UInt8]) -> Bool {
        let marks = line.drop { $0 == UInt8(ascii: " ") }
        guard line.count - marks.count <= 3, !marks.isEmpty else { return false }
        return marks.prefix(3).allSatisfy { $0 == UInt8(ascii: "`") }
    }

    private func isFence(_ line: [UInt8]) -> Bool {
        line.filter { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: " ") } == Array("```".utf8)
    }

    private mutating func takeCode(_ byte: UInt8) {
        put(byte)
        guard byte == UInt8(ascii: "\n") else {
            line.append(byte)
            return
        }
        if isFence(line) { state = .lineStart }
        line = []
    }

    // MARK: - A page

    private mutating func openPage(_ name: String) {
        if lastByte != UInt8(ascii: "\n") { put(UInt8(ascii: "\n")) }
        give(Array(Self.opening.utf8))
        element = Array(name.utf8)
        depth = 0
        tag = []
        isEscaped = nil
        hasBackslash = false
        beginning = []
        state = .page
        let start = line
        line = []
        for byte in start { takePage(byte) }
    }

    private mutating func takePage(_ byte: UInt8) {
        guard isEscaped == nil else { return takeKnown(byte) }
        beginning.append(byte)
        if byte == UInt8(ascii: "\n") {
            settleBreaks(isEscaped: false)
        } else if beginning.suffix(2) == Array(#"\n"#.utf8), beginning.dropLast(2).last == UInt8(ascii: ">") {
            settleBreaks(isEscaped: true)
        } else if beginning.count >= 400 {
            settleBreaks(isEscaped: false)
        }
    }

    private mutating func settleBreaks(isEscaped: Bool) {
        guard self.isEscaped == nil else { return }
        self.isEscaped = isEscaped
        let held = beginning
        beginning = []
        for byte in held { take(byte) }
    }

    private mutating func takeKnown(_ byte: UInt8) {
        guard isEscaped == true else { return write(byte) }
        if hasBackslash {
            hasBackslash = false
            switch byte {
            case UInt8(ascii: "n"): write(UInt8(ascii: "\n"))
            case UInt8(ascii: "t"): write(UInt8(ascii: "\t"))
            case UInt8(ascii: "r"): break
            case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"), UInt8(ascii: "/"): write(byte)
            default:
                write(UInt8(ascii: "\\"))
                take(byte)
            }
        } else if byte == UInt8(ascii: "\\") {
            hasBackslash = true
        } else {
            write(byte)
        }
    }

    /// Writes a byte of the page, and looks for its end.
    private mutating func write(_ byte: UInt8) {
        put(byte)
        if byte == UInt8(ascii: "\n") {
            // The engine closes a fence that it did not open: the page is over, and its fence is this one.
            if isFence(line) { return endPage(.lineStart) }
            line = []
        } else if line.count < 8 {
            line.append(byte)
        }
        if byte == UInt8(ascii: "<") {
            tag = [byte]
        } else if !tag.isEmpty {
            tag.append(byte)
            if byte == UInt8(ascii: ">") { endTag() } else if tag.count > 4096 { tag = [] }
        }
    }

    private mutating func endTag() {
        let words = tag.dropFirst()
        let isEnd = words.first == UInt8(ascii: "/")
        let name = (isEnd ? words.dropFirst() : words).prefix { isName($0) }.map {
            $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0
        }
        let isEmpty = tag.suffix(2).first == UInt8(ascii: "/")
        tag = []
        guard name == element, !isEmpty else { return }
        depth += isEnd ? -1 : 1
        guard isEnd, depth <= 0 else { return }
        closePage()
        endPage(.afterPage)
    }

    private mutating func closePage() {
        if lastByte != UInt8(ascii: "\n") { put(UInt8(ascii: "\n")) }
        give(Array("```".utf8))
    }

    private mutating func endPage(_ next: State) {
        state = next
        line = []
        tag = []
        isEscaped = nil
    }

    // MARK: - After a page

    private mutating func takeAfter(_ byte: UInt8) {
        line.append(byte)
        let words = line.drop { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: " ") }
        if words.isEmpty { return }
        let isMarks = words.allSatisfy { $0 == UInt8(ascii: "`") } && words.count <= 3
        if isMarks { return }
        let held = line
        line = []
        if isFence(held), held.last == UInt8(ascii: "\n") {
            // Its line break is needed; the fence is not.
            put(UInt8(ascii: "\n"))
            state = .lineStart
            return
        }
        // A page goes on with what belongs to it; prose needs a line of its own behind the fence.
        if held.first != UInt8(ascii: "\n") { put(UInt8(ascii: "\n")) }
        state = .lineStart
        // "\n" as two characters, which an escaped page leaves behind.
        for byte in held { take(byte) }
    }

    // MARK: - Output

    private mutating func put(_ byte: UInt8) {
        output.append(byte)
        lastByte = byte
    }

    private mutating func give(_ bytes: [UInt8]) {
        for byte in bytes { put(byte) }
    }
}
