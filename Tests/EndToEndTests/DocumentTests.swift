import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Documents, from the file to what the engine gets.
    @Suite("Documents", .timeLimit(.minutes(4)))
    struct DocumentTests {
        private static let fact = "The turbine failed in Rotterdam"

        /// Ninety pages, one of which says what nobody could guess.
        private func report(_ program: Program) throws -> String {
            let pages = (1...90).map { page in
                (0..<40).map { line in
                    page == 57 && line == 20
                        ? Self.fact : "Page \(page), line \(line): the quick brown fox jumps over the lazy dog"
                }
            }
            let path = program.home + "/report.pdf"
            try Data(MadePDF(pages: pages).bytes).write(to: URL(filePath: path))
            return path
        }

        /// An engine of a model with so much context, which answers the same to everything.
        private func engine(_ model: String, context: Int) throws -> ScriptedEngine {
            try ScriptedEngine { request in
                switch request.path {
                case "/v1/models":
                    .body(
                        #"{"object":"list","data":[{"id":"\#(model)","owned_by":"vllm","max_model_len":\#(context)}]}"#)
                case "/v1/chat/completions": .reply(answer: "In Rotterdam, page 57.", model: model)
                default: .body(#"{"error":{"message":"Not Found"}}"#, status: 404)
                }
            }
        }

        @Test("Of a long document the page that matters is seen, its words can be read, and the budget is kept")
        func long() async throws {
            let engine = try engine("glm-4.5v", context: 32_768)
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let path = try report(program)
            let result = try await program.run("ask", "-a", path, "--json", "Where did the turbine fail?")
            #expect(result.status == 0, "\(result.error)")
            let call = try #require(ChatCall.all(engine).first)
            #expect(call.words.contains("90 pages") && call.words.contains("Left out for want of room"))
            // The picture that stands behind its number shows the page.
            let place = try #require(call.parts.firstIndex(of: .text("[page 57]")))
            guard case .picture(let picture) = call.parts[place + 1] else {
                Issue.record("no picture of page 57")
                return
            }
            #expect(try recognized(picture).contains(Self.fact))
            let media = try #require(result.json["attachments"] as? [[String: Any]])
            #expect(media.contains { $0["kind"] as? String == "page" })
            #expect(media.contains { $0["kind"] as? String == "page text" })

            // What goes on with it sends the same pages with the same bytes.
            let again = try await program.run("ask", "-c", "and page 3?")
            #expect(again.status == 0, "\(again.error)")
            let later = try #require(ChatCall.all(engine).last)
            #expect(later.body.contains(picture.base64EncodedString().prefix(2000)))
        }

        @Test("Pages are chosen behind the file's name, and an engine that cannot see gets their words")
        func range() async throws {
            let engine = try engine("smollm2-135m", context: 8192)
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let path = try report(program)
            let result = try await program.run("ask", "-a", path + "#56-57", "Where?")
            #expect(result.status == 0, "\(result.error)")
            let call = try #require(ChatCall.all(engine).first)
            #expect(call.pictures.isEmpty)
            #expect(call.words.contains("[page 57, its text]") && call.words.contains(Self.fact))
            #expect(!call.words.contains("[page 55"))
            let none = try await program.run("ask", "-a", path + "#91", "Where?")
            #expect(none.status == 5)
            #expect(none.error == "scry: report.pdf has no such page: it has 90 pages.\n")
        }

        @Test("In the chat a document is one chip, and its pages are seen when it was sent")
        func chat() async throws {
            let engine = try engine("glm-4.5v", context: 65_536)
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let path = try report(program)
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.wait(for: "thinking on")
            try await chat.type("/attach \(path)#56-58")
            try await chat.press("Enter")
            try await chat.wait(for: "▤ report.pdf 3 pages of 90")
            try await chat.ask("Where did it fail?")
            try await chat.wait(
                for: "report.pdf 3 pages of 90 · all as pictures(.|\n)*page 56(.|\n)*In Rotterdam, page 57")
        }
    }
}
