import Desktop
import Foundation
import Media
import TestSupport
import Testing

extension EndToEnd {
    /// The program on a Wayland desktop: compositor, portal and PipeWire are real, and the person says yes once.
    @Suite(
        "Wayland", .timeLimit(.minutes(5)),
        .enabled(if: WaylandSession.obstacle == nil, "\(WaylandSession.obstacle ?? "")"))
    struct WaylandTests {
        @Test("shot, record, displays and doctor see the desktop after one question")
        func desktop() async throws {
            let session = try WaylandSession("--ask", "--size", "800x400")
            defer { session.stop() }
            let card = try session.testCard("--clock", "--fps", "20", "--color", "204060")
            defer { card.stop() }
            let program = try program(on: session)

            let shot = try await program.run("shot", "-o", program.home + "/shot.png", "--json")
            let asked = session.read("asked")
            // From now on the person would say no.
            try session.write("", to: "choice")
            let part = try await program.run(
                "shot", "-o", program.home + "/part.png", "--json", "--region", "120x60+10+80")
            let video = try await program.run(
                "record", "-o", program.home + "/clip.mkv", "--json", "--seconds", "2", "--fps", "20")
            let doctor = try await program.run("doctor")
            let displays = try await program.run("displays", "--json")

            #expect(shot.status == 0 && shot.json["width"] as? Int == 800 && shot.json["height"] as? Int == 400)
            #expect(TestCard(try picture(program.home + "/shot.png")) != nil)
            #expect(part.status == 0 && part.json["width"] as? Int == 120, "\(part.error)")
            #expect(video.status == 0 && (video.json["frames"] as? Int ?? 0) >= 8, "\(video.error)")
            #expect(video.json["dropped"] is Int)
            #expect(asked == "asked\n" && session.read("asked") == "asked\n")
            #expect(doctor.output.contains("✓ portal: ScreenCast 4 shares monitors"), "\(doctor.output)")
            // The other backends come and go as they are used.
            #expect(doctor.output.contains(/✓ portal backend: .*wlr/), "\(doctor.output)")
            #expect(doctor.output.contains("✓ PipeWire: "), "\(doctor.output)")
            #expect(displays.json["session"] as? String == "wayland")
        }

        @Test("a program that is told of Xwayland alone still sees the desktop, and not its black root")
        func xwayland() async throws {
            let session = try WaylandSession("--size", "800x400")
            defer { session.stop() }
            let card = try session.testCard("--clock", "--color", "204060")
            defer { card.stop() }
            let program = try program(on: session)

            let shot = try await program.run(
                "shot", "-o", program.home + "/shot.png",
                variables: ["WAYLAND_DISPLAY": "", "XDG_SESSION_TYPE": ""])

            #expect(shot.status == 0, "\(shot.error)")
            #expect(TestCard(try picture(program.home + "/shot.png")) != nil)
        }

        @Test("a node of PipeWire is seen by its name, and its absence told")
        func node() async throws {
            let session = try WaylandSession("--bare")
            defer { session.stop() }
            let node = try session.node(["--size", "640x200"])
            defer { node.stop() }
            let program = try program(on: session, configuration: "[capture]\nsource = \"pipewire:scry-test\"\n")

            let shot = try await program.run("shot", "-o", program.home + "/shot.png")
            let absent = try await program.run("shot", "--source", "pipewire:other", "-o", program.home + "/none.png")

            #expect(shot.status == 0, "\(shot.error)")
            #expect(TestCard(try picture(program.home + "/shot.png")) != nil)
            #expect(absent.status != 0)
            #expect(absent.error == "scry: There is no PipeWire node “other”. Those with video are: scry-test.\n")
        }

        private func program(on session: WaylandSession, configuration: String = "") throws -> Program {
            var variables = session.environment.filter { !$0.key.hasPrefix("RIG_") }
            for name in ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"] {
                variables[name] = nil
            }
            return try Program(configuration: configuration, variables: variables)
        }

        private func picture(_ path: String) throws -> Frame {
            try StillDecoder().decode(Array(try Data(contentsOf: URL(filePath: path))))
        }
    }
}
