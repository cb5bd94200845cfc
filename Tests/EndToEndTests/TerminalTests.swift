import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("The terminal", .timeLimit(.minutes(3)))
    struct TerminalTests {
        /// How the program is ended, and what its shell sees.
        enum End: CaseIterable, CustomTestStringConvertible {
            case key
            case terminated
            case hungUp
            case crashed
            var testDescription: String { "\(self)" }
        }

        @Test("It comes back whole, however the program ends", arguments: End.allCases)
        func comesBack(_ end: End) async throws {
            let engine = try ScriptedEngine.replying(
                .reply(answer: (1...400).map { "word\($0)" }.joined(separator: " "), pause: .milliseconds(20)))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let chat = try await Chat(program)
            defer { chat.close() }
            #expect(try await chat.pane("alternate_on") == "1")
            try await chat.ask("talk")
            try await chat.wait(for: "word10 ")
            switch end {
            case .key:
                try await chat.press("Escape")
                try await chat.wait(for: "■ stopped")
                try await chat.press("C-d")
            case .terminated: kill(chat.processID, SIGTERM)
            case .hungUp: kill(chat.processID, SIGHUP)
            case .crashed: kill(chat.processID, SIGSEGV)
            }
            let status = try await chat.waitForEnd()
            if end == .crashed { #expect(status == 139) } else { #expect(status != 139) }
            if end == .key { #expect(status == 0) }
            let screen = try await chat.wait(for: "-?echoke")
            #expect(try await chat.pane("alternate_on") == "0")
            #expect(try await chat.pane("cursor_flag") == "1")
            #expect(try await chat.pane("mouse_any_flag") == "0")
            #expect(try await chat.pane("keypad_flag") == "0")
            // The line discipline is as the shell had it: echo, lines, signals.
            for setting in ["icanon", "echo", "isig", "icrnl", "opost", "onlcr"] {
                #expect(screen.contains(try Regex("(^|\\s)\(setting)\\b")), "\(setting)")
            }
            try await chat.type("still here")
            try await chat.press("Enter")
            try await chat.wait(for: "still here\nstill here")
        }

        @Test("What an engine says cannot set the title, the clipboard, the cursor or the writing's direction")
        func hostileEngine() async throws {
            let pieces = [
                #"first \u001b]0;PWNED\u0007 "#, #"\u001b]2;PWNED\u001b\\ "#, #"\u001b]52;c;UFdORUQ=\u0007"#,
                #"\u001b[2J\u001b[1;1HPLANTED"#, #"\u001b[?25l\u001b[?1049l\u001bc"#, #"\u009b31m\u0007\u0008\u0008"#,
                #" \u202eesrever\u2066 "#, #"[link](https://example.com/\u001b]0;PWNED\u0007) "#, #"`\u001b[5m` last"#,
            ]
            let engine = try ScriptedEngine.replying(
                .events(
                    pieces.map { #"{"choices":[{"index":0,"delta":{"content":"\#($0)"}}]}"# }
                        + [#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#]),
                .reply(answer: "Fine."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.ask("say something nasty")
            let screen = try await chat.wait(for: "first(.|\n)*last")
            #expect(try await !chat.pane("pane_title").contains("PWNED"))
            #expect(try await chat.pane("alternate_on") == "1")
            #expect(try await chat.pane("window_bell_flag") != "1")
            #expect(try await chat.buffers.isEmpty)
            // Nothing was erased, and nothing written where the engine pointed: in the top left corner.
            #expect(screen.contains("say something nasty"))
            #expect(screen.contains("thinking on"))
            #expect(screen.split(separator: "\n").first?.hasPrefix("PLANTED") != true)
            for control in screen.unicodeScalars where control != "\n" {
                #expect(control.value >= 32 && !(0x7F...0x9F).contains(control.value))
                #expect(!(0x202A...0x202E).contains(control.value) && !(0x2066...0x2069).contains(control.value))
            }
            try await chat.ask("next")
            try await chat.wait(for: "Fine\\.")
        }

        @Test("A resize in the middle of an answer lays it out anew")
        func resized() async throws {
            let words = (1...120).map { "word\($0)" }.joined(separator: " ")
            let engine = try ScriptedEngine.replying(.reply(answer: words + " end.", pause: .milliseconds(25)))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.ask("talk")
            for (columns, rows, word) in [(60, 40, 20), (140, 20, 50), (40, 50, 80), (100, 40, 100)] {
                try await chat.wait(for: "word\(word)\\b")
                try await chat.resize(columns: columns, rows: rows)
            }
            let screen = try await chat.wait(for: "end\\.")
            let rows = screen.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(rows.allSatisfy { $0.count <= 100 })
            // Every word is there once, and the lines are as wide as the screen is now.
            let found = screen.matches(of: /word([0-9]+)\b/).compactMap { Int($0.1) }
            #expect(found == Array(1...120), "\(screen)")
            #expect(rows.contains { $0.count > 70 && $0.contains("word50 ") })
        }

        @Test("Chinese and emoji are sent as they were pasted")
        func pastedText() async throws {
            let engine = try ScriptedEngine.replying(.reply(answer: "收到。"))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.wait(for: "tiny")
            let text = "你好，世界！👩‍👩‍👧‍👦 🇫🇷 👍🏽 e\u{301}a\u{308}\nzweite Zeile\t→ «ß» न\u{94D}ते ✅"
            try await chat.paste(text)
            try await chat.wait(for: "zweite Zeile")
            try await chat.press("Enter")
            try await chat.wait(for: "收到。")
            let words = try #require(ChatCall.all(engine).first?.words)
            #expect(Array(words.utf8) == Array(text.utf8), "\(words)")
        }
    }
}
