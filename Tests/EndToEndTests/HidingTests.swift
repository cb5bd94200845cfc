import Desktop
import Foundation
import Media
import TestSupport
import Testing

extension EndToEnd {
    /// `hide_terminal` with a real terminal.
    @Suite("The hidden terminal", .timeLimit(.minutes(2)), .enabled(if: isProgramInstalled("xterm"), "needs xterm"))
    struct HidingTests {
        @Test("neither pictures nor recordings show the terminal in which they are made")
        func hidden() async throws {
            let display = try XServer(width: 640, height: 360)
            defer { display.stop() }
            let card = try display.testCard("--bare", "--color", "C02040", "--geometry", "640x360+0+0")
            defer { card.stop() }
            let program = try Program(display: display, configuration: "[capture]\nhide_terminal = true\n")

            let run = try await program.shell(
                """
                xterm -geometry 40x10+100+60 -e sh -c '
                    "$scry" record --seconds 2 --no-cursor -o "$HOME/a.mkv"
                    "$scry" shot --no-cursor -o "$HOME/a.png"' 2>/dev/null
                """, seconds: 60)

            #expect(run.status == 0, "\(run.error)")
            let still = try StillDecoder().decode(
                Array(try Data(contentsOf: URL(filePath: program.home + "/a.png"))))
            #expect(spread(still) == 0)
            var frames = 0
            try VideoReader(path: program.home + "/a.mkv").forEachFrame { frame, _ in
                frames += 1
                // What a codec does to one colour.
                #expect(spread(frame) <= 8)
            }
            #expect(frames > 0)
        }

        @Test(
            "a listener leaves out the terminal of the chat to which it brings the picture",
            .enabled(if: isProgramInstalled("xdotool"), "needs xdotool"),
            arguments: [true, false])
        func listening(_ isHidden: Bool) async throws {
            let display = try XServer(width: 640, height: 360)
            defer { display.stop() }
            let card = try display.testCard("--bare", "--color", "C02040", "--geometry", "640x360+0+0")
            defer { card.stop() }
            let program = try Program(
                display: display, configuration: "[capture]\ncursor = false\nhide_terminal = \(isHidden)\n")
            let listener = try TestProcess(Program.path, ["listen"], environment: program.environment)
            defer { listener.stop() }
            try await eventually("the listener's keys") {
                try await program.run("hotkeys", "--json").json["holder"] as? String == "listen"
            }
            let terminal = try TestProcess(
                "xterm", ["-geometry", "60x16+60+40", "-e", Program.path], environment: program.environment)
            defer { terminal.stop() }
            try await eventually("the chat's door") { files(in: program.home + "/run/scry", ".sock").count > 0 }

            try display.finish("xdotool", "key", "super+shift+s")
            let media = program.home + "/data/scry/media"
            try await eventually("the picture in the chat's store") { files(in: media, ".png").count > 0 }

            let picture = try #require(files(in: media, ".png").first)
            let still = try StillDecoder().decode([UInt8](try Data(contentsOf: URL(filePath: picture))))
            #expect((still.width, still.height) == (640, 360))
            #expect((spread(still) == 0) == isHidden)
        }

        private func files(in folder: String, _ ending: String) -> [String] {
            let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
            return names.filter { $0.hasSuffix(ending) }.map { folder + "/" + $0 }
        }

        /// How much the brightest and the darkest pixel differ, in green.
        private func spread(_ frame: Frame) -> Int {
            frame.pixels.withBytes { bytes in
                var (least, most) = (255, 0)
                for row in 0..<frame.height {
                    for column in 0..<frame.width {
                        let value = Int(bytes[row * frame.stride + column * frame.format.bytesPerPixel + 1])
                        (least, most) = (min(least, value), max(most, value))
                    }
                }
                return most - least
            }
        }
    }
}
