import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Pictures in the chat, in tmux: characters with colours, or cells that stand for pieces of them.
    @Suite("Pictures in the terminal", .timeLimit(.minutes(3)))
    struct PictureTests {
        private static let picture = Program.fixtures + "/media/red-circle.png"

        private func open(_ configuration: String = "", _ arguments: [String] = []) async throws -> (
            Chat, ScriptedEngine
        ) {
            let engine = try ScriptedEngine.replying(.reply(answer: "A circle."))
            let program = try Program(
                engine: engine.url, configuration: configuration)
            let chat = try await Chat(program, arguments)
            try await chat.wait(for: "thinking on")
            return (chat, engine)
        }

        @Test("An attached picture is seen in the composer, in the transcript and on the whole screen")
        func blocks() async throws {
            let (chat, engine) = try await open()
            defer {
                chat.close()
                engine.stop()
            }
            try await chat.paste(Self.picture)
            try await chat.wait(for: "[▀▄▌▐█▘▝▖▗▚▞▙▛▜▟](.|\n)*red-circle.png 160×160")
            try await chat.ask("what is this?")
            try await chat.wait(for: "red-circle.png 160×160(.|\n)*[▀▄▌▐█▘▝▖▗▚▞▙▛▜▟](.|\n)*what is this(.|\n)*A circle")
            try await chat.press("Tab")
            try await chat.type("g")
            try await chat.press("Enter")
            try await chat.wait(for: "red-circle.png · 160×160 .*Esc closes")
            try await chat.press("Escape")
            try await chat.wait(for: "A circle")
        }

        @Test("tmux keeps the cells that stand for pieces, each with its row and column")
        func placeholders() async throws {
            let (chat, engine) = try await open("pictures = \"kitty\"\n")
            defer {
                chat.close()
                engine.stop()
            }
            try await chat.paste(Self.picture)
            try await chat.wait(for: "red-circle.png 160×160")
            // Searched scalar by scalar: with its marks it is another character.
            try await eventually("the first row of the picture") {
                try await chat.screen.unicodeScalars.contains("\u{10EEEE}")
            }
            let rows = try await chat.screen.split(separator: "\n")
            let row = try #require(rows.first { $0.unicodeScalars.contains("\u{10EEEE}") })
            let scalars = Array(row.unicodeScalars)
            let first = try #require(scalars.firstIndex(of: "\u{10EEEE}"))
            // Row 0 and column 0, then row 0 and column 1.
            #expect(scalars[first + 1] == "\u{305}" && scalars[first + 2] == "\u{305}")
            #expect(scalars[first + 4] == "\u{10EEEE}" && scalars[first + 6] == "\u{30D}")
        }

        @Test("--no-pictures shows none, and neither does a setting")
        func none() async throws {
            for (configuration, arguments) in [("", ["--no-pictures"]), ("pictures = \"none\"\n", [])] {
                let (chat, engine) = try await open(configuration, arguments)
                try await chat.paste(Self.picture)
                let screen = try await chat.wait(for: "red-circle.png 160×160")
                #expect(!screen.contains(try Regex("[▀▄▌▐█]")))
                chat.close()
                engine.stop()
            }
        }
    }
}
