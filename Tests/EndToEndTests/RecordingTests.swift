import Desktop
import Foundation
import Media
import TestSupport
import Testing

extension EndToEnd {
    /// Recordings of a clock that is drawn as cells, so that every picture tells when it was on the screen.
    @Suite("Recordings", .timeLimit(.minutes(5)))
    struct RecordingTests {
        private static let width = 640
        private static let height = 360

        /// A picture, when it was shown according to the program, and according to the clock in it, in seconds.
        struct Sample {
            var told: Double
            var shown: Double
        }

        @Test("Ten seconds recorded with F5: the frames that are sent carry the right times")
        func recordedInTheChat() async throws {
            let display = try XServer(width: Self.width, height: Self.height)
            defer { display.stop() }
            let card = try display.testCard("--clock", "--fps", "20", "--fullscreen")
            defer { card.stop() }
            let engine = try ScriptedEngine.replying(.reply(answer: "A clock ran."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url, display: display)
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.wait(for: "tiny")
            try await chat.press("F5")
            try await chat.wait(for: "REC")
            // Changes for the choice to find, besides the clock.
            for color in ["993333", "339933", "333399", "999933"] {
                try await Task.sleep(for: .seconds(2))
                try card.send("color \(color)")
            }
            try await Task.sleep(for: .seconds(2))
            try await chat.press("F5")
            let screen = try await chat.wait(for: "◉ .* s · [0-9]+ frames")
            let seconds = screen.firstMatch(of: /◉ .* ([0-9.]+) s · [0-9]+ frames/).flatMap { Double($0.1) }
            try #require(try #require(seconds) >= 9.5)
            try await chat.ask("what happened?")
            try await chat.wait(for: "A clock ran\\.")

            let call = try #require(ChatCall.all(engine).first)
            #expect(call.words.contains("what happened?"))
            let samples = try samples(call.parts)
            try #require(samples.count >= 3, "\(samples)")
            check(samples)
            #expect(samples[0].told == 0)
            // The last frame is of the recording's end.
            #expect(abs((samples.last?.told ?? 0) - (seconds ?? 0)) < 0.5, "\(samples)")
        }

        @Test("record and frames: a file that says what it is, and pictures with their times")
        func recordedInTheShell() async throws {
            let display = try XServer(width: Self.width, height: Self.height)
            defer { display.stop() }
            let card = try display.testCard("--clock", "--fps", "20", "--fullscreen")
            defer { card.stop() }
            let program = try Program(display: display)
            let file = program.home + "/x.mkv"
            let recorded = try await program.run("record", "--seconds", "3", "-o", file, "--json")
            #expect(recorded.status == 0, "\(recorded.error)")
            #expect(
                Set(recorded.json.keys) == [
                    "path", "width", "height", "bytes", "source", "taken_at", "seconds", "frames", "dropped", "ms",
                ])
            #expect(recorded.json["path"] as? String == file)
            #expect(recorded.json["width"] as? Int == Self.width && recorded.json["height"] as? Int == Self.height)
            #expect(abs((recorded.json["seconds"] as? Double ?? 0) - 3) < 1, "\(recorded.output)")
            #expect((recorded.json["frames"] as? Int ?? 0) >= 8, "\(recorded.output)")
            let rights = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
            #expect(rights == 0o600)

            let folder = program.home + "/frames"
            let frames = try await program.run("frames", file, "--json", "--every", "1", "-o", folder)
            #expect(frames.status == 0, "\(frames.error)")
            #expect(Set(frames.json.keys) == ["video", "duration", "frames", "tokens"])
            let list = try #require(frames.json["frames"] as? [[String: Any]])
            try #require(list.count >= 3)
            let samples = try list.map { entry in
                let path = try #require(entry["path"] as? String)
                #expect(path.hasPrefix(folder))
                #expect(Set(entry.keys) == ["time", "path", "width", "height", "why"])
                let bytes = try Data(contentsOf: URL(filePath: path))
                return Sample(told: try #require(entry["time"] as? Double), shown: try shownTime(in: bytes))
            }
            check(samples)
        }

        @Test("A recording that is killed is playable up to its last second")
        func killedRecording() async throws {
            let display = try XServer(width: Self.width, height: Self.height)
            defer { display.stop() }
            let card = try display.testCard("--clock", "--fps", "20", "--fullscreen")
            defer { card.stop() }
            let program = try Program(display: display)
            let file = program.home + "/x.mkv"
            let recording = try TestProcess(Program.path, ["record", "-o", file], environment: program.environment)
            defer { recording.stop() }
            try await eventually("the file") { FileManager.default.fileExists(atPath: file) }
            try await Task.sleep(for: .seconds(5))
            kill(recording.processID, SIGKILL)
            #expect(recording.waitUntilExit())

            var times: [Double] = []
            var clock: [Double] = []
            try VideoReader(path: file).forEachFrame { frame, time in
                times.append(time)
                if let card = TestCard(frame) { clock.append(Double(card.milliseconds) / 1000) }
            }
            #expect((times.last ?? 0) >= 3.5, "\(times)")
            #expect(clock.count >= times.count - 2 && clock == clock.sorted())
            let chosen = try await program.run("frames", file, "--json")
            #expect(chosen.status == 0, "\(chosen.error)")
            #expect((chosen.json["duration"] as? Double ?? 0) >= 3.5)
        }

        // MARK: - Reading clocks

        /// What the times say must be what the clocks say; a clock's picture stays for a twentieth of a second, and times in
        /// a request are tenths.
        ///
        /// A busy machine may hold up the program that draws the clock, so one picture in five may be further off; wrong
        /// times (of the wrong frame, from the wrong start, at the wrong rate) put most of them out.
        private func check(_ samples: [Sample], _ location: SourceLocation = #_sourceLocation) {
            let offsets = samples.map { $0.told - $0.shown }.sorted()
            guard !offsets.isEmpty else { return }
            let middle = offsets[offsets.count / 2]
            let errors = offsets.map { abs($0 - middle) }
            let right = errors.count { $0 < 0.1 + 0.05 }
            #expect(right * 5 >= errors.count * 4, "\(errors) s in \(samples)", sourceLocation: location)
            #expect(errors.allSatisfy { $0 < 1 }, "\(errors) s in \(samples)", sourceLocation: location)
        }

        /// The pictures of a message with the times that stand before them, as "[00:03.2]".
        private func samples(_ parts: [ChatCall.Part]) throws -> [Sample] {
            var samples: [Sample] = []
            var time: Double?
            for part in parts {
                switch part {
                case .text(let text):
                    guard let match = text.firstMatch(of: /^\[(\d+):(\d+\.\d)\]/), let minutes = Double(match.1),
                        let seconds = Double(match.2)
                    else { continue }
                    time = minutes * 60 + seconds
                case .picture(let bytes):
                    samples.append(Sample(told: try #require(time), shown: try shownTime(in: bytes)))
                    time = nil
                }
            }
            return samples
        }

        private func shownTime(in picture: Data) throws -> Double {
            let frame = try StillDecoder().decode(Array(picture))
            let scale = Double(frame.width) / Double(Self.width)
            let card = try #require(TestCard(frame, scale: scale), "\(frame.width)x\(frame.height)")
            return Double(card.milliseconds) / 1000
        }
    }
}
