import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Regions chosen with a real pointer and real keys, as far as the XTEST extension makes them.
    @Suite("Regions", .timeLimit(.minutes(3)), .enabled(if: isProgramInstalled("xdotool"), "needs xdotool"))
    struct RegionTests {
        private func waitUntilChoosing(_ display: XServer) async throws {
            try await eventually("the choosing") {
                let found = try await onThread {
                    try capture([
                        "env", "DISPLAY=\(display.displayName)", "xdotool", "search", "--name", "Scry: choose a region",
                    ])
                }
                return !found.isEmpty
            }
        }

        @Test("shot --region select: what was dragged over; last: the same again; Esc: nothing, with 130")
        func shots() async throws {
            let display = try XServer(width: 400, height: 300)
            defer { display.stop() }
            let card = try display.testCard("--bare", "--color", "2080F0", "--geometry", "200x100+100+100")
            defer { card.stop() }
            let program = try Program(display: display)

            async let chosen = program.run("shot", "--region", "select", "--json", "--no-cursor")
            try await waitUntilChoosing(display)
            try display.finish("xdotool", "mousemove", "110", "120", "mousedown", "1", "mousemove", "150", "150")
            try display.finish("xdotool", "mousemove", "169", "159", "mouseup", "1", "key", "Return")
            let first = try await chosen
            let again = try await program.run("shot", "--region", "last", "--json", "--no-cursor")

            #expect(first.status == 0, "\(first.error)")
            #expect(first.json["source"] as? String == "60x40+110+120")
            #expect(first.json["width"] as? Int == 60 && first.json["height"] as? Int == 40)
            #expect(again.json["source"] as? String == "60x40+110+120", "\(again.error)")
            let pictures = try [first, again].map {
                try Data(contentsOf: URL(filePath: $0.json["path"] as? String ?? ""))
            }
            #expect(pictures[0] == pictures[1])

            async let cancelled = program.run("shot", "--region", "select")
            try await waitUntilChoosing(display)
            try display.finish("xdotool", "key", "Escape")
            let nothing = try await cancelled
            #expect(nothing.status == 130)
            #expect(nothing.error == "scry: No region was chosen.\n")
            #expect(nothing.output.isEmpty)
        }

        @Test("kill -9 in the middle of choosing: the desktop is free, and nothing is left on it")
        func killed() async throws {
            let display = try XServer(width: 400, height: 300)
            defer { display.stop() }
            let program = try Program(display: display)

            let killed = try await program.shell(
                """
                "$scry" shot --region select & choosing=$!
                until xdotool search --name 'Scry: choose a region' >/dev/null; do :; done
                kill -KILL $choosing; wait $choosing
                until ! xdotool search --name 'Scry: choose a region' >/dev/null; do :; done
                """, seconds: 30)
            async let again = program.run("shot", "--region", "select")
            try await waitUntilChoosing(display)
            try display.finish("xdotool", "key", "Escape")

            #expect(killed.status == 0, "\(killed.error)")
            #expect(try await again.status == 130)
        }

        @Test("F4 in the chat attaches what was chosen")
        func chat() async throws {
            let display = try XServer(width: 400, height: 300)
            defer { display.stop() }
            let program = try Program(display: display)
            let chat = try await Chat(program)
            defer { chat.close() }

            try await chat.press("F4")
            try await waitUntilChoosing(display)
            try display.finish("xdotool", "mousemove", "10", "20", "mousedown", "1", "mousemove", "50", "50")
            try display.finish("xdotool", "mousemove", "109", "99", "mouseup", "1", "key", "Return")

            try await chat.wait(for: "100x80\\+10\\+20")
        }
    }
}
