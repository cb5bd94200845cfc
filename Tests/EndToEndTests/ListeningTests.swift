import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Hotkeys as the XTEST extension presses them, with every kind of program that may hold them.
    @Suite("Hotkeys", .timeLimit(.minutes(4)), .enabled(if: isProgramInstalled("xdotool"), "needs xdotool"))
    struct HotkeyTests {
        /// A listener of a test's own, until the test ends it.
        private func listen(_ program: Program) throws -> TestProcess {
            try TestProcess(Program.path, ["listen"], environment: program.environment)
        }

        private func waitUntilHeld(_ program: Program, by holder: String) async throws {
            try await eventually("the keys held by \(holder)") {
                let found = try await program.run("hotkeys", "--json").json
                return found["holder"] as? String == holder
            }
        }

        /// A program that writes its arguments into a file of the program's home.
        private func stub(_ name: String, _ program: Program) throws -> String {
            let folder = program.home + "/bin"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let script =
                "#!/bin/sh\nfor word; do printf '%s\\n' \"$word\"; done >'\(program.home)/\(name).part'\n"
                + "mv '\(program.home)/\(name).part' '\(program.home)/\(name).said'\n"
            try script.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
            chmod(folder + "/" + name, 0o700)
            return program.home + "/\(name).said"
        }

        private func said(_ path: String) async throws -> [String] {
            try await eventually(path) { FileManager.default.fileExists(atPath: path) }
            return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
        }

        @Test("with a listener and a chat: the picture is in the chat's composer")
        func intoTheChat() async throws {
            let display = try XServer(width: 400, height: 300)
            defer { display.stop() }
            let program = try Program(display: display)
            let listener = try listen(program)
            defer { listener.stop() }
            try await waitUntilHeld(program, by: "listen")
            let chat = try await Chat(program)
            defer { chat.close() }

            try display.finish("xdotool", "key", "super+shift+s")

            try await chat.wait(for: "screen 400×300")
        }

        @Test("with several chats: the picture is in the one that was looked at last")
        func focused() async throws {
            let display = try XServer(width: 400, height: 300)
            defer { display.stop() }
            let program = try Program(display: display)
            let listener = try listen(program)
            defer { listener.stop() }
            try await waitUntilHeld(program, by: "listen")
            let first = try await Chat(program)
            defer { first.close() }
            let second = try await Chat(program)
            defer { second.close() }

            // What a terminal says that got the focus; the chat writes that down before it draws what is typed.
            try await first.send(bytes: [0x1B, 0x5B, 0x49])
            try await first.type("looked at")
            try await first.wait(for: "looked at")
            try display.finish("xdotool", "key", "super+shift+s")
            try await first.wait(for: "screen 400×300")
            #expect(try await !second.screen.contains("400×300"))

            try await second.send(bytes: [0x1B, 0x5B, 0x49])
            try await second.type("looked at")
            try await second.wait(for: "looked at")
            try display.finish("xdotool", "key", "super+shift+s")
            try await second.wait(for: "screen 400×300")
        }

        @Test("with a chat alone: it holds the keys itself, and a listener that starts waits for its end")
        func chatAlone() async throws {
            let display = try XServer(width: 400, height: 300)
            defer { display.stop() }
            let program = try Program(display: display)
            let chat = try await Chat(program)
            defer { chat.close() }
            try await waitUntilHeld(program, by: "chat")
            let listener = try listen(program)
            defer { listener.stop() }

            try display.finish("xdotool", "key", "super+shift+s")
            try await chat.wait(for: "screen 400×300")
            chat.close()

            try await waitUntilHeld(program, by: "listen")
        }

        @Test("with a listener alone: a terminal opens with the picture; it is one, idle, and ends well")
        func terminal() async throws {
            let display = try XServer(width: 400, height: 300)
            defer { display.stop() }
            let program = try Program(
                display: display, configuration: "[popup]\nterminal = \"/bin/sh -c 'exit 0'\"\n")
            let path = try stub("terminal", program)
            try "[popup]\nterminal = \"\(program.home)/bin/terminal --here\"\n".write(
                toFile: program.home + "/config/scry/config.toml", atomically: true, encoding: .utf8)
            let listener = try listen(program)
            defer { listener.stop() }
            try await waitUntilHeld(program, by: "listen")
            let second = try await program.run("listen")
            #expect(second.status == 1 && second.error.contains("runs already"))

            try display.finish("xdotool", "key", "super+shift+s")
            let words = try await said(path)
            #expect(words.first == "--here")
            #expect(words.dropFirst(2).prefix(2) == ["chat", "--parcel"])
            let picture = try Data(contentsOf: URL(filePath: try #require(words.last)))
            #expect(picture.count > 400 * 300 * 4)

            // The same from the desktop's own settings, without any listener.
            try FileManager.default.removeItem(atPath: path)
            let popup = try await program.run("ask", "--screen", "--popup")
            #expect(popup.status == 0, "\(popup.error)")
            #expect(try await said(path).contains("--parcel"))

            func wakes() -> Int {
                let tasks =
                    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(listener.processID)/task")) ?? []
                return tasks.reduce(0) { sum, task in
                    let text =
                        (try? String(
                            contentsOfFile: "/proc/\(listener.processID)/task/\(task)/status", encoding: .utf8)) ?? ""
                    let line = text.split(separator: "\n").first { $0.hasPrefix("voluntary_ctxt_switches") }
                    return sum + (line.flatMap { Int($0.filter(\.isNumber)) } ?? 0)
                }
            }
            try await Task.sleep(for: .seconds(2))
            let before = wakes()
            try await Task.sleep(for: .seconds(3))
            #expect(wakes() - before <= 3)

            kill(listener.processID, SIGTERM)
            #expect(listener.waitUntilExit())
            let left = try await program.run("hotkeys")
            #expect(left.output.contains("Nobody holds them"))
        }

        @Test("a prompt's key asks at once; the answer is a notification and in the history")
        func prompt() async throws {
            let display = try XServer(width: 400, height: 300)
            defer { display.stop() }
            let engine = try ScriptedEngine.replying(.reply(answer: "The disk is **full**."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url, display: display)
            try "[hotkeys.prompts]\nexplain-error = \"Super+E\"\nwhat-changed = \"Super+C\"\n".write(
                toFile: program.home + "/config/scry/config.toml", atomically: true, encoding: .utf8)
            let path = try stub("notify-send", program)
            let search = program.home + "/bin:" + (program.environment["PATH"] ?? "")
            let listener = try TestProcess(
                Program.path, ["listen"], environment: program.environment.merging(["PATH": search]) { $1 })
            defer { listener.stop() }
            try await waitUntilHeld(program, by: "listen")

            try display.finish("xdotool", "key", "super+e")
            #expect(try await said(path).last == "The disk is **full**.")
            let first = try #require(ChatCall.all(engine).last)
            #expect(first.words.contains("Explain the error"))
            #expect(try await program.run("chats", "list").output.contains("Explain the error"))

            try FileManager.default.removeItem(atPath: path)
            try display.finish("xdotool", "key", "super+c")
            _ = try await said(path)
            let second = try #require(ChatCall.all(engine).last)
            #expect(second.parts.count { if case .picture = $0 { true } else { false } } == 2)
        }
    }
}

extension EndToEnd {
    @Suite(
        "Pictures on the clipboard", .timeLimit(.minutes(2)), .enabled(if: isProgramInstalled("xclip"), "needs xclip"))
    struct CopyingTests {
        @Test("c in the transcript puts the picture of a message on the clipboard")
        func copies() async throws {
            let display = try XServer(width: 400, height: 300)
            defer { display.stop() }
            let engine = try ScriptedEngine.replying(.reply(answer: "I see it."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url, display: display)
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.wait(for: "tiny")
            try await chat.press("F2")
            try await chat.wait(for: "screen 400×300")
            try await chat.ask("look")
            try await chat.wait(for: "I see it\\.")

            try await chat.press("Tab")
            try await chat.press("k")
            try await chat.press("c")
            try await chat.wait(for: "on the clipboard")

            let pasted = try await program.shell("xclip -selection clipboard -o -t image/png | head -c 8 | od -An -tx1")
            #expect(pasted.output.contains("89 50 4e 47"), "\(pasted.output) \(pasted.error)")
        }
    }
}
