import Foundation
import Media
import TestSupport
import Testing

extension EndToEnd {
    /// Recordings that are paused, as their times and the clock in them tell.
    @Suite("Pausing", .timeLimit(.minutes(3)))
    struct PausingTests {
        /// The numbers that the clock of the test card shows, with their times in the file.
        private func shown(_ path: String) throws -> [(time: Double, clock: Double)] {
            var found: [(Double, Double)] = []
            try VideoReader(path: path).forEachFrame { frame, time in
                if let clock = TestCard(frame)?.milliseconds { found.append((time, Double(clock) / 1000)) }
            }
            return found
        }

        @Test("SIGUSR1 pauses scry record and goes on; the pause is not in the file, and --seconds does not count it")
        func signals() async throws {
            let display = try XServer(width: 640, height: 360)
            defer { display.stop() }
            let card = try display.testCard("--clock", "--fps", "20", "--fullscreen")
            defer { card.stop() }
            let program = try Program(display: display)

            let run = try await program.shell(
                """
                "$scry" record --seconds 3 --fps 20 --json -o "$HOME/a.mkv" & recording=$!
                sleep 1.5; kill -USR1 $recording; sleep 4; kill -USR1 $recording
                wait $recording
                """, seconds: 60)

            #expect(run.status == 0, "\(run.error)")
            let seconds = try #require(run.json["seconds"] as? Double)
            // A busy machine begins and ends it late.
            #expect(seconds > 2 && seconds < 4, "\(run.output)")
            let found = try shown(program.home + "/a.mkv")
            try #require(found.count > 20)
            // Between two frames of the file lie at least the four seconds that were cut out, and only there.
            let jumps = zip(found, found.dropFirst()).map { ($1.clock - $0.clock) - ($1.time - $0.time) }
            #expect(jumps.count { $0 > 3 } == 1, "\(jumps)")
            #expect(jumps.allSatisfy { $0 < 0.5 || abs($0 - 4) < 0.7 }, "\(jumps)")
        }

        @Test("F6 pauses a recording of the chat, whose chip says so and counts no more")
        func chat() async throws {
            let display = try XServer(width: 640, height: 360)
            defer { display.stop() }
            let card = try display.testCard("--clock", "--fps", "20", "--fullscreen")
            defer { card.stop() }
            let program = try Program(display: display)
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.press("F5")
            try await chat.wait(for: "REC 00:01")
            try await chat.press("F6")
            let paused = try await chat.wait(for: "paused 00:0[0-9] · .*F6 goes on")
            try await Task.sleep(for: .seconds(3))
            let time = try #require(paused.firstMatch(of: /paused (00:0[0-9])/)?.1)
            #expect(try await chat.wait(for: "paused").contains("paused \(time)"))
            try await chat.press("F6")
            try await chat.wait(for: "REC")
            try await chat.press("F5")
            let done = try await chat.wait(for: "◉ .* s · [0-9]+ frames?")
            let seconds = try #require(done.firstMatch(of: /◉ .* ([0-9.]+) s · [0-9]+ frame/).flatMap { Double($0.1) })
            #expect(seconds < 4, "\(done)")
        }

        @Test("p pauses scry record on a terminal, which is as it was afterwards")
        func keys() async throws {
            let display = try XServer(width: 640, height: 360)
            defer { display.stop() }
            let program = try Program(display: display)

            let run = try await program.shell(
                """
                cat >"$HOME/keys" <<'END'
                stty -a | grep -o -e '-\\?icanon' -e '-\\?echo ' >"$HOME/before"
                "$scry" record --seconds 2 -o "$HOME/b.mkv"
                echo "status $?" >"$HOME/status"
                stty -a | grep -o -e '-\\?icanon' -e '-\\?echo ' >"$HOME/after"
                END
                (sleep 1; printf p; sleep 3; printf p; sleep 4) | scry="$scry" script -qec "bash '$HOME/keys'" /dev/null
                cmp "$HOME/before" "$HOME/after" && cat "$HOME/status"
                """, seconds: 60)

            #expect(run.output.contains("status 0"), "\(run.output) \(run.error)")
            #expect(run.output.contains(/● REC 0:0[0-9] .* p pauses .* Ctrl-C ends it/), "\(run.output)")
            #expect(run.output.contains(/○ paused 0:0[01] .* p goes on/), "\(run.output)")
            let seconds = try VideoReader(path: program.home + "/b.mkv").duration
            #expect(seconds > 0.8 && seconds < 3)
        }
    }
}
