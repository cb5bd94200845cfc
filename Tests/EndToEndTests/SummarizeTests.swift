import Desktop
import Foundation
import Media
import Synchronization
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Telling what happened in a recording", .timeLimit(.minutes(5)))
    struct SummarizeTests {
        // MARK: - What is shown

        /// An act of a made-up story: a grey of its own, from a time on.
        struct Act: Equatable {
            var time: Double
            var grey: UInt8

            /// Eleven acts in five minutes, at odd times, each of which stands long enough to count as settled.
            static let all = [0.0, 21.3, 47.6, 61.2, 88.6, 120.4, 144.6, 171.1, 203.6, 240.3, 277.6].enumerated().map {
                Act(time: $0.element, grey: UInt8(12 + $0.offset * 22))
            }
            static let seconds = 300.0
        }

        /// Acts the story out, in a recording as the program makes them: a frame for each change, a caret in between.
        private static func film(_ path: String) throws {
            let (width, height) = (640, 360)
            let writer = try VideoWriter(path: path, width: width, height: height)
            for beat in 0..<Int(Act.seconds * 2) {
                let from = Double(beat) / 2
                for act in Act.all where act.time >= from && act.time < from + 0.5 || (beat == 0 && act.time == 0) {
                    try writer.append(
                        CapturedFrame(frame: frame(act.grey, beat, width, height, at: act.time), changes: nil))
                }
                guard beat % 2 == 1, let act = Act.all.last(where: { $0.time < from + 0.5 }) else { continue }
                try writer.append(
                    CapturedFrame(frame: frame(act.grey, beat, width, height, at: from + 0.499), changes: nil))
            }
            try writer.finish(at: 1_000_000_000 + UInt64(Act.seconds * 1e9))
        }

        private static func frame(_ grey: UInt8, _ beat: Int, _ width: Int, _ height: Int, at time: Double) -> Frame {
            let pixels = PixelBuffer(byteCount: width * height * 3) { bytes in
                for place in bytes.indices { bytes[place] = grey }
                guard beat / 2 % 2 == 0 else { return }
                for y in 300..<318 { for x in 200..<203 { for c in 0..<3 { bytes[(y * width + x) * 3 + c] = 255 } } }
            }
            return Frame(
                width: width, height: height, stride: width * 3, format: .rgb, pixels: pixels,
                time: 1_000_000_000 + UInt64(time * 1e9))
        }

        // MARK: - Who looks

        /// What an engine got of a recording: times as it read them, and the acts as it saw them.
        struct Seen {
            var times: [Double] = []
            var acts: [Int] = []
            var tokens = 0
        }

        /// Decodes what a request shows.
        static func look(_ call: ChatCall) throws -> Seen {
            var seen = Seen()
            var time: Double?
            for part in call.parts {
                switch part {
                case .text(let text):
                    guard text.hasPrefix("["), text.hasSuffix("]") else { continue }
                    let numbers = text.dropFirst().dropLast().split(separator: ":").compactMap { Double($0) }
                    time = numbers.reduce(0) { $0 * 60 + $1 }
                case .picture(let bytes):
                    let frame = try StillDecoder().decode([UInt8](bytes))
                    let place = frame.height / 2 * frame.stride + frame.width / 2 * (frame.stride / frame.width)
                    let grey = frame.pixels.withBytes { Int($0[place]) }
                    seen.times.append(time ?? -1)
                    seen.acts.append((grey - 12 + 11) / 22)
                    seen.tokens += (frame.width / 28) * (frame.height / 28) + 2
                    time = nil
                }
            }
            return seen
        }

        /// An engine that tells which acts it sees, at the times that it is told; `stalls` says at which question it hangs.
        private static func engine(stallingAt stall: Int? = nil) throws -> ScriptedEngine {
            let count = Atomic(0)
            return try .serving(sees: true) { request in
                guard let json = try? JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any] else {
                    return .body("{}", status: 400)
                }
                let call = ChatCall(json: json, body: request.text)
                if call.pictures.isEmpty { return .reply(answer: "Eleven acts, the last at [04:37].") }
                let number = count.add(1, ordering: .relaxed).newValue
                if number == stall { return ScriptedEngine.Response([.stall]) }
                guard let seen = try? look(call) else { return .body("{}", status: 400) }
                let lines = zip(seen.times, seen.acts).map { time, act in
                    "[\(Int(time) / 60):\(String(format: "%04.1f", time.truncatingRemainder(dividingBy: 60)))] act \(act)"
                }
                return .reply(answer: lines.joined(separator: "\n"))
            }
        }

        /// Starts to summarize, sends a signal when something is the case, and returns what was printed, with the status.
        private static func run(
            _ program: Program, _ film: String, until isReached: @escaping @Sendable () -> Bool, signal: Int32
        ) async throws -> String {
            let file = program.home + "/pid"
            async let ended = program.shell(
                "\"$scry\" summarize --no-think '\(film)' & echo $! >'\(file)'; wait $!; echo status $?", seconds: 120)
            let deadline = ContinuousClock.now + .seconds(100)
            while !isReached(), ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(50)) }
            let text = try String(contentsOfFile: file, encoding: .utf8)
            if let processID = Int32(text.split(separator: "\n").first ?? "") { kill(processID, signal) }
            return try await ended.output
        }

        // MARK: - Tests

        @Test("Every act is in the timeline at its time; what was said is asked for again by nobody")
        func tells() async throws {
            let engine = try Self.engine()
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let film = program.home + "/film.mkv"
            try Self.film(film)

            let dry = try await program.run("summarize", "--dry-run", film)
            #expect(dry.status == 0, "\(dry.error)")
            let run = try await program.run("summarize", "--json", "--no-think", film, seconds: 120)
            #expect(run.status == 0, "\(run.error)")
            let calls = ChatCall.all(engine)
            #expect(dry.output.contains("\(calls.count) calls to the engine"), "\(dry.output)")
            #expect(run.error.contains("will be asked \(calls.count) times"), "\(run.error)")
            #expect(run.json["calls"] as? Int == calls.count)
            #expect(run.json["summary"] as? String == "Eleven acts, the last at [04:37].")

            // What the engine got: right times, in order, within the budget.
            var last = -1.0
            var first: [Int: Double] = [:]
            for call in calls.dropLast() {
                let seen = try Self.look(call)
                #expect(seen.tokens <= 8_000 && !seen.times.isEmpty)
                for (time, act) in zip(seen.times, seen.acts) {
                    #expect(time > last, "\(time) after \(last)")
                    last = time
                    let shown = Act.all.lastIndex { $0.time <= time + 0.06 } ?? -1
                    #expect(act == shown, "act \(act) at \(time)")
                    if first[act] == nil { first[act] = time }
                }
            }
            for (index, act) in Act.all.enumerated() {
                #expect(abs((first[index] ?? -1) - act.time) <= 0.1, "act \(index): \(first[index] ?? -1)")
            }
            // What people get of it.
            let timeline = run.json["timeline"] as? [[String: Any]] ?? []
            for (index, act) in Act.all.enumerated() {
                let found = timeline.contains { event in
                    event["event"] as? String == "act \(index)"
                        && abs((event["time"] as? Double ?? -9) - act.time) <= 0.1
                }
                #expect(found, "act \(index) at \(act.time)")
            }

            // Once more: all of it is known.
            let again = try await program.run("summarize", "--no-think", film)
            #expect(again.status == 0 && again.error.contains("asked nothing"), "\(again.error)")
            #expect(again.output.contains("Eleven acts") && again.output.contains("- [02:00] act 5"), "\(again.output)")
            #expect(ChatCall.all(engine).count == calls.count)
            // The chat is there to go on with.
            let chats = try await program.run("chats", "list")
            #expect(chats.output.contains("Summary of film.mkv"), "\(chats.output)")
        }

        @Test("Killed in the middle it goes on where it was, with the same bytes")
        func goesOn() async throws {
            let broken = try Self.engine(stallingAt: 3)
            defer { broken.stop() }
            let program = try Program(engine: broken.url)
            let film = program.home + "/film.mkv"
            try Self.film(film)
            let killed = try await Self.run(program, film, until: { ChatCall.all(broken).count == 3 }, signal: SIGKILL)
            #expect(killed.contains("status 137"), "\(killed)")
            let begun = ChatCall.all(broken)
            #expect(begun.count == 3)

            let engine = try Self.engine()
            defer { engine.stop() }
            let run = try await program.shell(
                "SCRY_ENGINE='\(engine.url)' \"$scry\" summarize --json --no-think '\(film)'")
            #expect(run.status == 0, "\(run.error)")
            #expect(run.error.contains("2 of them told before"), "\(run.error)")
            let rest = ChatCall.all(engine)
            let parts = (run.json["parts"] as? [[String: Any]])?.count ?? 0
            #expect(parts > 3, "\(run.output)")
            #expect(rest.count == parts - 2 + 1)
            // The question that was not answered is asked again, to the byte.
            #expect(rest.first?.pictures == begun.last?.pictures && rest.first?.words == begun.last?.words)
            let timeline = run.json["timeline"] as? [[String: Any]] ?? []
            for index in Act.all.indices {
                #expect(timeline.contains { $0["event"] as? String == "act \(index)" }, "act \(index)")
            }
        }

        @Test(
            "In the chat the events come as they are told, and a later question goes with the stretch that it is about")
        func chat() async throws {
            let engine = try Self.engine(stallingAt: 3)
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let film = program.home + "/film.mkv"
            try Self.film(film)
            let chat = try await Chat(program, ["--attach", film], columns: 120, rows: 40)
            defer { chat.close() }
            try await chat.wait(for: "film.mkv")
            try await chat.ask("/summarize")
            // Two parts are told, the third keeps it waiting.
            try await chat.wait(for: "act 2")
            try await chat.wait(for: "Part 3 of \\d+")
            try await chat.press("Escape")
            try await chat.wait(for: "stopped")
            let begun = ChatCall.all(engine).count
            try await chat.press("M-c")
            try await chat.wait(for: "Eleven acts")
            let screen = try await chat.screen
            #expect(screen.contains("[04:37] act 10"), "\(screen)")
            let told = ChatCall.all(engine).count
            // The part that was not answered, those after it, and the whole.
            #expect(
                told > begun + 1 && ChatCall.all(engine)[begun].pictures == ChatCall.all(engine)[begun - 1].pictures)

            try await chat.ask("what is shown at 2:10?")
            try await eventually("the question") { ChatCall.all(engine).count == told + 1 }
            let call = try #require(ChatCall.all(engine).last)
            let seen = try Self.look(call)
            #expect(call.words.contains("what is shown at 2:10?"))
            #expect(zip(seen.times, seen.acts).contains { abs($0.0 - 130) < 15 && $0.1 == 5 }, "\(seen)")
            for (time, act) in zip(seen.times, seen.acts) {
                #expect(act == Act.all.lastIndex { $0.time <= time + 0.06 } ?? -1, "act \(act) at \(time)")
            }
            try await chat.press("PageUp")
            try await chat.wait(for: "film.mkv 0\\d:\\d\\d–0\\d:\\d\\d")
        }

        @Test("Ctrl-C ends it with 130, and an engine that fails with a sentence")
        func ends() async throws {
            let engine = try Self.engine(stallingAt: 2)
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let film = program.home + "/film.mkv"
            try Self.film(film)
            let output = try await Self.run(program, film, until: { ChatCall.all(engine).count == 2 }, signal: SIGINT)
            #expect(output.contains("status 130"), "\(output)")

            let missing = try await program.run("summarize", program.home + "/none.mkv")
            #expect(missing.status == 5, "\(missing.error)")
            let text = program.home + "/text.mkv"
            try "no video".write(toFile: text, atomically: true, encoding: .utf8)
            let wrong = try await program.run("summarize", text)
            #expect(wrong.status == 5 && wrong.error.split(separator: "\n").count <= 2, "\(wrong.error)")
            let usage = try await program.run("summarize", "--words", "0", film)
            #expect(usage.status == 64)
        }
    }
}
