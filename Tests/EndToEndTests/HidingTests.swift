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
