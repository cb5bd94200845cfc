import Desktop
import Foundation
import Media
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Forms of recordings, and an engine's limits", .timeLimit(.minutes(4)))
    struct VideoFormTests {
        // MARK: - What is shown

        /// Greys of the slides of a film, each of which is seen for some seconds.
        private static let greys: [UInt8] = [20, 220, 60, 180, 100, 240, 40, 200, 80, 160]

        /// A film of slides, as a recording of the screen is written.
        private static func film(_ path: String, slides: Int, seconds: Int, width: Int = 640, height: Int = 360) throws
        {
            let writer = try VideoWriter(path: path, width: width, height: height, framesPerSecond: 2)
            for index in 0..<slides * seconds * 2 {
                let grey = greys[index / 2 / seconds % greys.count]
                let pixels = PixelBuffer(byteCount: width * height * 3) { bytes in
                    for place in bytes.indices { bytes[place] = grey }
                }
                let frame = Frame(
                    width: width, height: height, stride: width * 3, format: .rgb, pixels: pixels,
                    time: UInt64(index) * 500_000_000)
                try writer.append(CapturedFrame(frame: frame, changes: nil))
            }
            _ = try writer.finish(at: UInt64(slides * seconds) * 1_000_000_000)
        }

        // MARK: - Who looks

        /// The media of a request's last message: the type, and each of the pictures behind it.
        struct Shown: Equatable {
            var type: String
            var pictures: [Data]
        }

        static func shown(_ body: [UInt8]) -> [Shown] {
            guard let json = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any],
                let content = (json["messages"] as? [[String: Any]])?.last?["content"] as? [[String: Any]]
            else { return [] }
            return content.compactMap { part in
                let media = (part["image_url"] ?? part["video_url"]) as? [String: Any]
                guard let url = media?["url"] as? String, let comma = url.firstIndex(of: ",") else { return nil }
                let list = url[comma...].dropFirst().split(separator: ",", omittingEmptySubsequences: false)
                let pictures = list.map { Data(base64Encoded: String($0)) ?? Data() }
                return Shown(type: String(url[..<comma].dropFirst(5).prefix { $0 != ";" }), pictures: pictures)
            }
        }

        /// The colour in the middle of a picture, and its size.
        private static func look(_ picture: Data) throws -> (colour: [UInt8], width: Int, height: Int) {
            let frame = try StillDecoder().decode([UInt8](picture))
            let place = frame.height / 2 * frame.stride + frame.width / 2 * (frame.stride / frame.width)
            let bytes = frame.pixels.withBytes { Array($0[place..<place + 3]) }
            return (frame.format == .rgb ? bytes : bytes.reversed(), frame.width, frame.height)
        }

        private static func name(of picture: Data) throws -> String {
            let colour = try look(picture).colour
            if colour[1] > 120 { return "green" }
            return colour[0] > colour[2] ? "red" : "blue"
        }

        /// An engine that presents itself as vLLM: it decodes what it gets, counts it, and refuses more than four pictures.
        private static func vllm(takesVideo: Bool = true, takesLists: Bool = true) throws -> ScriptedEngine {
            try ScriptedEngine { request in
                switch (request.method, request.path) {
                case ("GET", "/v1/models"):
                    return .body(
                        #"{"object":"list","data":[{"id":"glm-4.5v","owned_by":"vllm","max_model_len":8192}]}"#)
                case ("GET", "/version"): return .body(#"{"version":"0.32.0"}"#)
                case ("POST", "/v1/chat/completions"): break
                default: return .body(#"{"detail":"Not Found"}"#, status: 404)
                }
                let shown = shown(request.body)
                let stills = shown.filter { $0.type.hasPrefix("image/") }
                guard stills.count <= 4 else { return refusal("At most 4 image(s) may be provided in one prompt.") }
                guard let video = shown.first(where: { $0.type.hasPrefix("video/") }) else {
                    let colour = stills.first.flatMap { try? name(of: $0.pictures[0]) }
                    return .reply(answer: colour ?? "Paris.", promptTokens: 20 + 18 * stills.count)
                }
                if video.type != "video/jpeg" {
                    // What is compressed is blue in every sample.
                    return takesVideo ? .reply(answer: "blue") : refusal("Could not open video stream")
                }
                guard takesLists else { return refusal("Failed to apply Glm4vProcessor") }
                if request.text.contains("media_io_kwargs") {
                    return refusal("media_io_kwargs are disabled by default")
                }
                let colour = try? name(of: video.pictures[0])
                return .reply(answer: colour ?? "?", promptTokens: 20 + (video.pictures.count + 1) / 2 * 19)
            }
        }

        private static func refusal(_ words: String) -> ScriptedEngine.Response {
            .body(#"{"error":{"message":"\#(words)","type":"BadRequestError","code":400}}"#, status: 400)
        }

        private static func questions(_ engine: ScriptedEngine) -> [ScriptedEngine.Request] {
            engine.requests.filter { $0.method == "POST" && $0.text.contains("What happened?") }
        }

        // MARK: - The form

        @Test("A long recording goes as a list of frames, in order, to an engine that was found out to take it")
        func list() async throws {
            let engine = try Self.vllm()
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let film = program.home + "/film.mkv"
            try Self.film(film, slides: 10, seconds: 6)
            // Nothing is tried for a dry run, and nothing is known yet.
            let unknown = try await program.run("ask", "-a", film, "--dry-run", "What happened?")
            #expect(unknown.error.contains("pictures with their times"), "\(unknown.error)")
            #expect(Self.questions(engine).isEmpty)

            let run = try await program.run("ask", "-a", film, "What happened?")
            #expect(run.status == 0, "\(run.error)")
            let shown = Self.shown(try #require(Self.questions(engine).last).body)
            #expect(shown.map(\.type) == ["video/jpeg"])
            let seen = try shown[0].pictures.map { try Self.look($0) }
            // All slides in their order, and the last frame.
            let greys = seen.map { Int($0.colour[0]) }
            let expected = Self.greys.map(Int.init)
            #expect(greys.count >= 10, "\(greys)")
            for (grey, wanted) in zip(greys, expected) { #expect(abs(grey - wanted) < 12, "\(greys)") }
            #expect(Set(seen.map { [$0.width, $0.height] }).count == 1 && seen[0].width <= 640 && seen[0].width >= 320)

            // It is remembered: nothing is tried again, and a dry run says what will go.
            let count = engine.requests.filter { $0.path.hasSuffix("/chat/completions") }.count
            let known = try await program.run("ask", "-a", film, "--dry-run", "What happened?")
            #expect(
                known.error.contains("film.mkv goes as a list of \(greys.count) frames in one part."), "\(known.error)")
            #expect(known.output.contains("data:video/jpeg;base64,<\(greys.count) frames, "))
            _ = try await program.run("ask", "-a", film, "What happened?")
            #expect(engine.requests.filter { $0.path.hasSuffix("/chat/completions") }.count == count + 1)
        }

        @Test("A short recording goes as one video, and without lists a long one as the pictures that fit")
        func others() async throws {
            let engine = try Self.vllm(takesLists: false)
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            try Self.film(program.home + "/short.mkv", slides: 2, seconds: 2)
            try Self.film(program.home + "/long.mkv", slides: 10, seconds: 6)
            let short = try await program.run("ask", "-a", program.home + "/short.mkv", "What happened?")
            #expect(short.status == 0, "\(short.error)")
            // One video needs no trying.
            #expect(engine.requests.filter { $0.path.hasSuffix("/chat/completions") }.count == 1)
            #expect(Self.shown(Self.questions(engine)[0].body).map(\.type) == ["video/x-matroska"])

            let long = try await program.run("ask", "-a", program.home + "/long.mkv", "What happened?")
            #expect(long.status == 0, "\(long.error)")
            let shown = Self.shown(try #require(Self.questions(engine).last).body)
            #expect(shown.count == 4 && shown.allSatisfy { $0.type.hasPrefix("image/") })
            #expect(try abs(Int(Self.look(shown[0].pictures[0]).colour[0]) - 20) < 12)
        }

        @Test("A summary shows no more pictures at once than the engine was found out to take")
        func summary() async throws {
            let engine = try Self.vllm()
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let film = program.home + "/film.mkv"
            try Self.film(film, slides: 10, seconds: 6)

            let run = try await program.run("summarize", "--no-think", film, seconds: 120)
            #expect(run.status == 0, "\(run.error)")
            let counts = engine.requests.filter { $0.text.contains("of a recording of a screen") }.map {
                Self.shown($0.body).count
            }
            #expect(counts.contains { $0 > 1 } && counts.allSatisfy { $0 <= 4 }, "\(counts)")
        }

        @Test("What the doctor has proven is what asking goes by, for a day")
        func doctor() async throws {
            let engine = try Self.vllm(takesVideo: false)
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let film = program.home + "/short.mkv"
            try Self.film(film, slides: 3, seconds: 2)
            let before = try await program.run("ask", "-a", film, "--dry-run", "What happened?")
            #expect(before.error.contains("short.mkv goes as one video."), "\(before.error)")

            let run = try await program.run("doctor", "--engine")
            for line in [
                "✗ video: it is refused: ",
                "✓ frame list: it is taken and seen; the frames' times go in words → vLLM takes the times themselves "
                    + "with --trust-request-mm-kwargs",
                "– many pictures: a message takes 4 at most → start vLLM with --limit-mm-per-prompt "
                    + "'{\"image\":32,\"video\":1}'",
            ] { #expect(run.output.contains("\n" + line), "\(run.output)") }
            let after = try await program.run("ask", "-a", film, "--dry-run", "What happened?")
            #expect(after.error.contains("short.mkv goes as 3 pictures"), "\(after.error)")
            #expect(after.output.components(separatedBy: "data:image/png").count == 4)
            // The doctor itself believes nothing: it finds the same again.
            let again = try await program.run("doctor", "--engine").output
            func lines(_ output: String) -> [Substring] {
                output.split(separator: "\n").filter { !$0.contains("the first word after") }
            }
            #expect(lines(again) == lines(run.output) && lines(again).count > 6)
        }

        // MARK: - The limits

        /// An engine that presents itself as Z.ai, with the limits of its documentation: 6000 pixels, 5 MB, 50 pictures.
        private static func service() throws -> ScriptedEngine {
            try ScriptedEngine { request in
                switch (request.method, request.path) {
                case ("GET", "/v1/models"): .body(#"{"object":"list","data":[{"id":"glm-4.5v"}]}"#)
                case ("POST", "/v1/chat/completions"): .reply(answer: "Seen.")
                default: .body("{}", status: 404)
                }
            }
        }

        private static func program(_ engine: ScriptedEngine) throws -> Program {
            try Program(
                engine: nil,
                configuration: "engine = \"cloud\"\n[engines.cloud]\nurl = \"\(engine.url)\"\nkind = \"zai\"\n"
                    + "model = \"glm-4.5v\"\n")
        }

        @Test(
            "Pictures too wide or too heavy for an engine come within its limits, legible; a small one stays as it is")
        func pictures() async throws {
            let engine = try Self.service()
            defer { engine.stop() }
            let program = try Self.program(engine)
            // Text on a strip wider than the engine takes, and noise that no format makes small.
            try await Self.convert(
                "-size", "7000x200", "xc:white", "-font", "DejaVu-Sans", "-fill", "black", "-pointsize", "90", "-draw",
                "text 100,130 'Kernel panic at line forty two'", program.home + "/wide.png")
            try await Self.convert(
                "-size", "2200x1600", "xc:gray", "+noise", "Random", program.home + "/heavy.png")
            try await Self.convert("-size", "120x60", "xc:navy", program.home + "/small.png")
            let run = try await program.run(
                "ask", "-a", program.home + "/wide.png", "-a", program.home + "/heavy.png", "-a",
                program.home + "/small.png", "What happened?", seconds: 180)
            #expect(run.status == 0, "\(run.error)")
            let shown = Self.shown(try #require(Self.questions(engine).last).body)
            #expect(shown.map(\.type) == ["image/png", "image/jpeg", "image/png"])
            let seen = try shown.map { try Self.look($0.pictures[0]) }
            for (each, look) in zip(shown, seen) {
                #expect(each.pictures[0].count <= 5_000_000 && max(look.width, look.height) <= 6000)
            }
            #expect(seen[0].width > 5900 && seen[0].height >= 165)
            #expect(try recognized(shown[0].pictures[0]).contains("Kernel panic at line forty two"))
            #expect(seen[1].width * 16 - seen[1].height * 22 < 40 && seen[1].width >= 1000)
            #expect(seen[2].width == 120 && seen[2].height == 60)
        }

        @Test("More pictures than an engine takes are told in one sentence, and of two recordings one is a video")
        func counts() async throws {
            let engine = try Self.service()
            defer { engine.stop() }
            let program = try Self.program(engine)
            try await Self.convert("-size", "60x60", "xc:navy", program.home + "/small.png")
            let many = String(repeating: " -a \(program.home)/small.png", count: 51)
            let run = try await program.shell("$scry ask\(many) 'What happened?'")
            #expect(run.status != 0 && Self.questions(engine).isEmpty)
            #expect(
                run.error.contains("The message has 51 pictures, and the engine takes 50 at most; remove some."),
                "\(run.error)")
            try Self.film(program.home + "/one.mkv", slides: 2, seconds: 2)
            try Self.film(program.home + "/two.mkv", slides: 3, seconds: 2)
            let films = try await program.run(
                "ask", "-a", program.home + "/one.mkv", "-a", program.home + "/two.mkv", "What happened?")
            #expect(films.status == 0, "\(films.error)")
            let types = Self.shown(try #require(Self.questions(engine).last).body).map(\.type)
            #expect(types.filter { $0.hasPrefix("video/") } == ["video/x-matroska"] && types.last == "video/x-matroska")
            #expect(types.dropLast().count == 2 && types.dropLast().allSatisfy { $0 == "image/png" }, "\(types)")
        }

        private static func convert(_ arguments: String...) async throws {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["convert"] + arguments
            process.standardInput = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            try #require(process.terminationStatus == 0)
        }
    }
}
