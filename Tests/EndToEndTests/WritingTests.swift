import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// What is typed, pasted and pointed at in a real terminal, and what of it reaches the engine.
    @Suite("Writing", .timeLimit(.minutes(3)))
    struct WritingTests {
        private static let picture = Program.package + "/Tests/Fixtures/media/red-circle.png"

        @Test("Files and pastes keep their places among the words, and undo takes back what was typed after them")
        func order() async throws {
            let engine = try ScriptedEngine.replying(.reply(answer: "I see."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let folder = program.home + "/my pictures"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: Self.picture, toPath: folder + "/red circle.png")
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.wait(for: "tiny")
            try await chat.type("is @~/my")
            try await chat.wait(for: "› ~/my pictures/")
            try await chat.press("Tab")
            try await chat.wait(for: "› ~/my pictures/red circle.png")
            try await chat.press("Tab")
            try await chat.wait(for: "is \\[▣ red circle.png\\]")
            try await chat.type(" in this log: ")
            try await chat.paste((1...120).map { "line \($0)" }.joined(separator: "\n"))
            try await chat.wait(for: "log: \\[Pasted 120 lines\\]")
            try await chat.type(" wrong")
            try await chat.press("C-_")
            try await eventually("the undoing") { try await !chat.screen.contains("wrong") }
            try await chat.press("Enter")
            try await chat.wait(for: "I see\\.")
            let parts = try #require(ChatCall.all(engine).first).parts
            try #require(parts.count == 3)
            #expect(parts[0] == .text("is "))
            if case .text = parts[1] { Issue.record("no picture in the middle: \(parts)") }
            #expect(parts[2] == .text(" in this log: " + (1...120).map { "line \($0)" }.joined(separator: "\n")))
        }

        @Test("Ctrl+V takes the picture from the clipboard", .enabled(if: isProgramInstalled("xclip"), "needs xclip"))
        func clipboard() async throws {
            let server = try XServer(width: 200, height: 200)
            defer { server.stop() }
            let owner = try TestProcess(
                "xclip", ["-quiet", "-selection", "clipboard", "-in", "-t", "image/png", Self.picture],
                environment: server.environment)
            defer { owner.stop() }
            let engine = try ScriptedEngine.replying(.reply(answer: "Red."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url, display: server)
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.wait(for: "tiny")
            try await chat.type("what is ")
            try await eventually("the picture") {
                try await chat.press("C-v")
                let screen = try await chat.wait(for: "▣ clipboard|on the clipboard")
                return screen.contains("▣ clipboard")
            }
            try await chat.press("Enter")
            try await chat.wait(for: "Red\\.")
            #expect(ChatCall.all(engine).first?.pictures.count == 1)
        }

        @Test("The editor gets the words in a private file that is gone afterwards; one that fails changes nothing")
        func editor() async throws {
            let engine = try ScriptedEngine.replying(.reply(answer: "Fine."))
            defer { engine.stop() }
            let tool = "/tmp/scry-e2e-editor-\(UInt32.random(in: 0 ..< .max))"
            try """
            #!/bin/sh
            ls -l "$1" >"$HOME/seen"; cat "$1" >>"$HOME/seen"
            test -e "$HOME/fails" && exit 3
            printf 'and more\\n' >>"$1"; touch "$1~"
            """.write(toFile: tool, atomically: true, encoding: .utf8)
            chmod(tool, 0o700)
            defer { unlink(tool) }
            let program = try Program(engine: engine.url, variables: ["EDITOR": tool])
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.wait(for: "tiny")
            try await chat.type("words")
            try await chat.press("M-e")
            try await chat.wait(for: "and more")
            let seen = try String(contentsOfFile: program.home + "/seen", encoding: .utf8)
            #expect(seen.hasPrefix("-rw-------") && seen.contains("message.md") && seen.hasSuffix("words\n"))
            let left = try FileManager.default.contentsOfDirectory(atPath: program.home + "/run")
            #expect(!left.contains { $0.hasPrefix("scry-edit") }, "\(left)")
            try Data().write(to: URL(filePath: program.home + "/fails"))
            try await chat.press("M-e")
            try await chat.wait(for: "failed with 3")
            try await chat.press("Enter")
            try await chat.wait(for: "Fine\\.")
            #expect(ChatCall.all(engine).first?.words == "words\nand more")
        }

        @Test("A drag with the mouse copies what it selects, without the screen's line breaks")
        func mouse() async throws {
            let answer = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
            let engine = try ScriptedEngine.replying(.reply(answer: answer))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let chat = try await Chat(program, columns: 50, rows: 20)
            defer { chat.close() }
            try await chat.wait(for: "tiny")
            try await chat.ask("count")
            let rows = try await chat.wait(for: "fourteen").split(separator: "\n", omittingEmptySubsequences: false)
            let row = try #require(rows.firstIndex { $0.hasPrefix("one two") }) + 1
            // Mouse reports as terminals write them: down on "two", moved, up behind the end.
            for report in ["0;5;\(row)M", "32;20;\(row + 1)M", "32;49;\(row + 1)M", "0;49;\(row + 1)m"] {
                try await chat.type("\u{1B}[<\(report)")
            }
            try await chat.wait(for: "Copied 1 line")
            try await eventually("the clipboard") { try await chat.buffers.contains("two three four") }
            #expect(try await chat.buffers.contains("\(answer.utf8.count - 4) bytes"))
        }

        @Test("Fifty megabytes that are pasted are refused in a sentence, and the chat goes on")
        func huge() async throws {
            let engine = try ScriptedEngine.replying(.reply(answer: "Yes."))
            defer { engine.stop() }
            let chat = try await Chat(try Program(engine: engine.url))
            defer { chat.close() }
            try await chat.wait(for: "tiny")
            try await chat.paste(String(repeating: "0123456789abcdefghijklmnopqrstu\n", count: 50_000_000 / 32))
            try await chat.wait(for: "paste had 5[0-9] MB", seconds: 90)
            let status = try String(contentsOfFile: "/proc/\(chat.processID)/status", encoding: .utf8)
            let peak = status.firstMatch(of: /VmHWM:\s+([0-9]+) kB/).flatMap { Int($0.1) } ?? 0
            #expect(peak < 200_000, "\(peak) kB at its peak")
            try await chat.ask("still here?")
            try await chat.wait(for: "Yes\\.")
        }
    }
}
