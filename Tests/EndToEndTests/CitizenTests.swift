import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("A good citizen of the shell", .timeLimit(.minutes(4)))
    struct CitizenTests {
        @Test("-x prints the first block of code and nothing else; without one it exits with 6")
        func codeOnly() async throws {
            let engine = try ScriptedEngine.replying(
                .reply(answer: "Sure:\n\n```sh\nls -l\necho  two\n```\nor\n```\nrm -r x\n```\n"),
                .reply(answer: "```sh\nrm -r x/", finish: "length"), .reply(answer: "I cannot."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let found = try await program.run("ask", "-x", "list files")
            #expect(found.status == 0 && found.output == "ls -l\necho  two\n", "\(found)")
            let cut = try await program.run("ask", "-x", "list files")
            #expect(cut.status == 6 && cut.output.isEmpty && cut.error.contains("token limit"), "\(cut)")
            let none = try await program.run("ask", "--extract", "list files")
            #expect(none.status == 6 && none.output.isEmpty && none.error == "scry: The answer has no block of code.\n")
        }

        @Test("--schema goes to the engine, is checked, and is asked for once more")
        func schema() async throws {
            let engine = try ScriptedEngine.replying(
                .reply(answer: #"{"total": "twelve"}"#), .reply(answer: "```json\n{\"total\": 12}\n```"),
                .reply(answer: "no idea"), .reply(answer: "none"))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let schema = #"{"type":"object","properties":{"total":{"type":"integer"}},"required":["total"]}"#
            try schema.write(toFile: program.home + "/s.json", atomically: true, encoding: .utf8)
            let good = try await program.run("ask", "--schema", program.home + "/s.json", "how much?")
            #expect(good.status == 0 && good.output == "{\"total\": 12}\n", "\(good)")
            let calls = ChatCall.all(engine)
            let format = try #require(calls.first?.json["response_format"] as? [String: Any])
            #expect(format["type"] as? String == "json_schema")
            #expect((format["json_schema"] as? [String: Any])?["schema"] as? NSDictionary != nil)
            #expect(calls.last?.messages.last?.text.contains(".total is a string, not a integer") == true)
            let bad = try await program.run("ask", "--schema", schema, "how much?")
            #expect(bad.status == 6 && bad.output == "none\n", "\(bad)")
            #expect(bad.error == "scry: The answer does not match the schema: it is no JSON.\n")
            let wrong = try await program.run("ask", "--schema", "/nowhere.json", "how much?")
            #expect(wrong.status == 64 && wrong.error.contains("/nowhere.json"))
            #expect(ChatCall.all(engine).count == 4)
        }

        @Test("A named prompt stands between standard input and the words; one's own goes first")
        func prompts() async throws {
            let engine = try ScriptedEngine.replying(.reply(answer: "Ok."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let folder = program.home + "/config/scry/prompts"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try "Say {{words}} twice.".write(toFile: folder + "/twice.md", atomically: true, encoding: .utf8)
            _ = try await program.run("ask", "-p", "translate", "Danish", input: "Guten\n\tTag\n")
            _ = try await program.run("ask", "-p", "twice", "hello")
            let words = ChatCall.all(engine).map(\.words)
            #expect(
                words[0].hasPrefix("Guten\n\tTag\n\nTranslate what is above") && words[0].hasSuffix("\n\nDanish"),
                "\(words)")
            #expect(words[1] == "Say hello twice.")
            let missing = try await program.run("ask", "-p", "nothing", "hello")
            #expect(missing.status == 64 && missing.error.contains("no prompt nothing"))
            let outside = try await program.run("ask", "-p", "../../config", "hello")
            #expect(outside.status == 64)
            let list = try await program.run("prompts")
            #expect(list.output.contains("twice") && list.output.contains("explain-error"))
            #expect(try await program.run("prompts", "show", "twice").output == "Say {{words}} twice.\n")
            let edited = try await program.shell(
                #"EDITOR="printf 'new\n' >" VISUAL= "$scry" prompts edit mine && "$scry" prompts show mine"#)
            #expect(edited.output.hasSuffix("with the picture.\n"), "\(edited)")
        }

        @Test("-o writes the answer to a file, also what came before Ctrl-C; -q says nothing else")
        func outputFile() async throws {
            let engine = try ScriptedEngine.replying(
                .reply(reasoning: "Hm.", answer: "Four."), .reply(answer: "Five."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let path = program.home + "/answer.txt"
            let run = try await program.run("ask", "-q", "-o", path, "two and two?")
            #expect(run.status == 0 && run.output.isEmpty && run.error.isEmpty, "\(run)")
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "Four.\n")
            let json = try await program.run("ask", "--json", "-o", path, "two and three?")
            #expect(json.status == 0 && json.output.isEmpty)
            #expect(try String(contentsOfFile: path, encoding: .utf8).contains(#""answer":"Five.""#))
            let nowhere = try await program.run("ask", "-o", "/nowhere/x", "again?")
            #expect(nowhere.status == 1 && nowhere.error.contains("/nowhere/x"))
        }

        @Test("A full disk behind standard output is a failure")
        func fullDisk() async throws {
            let engine = try ScriptedEngine.replying(.reply(answer: "Four."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            for command in ["ask two", "config", "keys", "prompts"] {
                let run = try await program.shell(#""$scry" "# + command + " </dev/null >/dev/full")
                #expect(
                    run.status == 1
                        && run.error == "scry: Standard output could not be written: No space left on device.\n")
            }
        }

        @Test("A closed pipe ends it quietly where SIGPIPE is ignored, too")
        func ignoredSignal() async throws {
            let lines = (1...500).map { "line \($0)\n" }.joined()
            let engine = try ScriptedEngine.replying(.reply(answer: lines, pause: .milliseconds(20)))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let start = ContinuousClock.now
            let run = try await program.shell(#"trap '' PIPE; "$scry" ask count | head -1; echo "${PIPESTATUS[0]}""#)
            #expect(run.output == "line 1\n141\n" && run.error.isEmpty, "\(run)")
            #expect(ContinuousClock.now - start < .seconds(9))
        }

        @Test("A polite kill and a hang-up keep what came, as Ctrl-C does", arguments: ["TERM", "HUP"])
        func signals(_ signal: String) async throws {
            let words = (1...400).map { "word\($0)" }.joined(separator: " ")
            let engine = try ScriptedEngine.replying(.reply(answer: words, pause: .milliseconds(30)))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let run = try await program.shell(
                """
                "$scry" ask count </dev/null >"$HOME/out" 2>"$HOME/errors" & asking=$!
                until grep -q word10 "$HOME/out"; do sleep 0.01; done
                kill -\(signal) $asking; wait $asking; echo $?; cat "$HOME/errors"
                """)
            #expect(run.output.hasPrefix("130\nscry: Cancelled"), "\(run)")
            let out = try String(contentsOfFile: program.home + "/out", encoding: .utf8)
            #expect(out.hasPrefix("word1 word2 ") && out.hasSuffix("\n"))
            try await eventually("the closed connection") { engine.abandonedCount == 1 }
            let list = try await program.run("chats", "list", "--json")
            let chats = try JSONSerialization.jsonObject(with: Data(list.output.utf8)) as? [[String: Any]]
            let chat = try #require(chats?.first?["id"] as? String)
            #expect(try await program.run("chats", "show", chat).output.contains("word1 word2 "))
        }

        @Test("Without a terminal, a home, a path or a locale it works as well")
        func emptyEnvironment() async throws {
            let engine = try ScriptedEngine.replying(.reply(answer: "Grüße."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let run = try await program.shell(
                #"echo Ä | env -i XDG_DATA_HOME="$HOME/data" setsid "$scry" ask -e "\#(engine.url)" "ö?""#)
            #expect(run.status == 0 && run.output == "Grüße.\n", "\(run)")
            #expect(ChatCall.all(engine).first?.words == "Ä\n\nö?")
        }

        @Test("Attachments go in the order in which they are named, standard input where it is named")
        func order() async throws {
            let engine = try ScriptedEngine.replying(.reply(answer: "Ok."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            for name in ["one", "two"] {
                try name.write(toFile: program.home + "/\(name).txt", atomically: true, encoding: .utf8)
            }
            let run = try await program.run(
                "ask", "-a", program.home + "/one.txt", "-a", "-", "-a", program.home + "/two.txt", "sum",
                input: "middle\n")
            #expect(run.status == 0, "\(run.error)")
            let body = try #require(ChatCall.all(engine).first?.body)
            let places = ["one.txt", "middle", "two.txt", "sum"].compactMap { body.range(of: $0)?.lowerBound }
            #expect(places.count == 4 && places == places.sorted(), "\(body)")
        }
    }
}
