import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// What is on the screen reaches the engine, as its requests show.
    @Suite("The screen in a request", .timeLimit(.minutes(3)))
    struct ReadingTests {
        /// A terminal with words in it on an X server of its own.
        final class Scene: Sendable {
            let display: XServer
            let terminal: TestProcess
            let manager: TestProcess?
            let words = unguessableWords()

            /// - Parameter isManaged: Whether a window manager runs; it is there before the terminal, whose place would
            ///   otherwise be a matter of luck.
            init(isManaged: Bool = false) throws {
                display = try XServer(width: 800, height: 300)
                manager = isManaged ? try display.run("openbox") : nil
                if isManaged {
                    try display.finish(
                        "sh", "-c",
                        "for i in $(seq 200); do xprop -root _NET_SUPPORTING_WM_CHECK | grep -q '#' && exit; sleep 0.05; done"
                    )
                }
                terminal = try display.run(
                    "xterm", "-geometry", "46x6+0+0", "-fa", "DejaVu Sans Mono", "-fs", "20", "-bg", "white", "-fg",
                    "black", "-T", "letter", "-e", "sh", "-c",
                    "printf '\\033[?25l'; echo '\(words.joined(separator: " "))'; cat")
            }

            func stop() {
                terminal.stop()
                manager?.stop()
                display.stop()
            }

            /// Waits until a picture of the screen holds the words.
            func show(_ program: Program) async throws {
                var text = ""
                try await eventually("\(words) on the screen, which holds \(text),") {
                    let path = program.home + "/scene.png"
                    guard try await program.run("shot", "--screen", "-o", path).status == 0,
                        let bytes = FileManager.default.contents(atPath: path)
                    else { return false }
                    text = try await onThread { try recognized(bytes) }
                    return words.allSatisfy { text.lowercased().contains($0) }
                }
            }
        }

        /// A chat that was asked with F2 what the scene says.
        private func askedAboutScreen(_ program: Program, of scene: Scene) async throws -> Chat {
            try await scene.show(program)
            let chat = try await Chat(program)
            try await chat.wait(for: "tiny")
            try await chat.press("F2")
            try await chat.wait(for: "screen.*800×300")
            try await chat.ask("what does it say?")
            return chat
        }

        @Test("F2 sends what the screen shows, and the answer streams into the chat")
        func screenInTheChat() async throws {
            let scene = try Scene()
            defer { scene.stop() }
            let engine = try ScriptedEngine.replying(
                .reply(reasoning: "I read it.", answer: "It says **something odd**.", pause: .milliseconds(30)))
            defer { engine.stop() }
            let program = try Program(engine: engine.url, display: scene.display)
            let chat = try await askedAboutScreen(program, of: scene)
            defer { chat.close() }
            try await chat.wait(for: "thinking [0-9]")
            try await chat.wait(for: "It says something odd\\.")
            let call = try #require(ChatCall.all(engine).first)
            #expect(call.words == "what does it say?")
            try await expect(call.pictures, toHold: scene.words)
        }

        @Test("The words of a picture are copied with /text, and found afterwards by a search")
        func wordsOfPictures() async throws {
            let scene = try Scene()
            defer { scene.stop() }
            let engine = try ScriptedEngine.replying(.reply(answer: "Odd things."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url, display: scene.display)
            let chat = try await askedAboutScreen(program, of: scene)
            defer { chat.close() }
            try await chat.wait(for: "Odd things\\.")
            try await chat.ask("/text")
            try await chat.wait(for: "Copied the words in the picture: [0-9]+ line")
            var found = ""
            try await eventually("\(scene.words) in the history, where \(found) was found,") {
                for word in scene.words {
                    found = try await program.run("chats", "search", word).output
                    if found.contains(word) { return true }
                }
                return false
            }
        }

        @Test("A chip that Backspace removed is not sent")
        func removedChip() async throws {
            let scene = try Scene()
            defer { scene.stop() }
            let engine = try ScriptedEngine.replying(.reply(answer: "Nothing."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url, display: scene.display)
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.wait(for: "tiny")
            try await chat.press("F2")
            try await chat.wait(for: "800×300")
            try await chat.press("BSpace")
            try await eventually("the chip's end") { try await !chat.screen.contains("800×300") }
            try await chat.ask("what do you see?")
            try await chat.wait(for: "Nothing\\.")
            #expect(ChatCall.all(engine).first?.parts == [.text("what do you see?")])
        }

        @Test("scry ask --screen and --window active send it, too")
        func screenInTheShell() async throws {
            let scene = try Scene(isManaged: true)
            defer { scene.stop() }
            let engine = try ScriptedEngine.replying(.reply(answer: "Words."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url, display: scene.display)
            try await scene.show(program)
            try await scene.display.focus(title: "letter")

            let whole = try await program.run("ask", "--screen", "what does it say?")
            #expect(whole.status == 0 && whole.output == "Words.\n", "\(whole.error)")
            let window = try await program.run("ask", "--window", "active", "what does it say?")
            #expect(window.status == 0 && window.output == "Words.\n", "\(window.error)")

            // The window is remembered with the picture, and found by its title.
            let found = try await program.run("chats", "search", "letter")
            #expect(found.output.matches(of: /picture: letter, 20/).count == 2, "\(found)")
            let calls = ChatCall.all(engine)
            #expect(calls.count == 2)
            for call in calls { try await expect(call.pictures, toHold: scene.words) }
            let sizes = try calls.compactMap(\.pictures.first).map(Self.size)
            #expect(sizes.first == [800, 300])
            #expect(sizes.last.map { $0[0] < 800 && $0[1] < 300 } == true, "the window alone: \(sizes)")

            // So it is with a recording.
            let recorded = try await program.run("ask", "--record", "1", "--window", "active", "what happened?")
            #expect(recorded.status == 0, "\(recorded.error)")
            let all = try await program.run("chats", "search", "--json", "letter")
            let hits = try JSONSerialization.jsonObject(with: Data(all.output.utf8)) as? [[String: Any]] ?? []
            #expect(hits.map { $0["window_title"] as? String } == ["letter", "letter", "letter"], "\(all)")
        }

        @Test("An engine that cannot see gets the words as text, and the status bar says so")
        func blindEngine() async throws {
            let scene = try Scene()
            defer { scene.stop() }
            let engine = try ScriptedEngine.replying(sees: false, .reply(answer: "I was told."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url, display: scene.display)
            try await scene.show(program)
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.wait(for: "cannot see")
            try await chat.press("F2")
            try await chat.wait(for: "800×300")
            try await chat.ask("what does it say?")
            try await chat.wait(for: "I was told\\.")
            let asked = try await program.run("ask", "--screen", "what does it say?")
            #expect(asked.status == 0 && asked.error.contains("cannot see"), "\(asked.error)")

            let calls = ChatCall.all(engine)
            #expect(calls.count == 2)
            for call in calls {
                #expect(call.pictures.isEmpty)
                #expect(call.words.contains("Text read from the picture") && call.words.contains("what does it say?"))
                for word in scene.words { #expect(call.words.lowercased().contains(word)) }
            }
        }

        private func expect(_ pictures: [Data], toHold words: [String]) async throws {
            #expect(pictures.count == 1)
            let text = try await onThread { try pictures.map(recognized).joined() }
            for word in words { #expect(text.lowercased().contains(word), "\(text)") }
        }

        /// Width and height out of a PNG's header.
        private static func size(_ picture: Data) throws -> [Int] {
            let bytes = [UInt8](picture.prefix(24))
            try #require(bytes.count == 24)
            return [16, 20].map { start in bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
        }
    }
}

extension XServer {
    /// Gives a window the keyboard, and waits until the window manager says so.
    func focus(title: String) async throws {
        let environment = environment
        try await eventually("the focus of \(title)") {
            try await onThread {
                let process = try TestProcess(
                    "xdotool", ["search", "--name", "^\(title)$", "windowactivate", "--sync"], environment: environment)
                process.waitUntilExit(within: 3)
                let asked = try TestProcess("xdotool", ["getactivewindow", "getwindowname"], environment: environment)
                return asked.readLine() == title
            }
        }
    }
}
