import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Chats from the shell", .timeLimit(.minutes(4)))
    struct ChatsTests {
        private func asked() async throws -> (Program, ScriptedEngine) {
            let engine = try ScriptedEngine.replying(
                .reply(reasoning: "Hm.", answer: "A red **disc**.\n\n<script>alert(1)</script>"),
                .reply(answer: "Four."))
            let program = try Program(engine: engine.url)
            for words in [["-a", Program.fixtures + "/media/red-circle.png", "what is it?"], ["two and two?"]] {
                let run = try await program.shell(
                    #""$scry" ask -q "# + words.map { "'\($0)'" }.joined(separator: " ") + " </dev/null")
                #expect(run.status == 0, "\(run.error)")
            }
            return (program, engine)
        }

        private func ids(_ program: Program) async throws -> [String: String] {
            let list = try await program.run("chats", "list", "--json")
            let chats = try JSONSerialization.jsonObject(with: Data(list.output.utf8)) as? [[String: Any]] ?? []
            return Dictionary(
                uniqueKeysWithValues: chats.map { ($0["title"] as? String ?? "", $0["id"] as? String ?? "") })
        }

        @Test("A chat is listed, shown, renamed, found and deleted by the first digits of its id")
        func managed() async throws {
            let (program, engine) = try await asked()
            defer { engine.stop() }
            let disc = String(try #require(try await ids(program)["what is it?"]).prefix(8))
            let shown = try await program.run("chats", "show", disc)
            #expect(shown.output.contains("A red **disc**.") && shown.output.contains("> Hm."), "\(shown)")
            #expect(try await program.run("chats", "rename", disc, "The", "disc").status == 0)
            let found = try await program.run("chats", "search", "disc")
            #expect(found.status == 0 && found.output.hasPrefix(disc) && found.output.contains("The disc"), "\(found)")
            let nothing = try await program.run("chats", "search", "elephant")
            #expect(nothing.status == 1 && nothing.output.isEmpty && nothing.error.isEmpty)
            let refused = try await program.run("chats", "delete", disc)
            #expect(refused.status == 64 && refused.error.contains("--yes"))
            #expect(try await program.run("chats", "delete", "--yes", disc, "zzz").status == 64)
            #expect(try await ids(program).count == 2)
            #expect(try await program.run("chats", "delete", "--yes", disc).status == 0)
            #expect(Array(try await ids(program).keys) == ["two and two?"])
            let missing = try await program.run("chats", "show", disc)
            #expect(missing.status == 64 && missing.error.contains("There is no chat \(disc)"))
        }

        @Test("What is found has its picture in small, which is drawn, named in JSON and deleted with the chat")
        func thumbnails() async throws {
            let (program, engine) = try await asked()
            defer { engine.stop() }
            let plain = try await program.run("chats", "search", "disc")
            #expect(
                plain.output.contains("\n    A red disc") || plain.output.contains("\n    A red **disc**"), "\(plain)")
            #expect(plain.output.contains("\n    picture: 20") && !plain.output.contains("▀"), "\(plain)")
            let drawn = try await program.run("chats", "search", "--thumbnails", "disc").output
            // The circle of the fixture is red, on white.
            #expect(drawn.contains("▀") && drawn.contains("\u{1B}[38;5;231"), "\(drawn)")

            let found = try await program.run("chats", "search", "--json", "disc")
            let hits = try JSONSerialization.jsonObject(with: Data(found.output.utf8)) as? [[String: Any]] ?? []
            let path = try #require(hits.first?["thumbnail"] as? String)
            #expect(path.hasSuffix("\(hits.first?["picture_sha256"] as? String ?? "?").thumbnail.jpg"))
            #expect(FileManager.default.contents(atPath: path)?.starts(with: [0xFF, 0xD8, 0xFF]) == true)
            // One that an early version did not make is made when it is looked at.
            try FileManager.default.removeItem(atPath: path)
            #expect(try await program.run("chats", "search", "--json", "disc").status == 0)
            #expect(FileManager.default.fileExists(atPath: path))

            let past = try await program.run("chats", "search", "--until", "2001-02-03", "disc")
            #expect(past.status == 1 && past.output.isEmpty && past.error.isEmpty, "\(past)")
            #expect(try await program.run("chats", "search", "--since", "2001-02-03", "disc").status == 0)
            for wrong in [["--since", "tuesday"], ["--since", "2001-02-03", "--until", "2001-02-02"]] {
                let words = wrong.joined(separator: " ")
                #expect(try await program.shell("\"$scry\" chats search \(words) disc").status == 64)
            }

            let chat = try #require(try await ids(program)["what is it?"])
            #expect(try await program.run("chats", "delete", "--yes", chat).status == 0)
            #expect(!FileManager.default.fileExists(atPath: path))
        }

        @Test("What is exported as lines and imported elsewhere is the same, and is imported once")
        func roundTrip() async throws {
            let (program, engine) = try await asked()
            defer { engine.stop() }
            let path = program.home + "/all.jsonl"
            #expect(try await program.run("chats", "export", "--all", "-f", "jsonl", "-o", path).status == 0)
            let other = try Program(engine: engine.url)
            let first = try await other.run("chats", "import", path)
            #expect(first.output == "2 chats of Scry imported.\n", "\(first)")
            #expect(
                try await other.run("chats", "import", path).output
                    == "0 chats of Scry imported; 2 were there already.\n")
            let again = try await other.run("chats", "export", "--all", "-f", "jsonl")
            #expect(again.output == (try String(contentsOfFile: path, encoding: .utf8)))
            let disc = try #require(try await ids(other)["what is it?"])
            #expect(try await other.run("ask", "-C", String(disc.prefix(6)), "-q", "sure?").status == 0)
            #expect(try #require(ChatCall.all(engine).last).body.contains("data:image/"))
        }

        @Test("A chat that was changed by hand becomes another one, and the archive of ChatGPT is taken as it came")
        func imports() async throws {
            let (program, engine) = try await asked()
            defer { engine.stop() }
            let path = program.home + "/all.jsonl"
            #expect(try await program.run("chats", "export", "--all", "-f", "jsonl", "-o", path).status == 0)
            let lines = try String(contentsOfFile: path, encoding: .utf8)
            try lines.replacing("Four.", with: "Five!").write(toFile: path, atomically: true, encoding: .utf8)
            #expect(
                try await program.run("chats", "import", path).output
                    == "1 chats of Scry imported, 1 of them beside another of the same name; 1 were there already.\n")
            #expect(
                try await program.run("chats", "import", path).output
                    == "0 chats of Scry imported; 2 were there already.\n")
            let found = try await program.run("chats", "search", "Four")
            #expect(found.output.contains("Four.") && !found.output.contains("Five!"), "\(found)")

            guard isProgramInstalled("zip"), isProgramInstalled("unzip") else { return }
            let chat = """
                [{"title":"Discs","create_time":1700000000,"conversation_id":"6f9619ff-8b86-d011-b42d-00cf4fc964ff",
                "current_node":"c","mapping":{
                "a":{"parent":null,"children":["b","c"],"message":{"author":{"role":"user"},"content":{"content_type":
                "multimodal_text","parts":[{"content_type":"image_asset_pointer","asset_pointer":
                "sediment://file_00000000abc"},"What is it?"]}}},
                "b":{"parent":"a","children":[],"message":{"author":{"role":"assistant"},"content":{"parts":["Old."]}}},
                "c":{"parent":"a","children":[],"message":{"author":{"role":"assistant"},"content":{"parts":["New."]}}}}}]
                """
            try chat.write(toFile: program.home + "/conversations.json", atomically: true, encoding: .utf8)
            let packed = try await program.shell(
                "cd \"$HOME\" && cp '\(Program.fixtures)/media/red-circle.png' file_00000000abc-x.png "
                    + "&& zip -q export.zip conversations.json file_00000000abc-x.png "
                    + "&& \"$scry\" chats import export.zip && ls \"${TMPDIR:-/tmp}\" | grep -c scry-import || true")
            #expect(packed.output == "1 chats of ChatGPT imported.\n0\n", "\(packed)")
            let exported = try await program.run("chats", "export", "6f9619ff", "-f", "jsonl")
            let messages = exported.output.split(separator: "\n").filter { $0.contains("\"type\":\"message\"") }
            #expect(messages.count == 3 && messages.count { $0.contains("\"shown\":false") } == 1, "\(exported)")
            #expect(exported.output.contains("\"type\":\"media\""))
        }

        @Test("A page has its pictures in it and lets nothing of the engine's act; files that are there stay")
        func page() async throws {
            let (program, engine) = try await asked()
            defer { engine.stop() }
            let disc = try #require(try await ids(program)["what is it?"])
            let path = program.home + "/chat.html"
            let written = try await program.run("chats", "export", disc, "-f", "html", "-o", path)
            #expect(written.status == 0 && written.output == path + "\n", "\(written)")
            let html = try String(contentsOfFile: path, encoding: .utf8)
            #expect(html.contains("src=\"data:image/png;base64,") && html.contains("<strong>disc</strong>"))
            #expect(!html.contains("<script") && html.contains("&lt;script&gt;"))
            let refused = try await program.run("chats", "export", disc, "-f", "html", "-o", path)
            #expect(refused.status == 64 && refused.error == "scry: \(path) is there already; --force replaces it.\n")
            #expect(try await program.run("chats", "export", disc, "-f", "html", "-o", path, "--force").status == 0)
            let folder = program.home + "/notes"
            #expect(try await program.run("chats", "export", "--all", "-o", folder).status == 0)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            #expect(names.count == 3 && names.contains("media"), "\(names)")
            let none = try await program.run("chats", "export", "--all", "-f", "training", "-o", program.home + "/set")
            #expect(none.status == 1 && none.error.contains("marked good"), "\(none)")
        }

        @Test("Completion knows chats and prompts, answers at once and never complains")
        func completion() async throws {
            let (program, engine) = try await asked()
            defer { engine.stop() }
            let disc = String(try #require(try await ids(program)["what is it?"]).prefix(8))
            func complete(_ words: String..., program: Program) async throws -> Program.Output {
                try await program.shell(#"SAP_SHELL=bash "$scry" ---completion "# + words.joined(separator: " "))
            }
            let chats = try await complete("chats show -- positional@0 2 0 ''", program: program)
            #expect(chats.output.split(separator: "\n").contains(Substring(disc)), "\(chats)")
            let prompts = try await complete("ask -- --prompt 2 0 ''", program: program)
            #expect(prompts.output.contains("commit-message"))
            let blind = try Program(configuration: "this is [no toml")
            for words in [
                "ask -- --monitor 2 0 ''", "ask -- --window 2 0 ''", "chats show -- positional@0 2 0 ''",
                "ask -- --model 2 0 ''",
            ] {
                let start = ContinuousClock.now
                let run = try await complete(words, program: blind)
                #expect(run.status == 0 && run.error.isEmpty, "\(words): \(run)")
                #expect(ContinuousClock.now - start < .seconds(3))
            }
            #expect(!FileManager.default.fileExists(atPath: blind.home + "/data/scry/history.sqlite"))
        }
    }
}
