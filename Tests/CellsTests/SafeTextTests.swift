import TestSupport
import Testing

@testable import Cells

@Suite struct SafeTextTests {
    @Test(
        "drops what would act on a terminal and keeps what is read",
        arguments: [
            ("plain\ttext\n", "plain\ttext\n"),
            ("\u{1B}[31mred\u{1B}[0m", "[31mred[0m"),
            ("\u{1B}]0;title\u{7}x", "]0;titlex"),
            ("\u{9B}2Jx\u{90}y", "2Jxy"),
            ("a\r\nb\rc\u{85}d\u{2028}e", "a\nb\nc\nd\ne"),
            ("\u{202E}evil\u{202C}\u{2066}x\u{2069}", "evilx"),
            ("a\u{200E}b\u{200F}c\u{61C}d", "abcd"),
            ("x\u{E0041}\u{E0042}y", "xy"),
            ("zero\u{200B}width\u{FEFF}\u{2060}", "zerowidth"),
            ("naïve 中文 👩🏽‍💻 🇫🇷 1️⃣ é", "naïve 中文 👩🏽‍💻 🇫🇷 1️⃣ é"),
            ("می\u{200C}خواهم", "می\u{200C}خواهم"),
            ("\u{7F}\u{8}\u{0}", ""),
        ])
    func table(text: String, expected: String) {
        #expect(SafeText.sanitized(text) == expected)
    }

    @Test("leaves no harmful scalar and is idempotent, whatever the bytes")
    func random() {
        var random = SeededRandom(seed: 2)
        for _ in 0..<300 {
            let text = random.bytes(count: 80) + random.scalars(count: 80)

            let safe = SafeText.sanitized(text)

            #expect(safe.unicodeScalars.allSatisfy { $0 == "\n" || $0 == "\t" || SafeText.isHarmless($0) })
            #expect(SafeText.sanitized(safe) == safe)
        }
    }

    @Test("makes one line of many")
    func singleLine() {
        #expect(SafeText.singleLine("a\r\nb\tc\u{1B}d") == "a b cd")
    }

    @Test("takes links of known schemes only")
    func links() {
        #expect(Link("https://example.org/a?b=c#d")?.target == "https://example.org/a?b=c#d")
        #expect(Link("HTTP://example.org") != nil)
        #expect(Link("mailto:a@example.org") != nil)
        for bad in [
            "javascript:alert(1)", "file:///etc/passwd", "https://", "https://a b", "https://a\u{1B}\\",
            "https://é.org",
            "", "http://" + String(repeating: "a", count: 3000),
        ] {
            #expect(Link(bad) == nil)
        }
        #expect(Link("https://a.org") == Link("https://a.org"))
    }
}
