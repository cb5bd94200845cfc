import TestSupport
import Testing

@testable import scry

/// Files that are no TOML, or that nobody wrote with good intentions.
@Suite struct BrokenConfigurationTests {
    @Test(
        "blames the line where something was opened and never closed",
        arguments: ["theme = \"\"\"paper", "theme = [\"paper\",", "theme = \"paper", "theme = {a = 1,"])
    func unclosed(line: String) {
        let (configuration, warnings) = parse("thinking = false\n\(line)\n\n[capture]\nfps = 20\n")

        #expect(warnings.first?.hasPrefix("config.toml:2: ") == true, "\(warnings)")
        #expect(warnings.count <= 2, "\(warnings)")
        #expect(!configuration.thinking)
        #expect(configuration.theme == "auto")
    }

    @Test(
        "survives what the parser aborts at",
        arguments: [
            "[.a]", "[é]", "[[ #", "[", "theme = 1979-05-27T:", "theme = [1979-05-27tz:1]", "theme = [1, }",
            "theme = [{a = 1}, [2, }", "\"]\" = [ 'x', }", "  [ [ .",
        ])
    func aborts(line: String) {
        let (configuration, warnings) = parse("thinking = false\n\(line)\n\n[capture]\nfps = 20\n")

        #expect(
            warnings.first?.hasPrefix("config.toml:2: this is not TOML and was skipped: expected ") == true,
            "\(warnings)")
        #expect(!configuration.thinking)
        #expect(configuration.capture.framesPerSecond == 20)
    }

    @Test("takes brackets in texts and comments for what they are") func brackets() {
        let (configuration, warnings) = parse(
            """
            theme = "[.}" # [ }
            [engines.'[.']
            url = \"\"\"
            http://h/v1\"\"\"
            [privacy]
            never_capture = [ # }
              "}", '[', \"\"\"a\\\"\"\"}
            [.x]\"\"\"\"\",
            ]
            """)

        #expect(warnings == [])
        #expect(configuration.theme == "[.}")
        #expect(configuration.engines.map(\.name) == ["[."])
        #expect(configuration.privacy.neverCapture == ["}", "[", "a\"\"\"}\n[.x]\"\""])
    }

    @Test("gives up on a file that is something else, and says so a few times only") func garbage() {
        let (configuration, warnings) = parse(String(repeating: "<html> & more\n", count: 500))

        #expect(configuration == Configuration())
        #expect(warnings.count == 8)
    }

    @Test("survives whatever stands in the file", arguments: 1...60) func random(seed: UInt64) {
        var generator = SeededRandom(seed: seed)
        let pieces = [
            "engine", "thinking", "[", "]", "[[", "]]", "=", "\"", "'''", "\"\"\"", "\n", "\n", "\r\n", " ", "{", "}",
            ",",
            ".", "engines.lab", "url", "capture", "fps", "1", "-9223372036854775808", "1e999", "nan", "true", "\\u0000",
            "\0", "\u{1B}[2J", "\u{202E}", "é", "👍🏽", "#", "1979-05-27T07:32:00Z", "keys", "\u{FEFF}", "0x", "_",
            "a = [1,\n", "[a]\n", "[[a]]\n", "{ b = 1 }", "a.b = 1\n", "a = 1\n", "0b", "+", "-", "\r", "\u{7F}", "\\x",
            "'", "\\",
        ]
        var text = ""
        for _ in 0..<Int.random(in: 0...120, using: &generator) {
            text += pieces.randomElement(using: &generator) ?? ""
        }

        let (configuration, warnings) = parse(text)

        #expect((1...60).contains(configuration.capture.framesPerSecond))
        for warning in warnings {
            #expect(warning.unicodeScalars.allSatisfy { $0.value >= 32 && $0 != "\u{202E}" }, "\(warning)")
        }
    }

    @Test("survives a sound file in which anything was changed", arguments: 1...60) func mutated(seed: UInt64) {
        var generator = SeededRandom(seed: seed)
        var bytes = Array(
            """
            engine = "lab"
            thinking = false
            [engines.lab]
            url = "http://lab/v1"
            [capture]
            fps = 20
            [privacy]
            never_capture = ["a", "b"]
            """.utf8)
        for _ in 0..<Int.random(in: 1...6, using: &generator) {
            let index = Int.random(in: 0..<bytes.count, using: &generator)
            bytes[index] = UInt8.random(in: 0...255, using: &generator)
        }

        let (configuration, warnings) = parse(String(decoding: bytes, as: UTF8.self))

        #expect((1...60).contains(configuration.capture.framesPerSecond))
        #expect(warnings.count < 20)
    }
}
