import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("How the chat looks and behaves", .timeLimit(.minutes(4)))
    struct LooksTests {
        @Test("Themes are shown as they are moved to, kept in the configuration, and change with their files")
        func themes() async throws {
            let engine = try ScriptedEngine.replying(.reply(answer: "# Heading\n\nWords."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url, configuration: "# mine\nthinking = false\n")
            let folder = program.home + "/config/scry/themes"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let file = folder + "/mine.toml"
            func write(_ color: String) throws {
                let text = "inherits = \"dark\"\nroles.heading = \"\(color)\"\n"
                try text.write(toFile: file, atomically: true, encoding: .utf8)
            }
            try write("#d75f00")
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.ask("show")
            try await chat.wait(for: "Words\\.")
            try await chat.ask("/theme")
            try await chat.wait(for: "● auto")
            try await chat.type("mine")
            try await chat.wait(for: "› +mine")
            try await chat.waitForColors("38;5;166m.*Heading")
            try await chat.press("Enter")
            try await chat.wait(for: "mine is the theme from now on")
            let configuration = try String(contentsOfFile: program.home + "/config/scry/config.toml", encoding: .utf8)
            #expect(configuration == "theme = \"mine\"\n# mine\nthinking = false\n")
            // The file says something else, then something wrong.
            try write("#0087ff")
            try await chat.waitForColors("38;5;33m.*Heading")
            try write("#zz")
            try await chat.wait(for: ":2:(.|\n)*expected")
            // Escape goes back.
            try await chat.ask("/theme")
            try await chat.type("contrast-dark")
            try await chat.waitForColors("48;5;16m")
            try await chat.press("Escape")
            try await chat.waitForColors("Heading", without: "48;5;16m")
        }

        @Test(
            "Every size is drawn, down to those that hold nothing",
            arguments: [
                (300, 100), (100, 30), (40, 10), (39, 10), (40, 9), (20, 5), (10, 3),
            ])
        func sizes(_ columns: Int, _ rows: Int) async throws {
            let engine = try ScriptedEngine.replying(
                .reply(answer: "A table:\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nlast words"))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let chat = try await Chat(program, columns: 100, rows: 30)
            defer { chat.close() }
            try await chat.ask("draw")
            try await chat.wait(for: "last words")
            try await chat.resize(columns: columns, rows: rows)
            if columns >= 40, rows >= 10 {
                try await chat.wait(for: "last words(.|\n)*Write a question")
            } else {
                try await chat.wait(for: "Scry(.|\n)*needs")
                // What is typed is not lost.
                try await chat.type("kept")
            }
            let screen = try await chat.screen
            #expect(screen.split(separator: "\n").allSatisfy { $0.count <= columns })
            try await chat.resize(columns: 80, rows: 24)
            try await chat.wait(for: columns >= 40 && rows >= 10 ? "last words" : "› kept")
        }

        @Test("An idle chat paints nothing, and nothing wakes it")
        func idle() async throws {
            let engine = try ScriptedEngine.replying(.reply(answer: "Done."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.ask("x")
            try await chat.wait(for: "Done\\.")
            // What the start and the answer left to do is done, once nothing has run for some seconds.
            var before = try Self.switches(of: chat.processID)
            try await eventually("quiet") {
                usleep(4_000_000)
                let now = try Self.switches(of: chat.processID)
                defer { before = now }
                return now == before
            }
            usleep(3_000_000)
            #expect(try Self.switches(of: chat.processID) == before)
        }

        /// How often the threads of a process have gone to sleep.
        private static func switches(of process: Int32) throws -> Int {
            let tasks = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")
            return tasks.reduce(0) { sum, task in
                let status =
                    (try? String(contentsOfFile: "/proc/\(process)/task/\(task)/status", encoding: .utf8)) ?? ""
                let count = status.firstMatch(of: /voluntary_ctxt_switches:\s+([0-9]+)/).flatMap { Int($0.1) }
                return sum + (count ?? 0)
            }
        }

        @Test("A long answer that ends out of sight rings, one that is seen does not")
        func bell() async throws {
            let engine = try ScriptedEngine.replying(.reply(answer: "First."), .reply(answer: "Second."))
            defer { engine.stop() }
            let program = try Program(
                engine: engine.url, configuration: "[terminal]\nnotify = \"bell\"\nnotify_after = 0\n")
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.ask("x")
            try await chat.wait(for: "First\\.")
            #expect(try await chat.pane("window_bell_flag") == "0")
            // The terminal's word that its window has lost the keyboard.
            try await chat.send(bytes: [0x1B, 0x5B, 0x4F])
            try await chat.ask("y")
            try await chat.wait(for: "Second\\.")
            try await eventually("the bell") { try await chat.pane("window_bell_flag") == "1" }
        }

        @Test("An unknown terminal is no reason to stop: the chat goes on by lines")
        func unknownTerminal() async throws {
            let engine = try ScriptedEngine.replying(.reply(answer: "Fine."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let chat = try await Chat(program, terminal: "no-such-terminal", ready: "You:")
            defer { chat.close() }
            #expect(chat.errors.contains("no-such-terminal"))
            try await chat.ask("hello")
            try await chat.wait(for: "Answer:\nFine\\.")
        }

        @Test("Without a UTF-8 locale everything is drawn as with one", arguments: ["C", "POSIX", "xx_XX.ISO-8859-1"])
        func locale(_ name: String) async throws {
            let engine = try ScriptedEngine.replying(.reply(answer: "你好 – é √2"))
            defer { engine.stop() }
            let program = try Program(engine: engine.url, variables: ["LANG": name, "LC_ALL": name])
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.ask("hello")
            try await chat.wait(for: "你好 – é √2")
        }

        @Test("An answer of one line of two megabytes is read, scrolled and ended without harm")
        func longLine() async throws {
            let word = "word "
            let piece = String(repeating: word, count: 4_000)
            let engine = try ScriptedEngine.replying(
                .events(
                    (0..<100).map { _ in #"{"choices":[{"index":0,"delta":{"content":"\#(piece)"}}]}"# }
                        + [#"{"choices":[{"index":0,"delta":{"content":"the end"}}]}"#]
                        + [#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#]))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.ask("much")
            try await chat.wait(for: "the end", seconds: 90)
            try await chat.press("PPage")
            try await chat.wait(for: "↓ .*lines")
            try await chat.press("C-End")
            try await chat.wait(for: "the end")
            try await chat.ask("/quit")
            #expect(try await chat.waitForEnd(seconds: 30) == 0)
        }
    }
}
