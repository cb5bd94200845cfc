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

        /// A picture: when it was shown according to the program, in seconds, and which frame of the clock it is.
        struct Sample {
            var told: Double
            var number: UInt32
        }

        @Test("Ten seconds recorded with F5: the frames that are sent carry the right times")
        func recordedInTheChat() async throws {
            let display = try XServer(width: Self.width, height: Self.height)
            defer { display.stop() }
            let engine = try ScriptedEngine.replying(.reply(answer: "A clock ran."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url, display: display)
            let log = program.home + "/clock"
            let card = try display.testCard("--clock", "--fps", "20", "--fullscreen", "--log", log)
            defer { card.stop() }
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
            try check(samples, against: log)
            #expect(samples[0].told == 0)
            // The last frame is of the recording's end.
            #expect(abs((samples.last?.told ?? 0) - (seconds ?? 0)) < 0.5, "\(samples)")
        }

        @Test("record and frames: a file that says what it is, and pictures with their times")
        func recordedInTheShell() async throws {
            let display = try XServer(width: Self.width, height: Self.height)
            defer { display.stop() }
            let program = try Program(display: display)
            let log = program.home + "/clock"
            let card = try display.testCard("--clock", "--fps", "20", "--fullscreen", "--log", log)
            defer { card.stop() }
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
                #expect(Set(entry.keys) == ["time", "path", "width", "height", "window", "why"])
                let bytes = try Data(contentsOf: URL(filePath: path))
                return Sample(told: try #require(entry["time"] as? Double), number: try number(in: bytes))
            }
            try check(samples, against: log)
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

        /// A moment of the recording must be one at which the server showed that frame, for every picture, with the same start
        /// of the recording: 0.1 s of error and no more, however busy the machine is, for the clock's program wrote down when
        /// each of its frames came and went.
        private func check(
            _ samples: [Sample], against log: String, _ location: SourceLocation = #_sourceLocation
        ) throws {
            let frames = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").map { line in
                line.split(separator: " ").compactMap { Double($0) }
            }
            // The start of the recording, had this picture been told 0.1 s too late, and too early.
            var earliest = -Double.infinity
            var latest = Double.infinity
            for sample in samples {
                let index = Int(sample.number)
                try #require(index + 1 < frames.count && frames[index + 1].count == 3, sourceLocation: location)
                earliest = max(earliest, frames[index][1] / 1000 - sample.told - 0.1)
                latest = min(latest, frames[index + 1][2] / 1000 - sample.told + 0.1)
            }
            #expect(earliest <= latest, "\(earliest - latest) s too much in \(samples)", sourceLocation: location)
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
                    samples.append(Sample(told: try #require(time), number: try number(in: bytes)))
                    time = nil
                }
            }
            return samples
        }

        private func number(in picture: Data) throws -> UInt32 {
            let frame = try StillDecoder().decode(Array(picture))
            let scale = Double(frame.width) / Double(Self.width)
            return try #require(TestCard(frame, scale: scale), "\(frame.width)x\(frame.height)").number
        }
    }
}
