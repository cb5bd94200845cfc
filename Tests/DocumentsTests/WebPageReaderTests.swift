import Foundation
import Testing

@testable import Documents

private let hasBrowser = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .contains { FileManager.default.isExecutableFile(atPath: $0 + "/w3m") }

@Suite(.enabled(if: hasBrowser, "w3m shows web pages"))
struct WebPageReaderTests {
    private func text(_ page: String) async throws -> String {
        try await WebPageReader().text(of: Array(page.utf8))
    }

    @Test("Title, headings, lists, tables and where links lead are there, scripts and styles are not")
    func everything() async throws {
        let text = try await text(
            """
            <!DOCTYPE html><html><head><title>Lamps &amp; chairs</title><script>alert("no")</script>
            <style>p { color: red }</style></head><body><h1>What we <em>sell</em></h1>
            <p>A lamp is &euro;&nbsp;12 &ndash; see <a href="https://example.org/a?b=1&amp;c=2">the list</a>.</p>
            <ol><li>One<li>Two</ol><table><tr><th>Name<th>Price<tr><td>Lamp<td>12.50</table>
            <pre>x = 1\n  y</pre><img src="http://127.0.0.1:9/a.png" alt="A red circle"></body></html>
            """)
        let lines = text.split(separator: "\n").map { $0.drop { $0 == " " } }
        #expect(lines.first == "Lamps & chairs" && lines.contains("What we sell"))
        #expect(lines.contains { $0.hasPrefix("A lamp is €") && $0.hasSuffix("12 – see [1]the list.") })
        #expect(lines.contains("1. One") && lines.contains("2. Two"))
        #expect(lines.contains { $0.split(separator: " ") == ["Lamp", "12.50"] })
        #expect(text.contains("x = 1\n  y") && text.contains("A red circle"))
        #expect(text.contains("[1] https://example.org/a?b=1&c=2"))
        #expect(!text.contains("alert") && !text.contains("color"))
    }

    @Test("A page's own encoding is obeyed, its title included")
    func encodings() async throws {
        // "\u{7A97}\u{53E3}" in GBK.
        let page =
            Array("<html><head><meta charset=gbk><title>".utf8) + [0xB4, 0xB0, 0xBF, 0xDA]
            + "</title></head><body>".utf8 + [0xB4, 0xB0] + "</body></html>".utf8
        #expect(FileKind(head: page, isWhole: true) == .webPage)
        let lines = try await WebPageReader().text(of: page).split(separator: "\n").filter { !$0.isEmpty }
        #expect(lines == ["\u{7A97}\u{53E3}", "\u{7A97}"])
        #expect(try await text("<html>caf\u{E9} \u{2603}") == "caf\u{E9} \u{2603}")
    }

    @Test("Pages that end anywhere, nest without end or are garbage are read in bounded time")
    func hostile() async throws {
        let whole = "<html><title>a</title><table><tr><td><a href='x'>b</a><frameset><frame src=/etc/passwd></frameset>"
        for length in stride(from: 0, to: whole.count, by: 7) {
            let text = try await text(String(whole.prefix(length)))
            #expect(!text.contains("root:"))
        }
        var random = SystemRandomNumberGenerator()
        let garbage = (0..<20_000).map { _ in UInt8.random(in: 1...255, using: &random) }
        _ = try await WebPageReader().text(of: Array("<html>".utf8) + garbage)
        let start = ContinuousClock.now
        let deep = "<html>" + String(repeating: "<div><table><tr><td>", count: 20_000) + "x"
        _ = try? await text(deep)
        #expect(ContinuousClock.now - start < .seconds(60))
    }

    @Test("The encoding is what the page says, unless it is UTF-8, and nothing that could be an option")
    func named() {
        func encoding(_ start: String) -> String? { WebPageReader.encoding(of: Array(start.utf8) + [0xE9]) }
        #expect(encoding("<meta charset=\"Shift_JIS\">") == "shift_jis")
        #expect(encoding("<meta http-equiv=content-type content='text/html; charset=windows-1252'>") == "windows-1252")
        #expect(encoding("<meta charset=-x>") == nil && encoding("<meta charset=\">") == nil && encoding("") == nil)
        #expect(WebPageReader.encoding(of: Array("<meta charset=gbk>caf\u{E9}".utf8)) == "UTF-8")
    }

    @Test("The title becomes visible, and what has none stays as it is")
    func title() {
        func made(_ page: String) -> String {
            String(decoding: WebPageReader.withVisibleTitle(Array(page.utf8)), as: UTF8.self)
        }
        #expect(made("<head><TITLE lang=en>a</TITLE >b") == "<head><p lang=en>a</p >b")
        #expect(made("<title>a") == "<title>a" && made("</title><title>") == "</title><title>" && made("") == "")
    }
}
