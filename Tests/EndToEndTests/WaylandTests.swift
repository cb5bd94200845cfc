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

        @Test("while the desktop's dialog waits for the person, a terminal says so, once, and nothing else does")
        func dialog() async throws {
            let session = try WaylandSession("--no-portal", "--size", "800x400")
            defer { session.stop() }
            let portal = try session.fakePortal(["--mute", "Start"])
            defer { portal.stop() }
            let program = try program(on: session)

            let run = try await program.shell(
                """
                scry="$scry" script -qec 'timeout -s INT 3 "$scry" shot -o /dev/null' /dev/null
                timeout -s INT 3 "$scry" shot -o /dev/null 2>"$HOME/unseen"
                echo "unseen: $(cat "$HOME/unseen")"
                """, seconds: 30)

            let sentence = "Waiting for the desktop's permission dialog …"
            #expect(run.output.split(separator: sentence, omittingEmptySubsequences: false).count == 2, "\(run.output)")
            #expect(run.output.contains(/unseen: (?!Waiting)/), "\(run.output)")
        }

        @Test("while the desktop's dialog waits for the person, the chat says so, until there is an answer")
        func dialogInChat() async throws {
            let session = try WaylandSession("--no-portal", "--size", "800x400")
            defer { session.stop() }
            let portal = try session.fakePortal(["--mute", "Start"])
            defer { portal.stop() }
            let chat = try await Chat(try program(on: session))
            defer { chat.close() }

            try await chat.press("F2")
            try await chat.wait(for: "Waiting for the desktop's permission dialog")
            // A portal that goes answers nothing any more.
            try portal.send("quit")
            let screen = try await chat.wait(for: "ended while it was asked")
            #expect(!screen.contains("Waiting for the desktop's"), "\(screen)")
        }

        @Test("a recording goes on through another size, and is whole up to the compositor's end")
        func killedCompositor() async throws {
            let session = try WaylandSession("--size", "800x400")
            defer { session.stop() }
            let card = try session.testCard("--clock", "--fps", "20", "--color", "204060")
            defer { card.stop() }
            let program = try program(on: session)
            let path = program.home + "/clip.mkv"

            async let run = program.run("record", "-o", path, "--json", "--seconds", "60", "--fps", "20")
            func size() -> Int {
                (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
            }
            try await eventually("the recording") { size() > 5000 }
            try session.finish("swaymsg", "--", "output HEADLESS-1 mode --custom 600x500@60Hz")
            let before = size()
            try await eventually("more of the recording") { size() > before + 5000 }
            try session.signal("SWAY", SIGKILL)
            let video = try await run

            #expect(video.status == 0, "\(video.error)")
            let frames = video.json["frames"] as? Int ?? 0
            #expect(frames >= 8)
            // The first size is the file's; what is of another shape lies in its middle.
            #expect(video.json["width"] as? Int == 800 && video.json["height"] as? Int == 400)
            var decoded = 0
            try VideoReader(path: path).forEachFrame { _, _ in decoded += 1 }
            #expect(decoded == frames)
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

        /// What slurp needs besides the session: a pointer, which a script moves.
        private static let slurpObstacle = ["slurp", "python3"].first { !isProgramInstalled($0) }

        @Test(
            "a region is chosen with slurp, at any scale, and once more as the last one",
            .enabled(if: slurpObstacle == nil, "needs slurp and python3"), arguments: [1, 2])
        func region(scale: Int) async throws {
            let session = try WaylandSession("--size", "800x400", "--scale", "\(scale)")
            defer { session.stop() }
            let card = try session.testCard("--bare", "--color", "2080F0", "--geometry", "100x50+100+60")
            defer { card.stop() }
            let program = try program(on: session)
            let (wide, high) = (800 / scale, 400 / scale)

            async let chosen = program.run("shot", "--region", "select", "--json", "-o", program.home + "/a.png")
            try await drag(on: session, "\(wide)x\(high)", ["120,70", "150,90", "179,99"])
            let first = try await chosen
            let again = try await program.run("shot", "--region", "last", "--json", "-o", program.home + "/b.png")

            #expect(first.status == 0, "\(first.error)")
            // Both the first and the last pixel under the pointer are in it.
            #expect(first.json["width"] as? Int == 60 * scale && first.json["height"] as? Int == 30 * scale)
            #expect(again.json["width"] as? Int == 60 * scale, "\(again.error)")
            let pictures = try ["a", "b"].map { try picture(program.home + "/\($0).png") }
            for picture in pictures {
                let isBlue = picture.pixels.withBytes { bytes in
                    (0..<picture.height).allSatisfy { row in
                        let start = row * picture.stride + picture.width / 2 * picture.format.bytesPerPixel
                        return bytes[start + 1] == 0x80
                    }
                }
                #expect(isBlue)
            }
        }

        @Test(
            "two monitors that look alike to the portal: the region is of the one on which it was chosen",
            .enabled(if: slurpObstacle == nil, "needs slurp and python3"), arguments: [false, true])
        func monitors(isStill: Bool) async throws {
            let session = try WaylandSession("--size", "800x400", "--outputs", "2")
            defer { session.stop() }
            let card = try session.testCard("--bare", "--color", "2080F0", "--geometry", "100x50+900+60")
            defer { card.stop() }
            let program = try program(on: session)
            // After that, the portal's backend has no more frames to send, and takes pictures of all monitors instead.
            if isStill { _ = try await program.run("shot", "-o", program.home + "/first.png") }

            async let chosen = program.run("shot", "--region", "select", "--json", "-o", program.home + "/a.png")
            try await drag(on: session, "1600x400", ["910,70", "950,90", "959,99"])
            let first = try await chosen
            let last = try await program.run("shot", "--region", "last")

            #expect(first.status == 0 && first.json["width"] as? Int == 50, "\(first.error)")
            let picture = try picture(program.home + "/a.png")
            #expect(picture.pixels.withBytes { $0[1] } == 0x80)
            // What is none of the shared monitor cannot be looked at again through the portal.
            #expect(last.status != 0 && last.error.contains("No region was chosen yet"), "\(last.error)")
        }

        @Test("without slurp it is said what to install; with nobody to choose, that it was cancelled")
        func noRegion() async throws {
            let session = try WaylandSession("--size", "800x400")
            defer { session.stop() }
            let program = try program(on: session)

            let missing = try await program.run("shot", "--region", "select", variables: ["PATH": "/nonexistent"])
            #expect(missing.status != 0 && missing.error.contains("apt install slurp"), "\(missing.error)")
        }

        private func drag(on session: WaylandSession, _ size: String, _ places: [String]) async throws {
            // slurp is there when it has told the compositor of its surfaces.
            try await eventually("slurp") {
                try await onThread {
                    !(try capture(["sh", "-c", "grep -lsx slurp /proc/[0-9]*/comm || true"])).isEmpty
                }
            }
            try await Task.sleep(for: .milliseconds(700))
            let rig = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Rigs/pointer").path
            let isDone = try await onThread {
                try TestProcess(rig, [size] + places, environment: session.environment).waitUntilExit()
            }
            #expect(isDone)
        }

        @Test("hotkeys of the desktop's portal: listen gets them, and hotkeys and doctor say so")
        func shortcuts() async throws {
            let session = try WaylandSession("--no-portal", "--size", "800x400")
            defer { session.stop() }
            let portal = try session.fakePortal(["--shortcuts", "1", "--keyless", "record"])
            defer { portal.stop() }
            let program = try program(on: session)

            let before = try await program.run("hotkeys")
            let listener = try TestProcess(Program.path, ["listen"], environment: program.environment)
            defer { listener.stop() }
            try await eventually("the keys") {
                try await program.run("hotkeys", "--json").json["holder"] as? String == "listen"
            }
            let held = try await program.run("hotkeys")
            let doctor = try await program.run("doctor")

            #expect(before.output.contains("Nobody holds them") && before.output.contains("GlobalShortcuts"))
            #expect(held.output.contains(/SHIFT\+LOGO\+s +screen: held/), "\(held.output)")
            #expect(held.output.contains("the desktop has no key for it"), "\(held.output)")
            #expect(held.output.contains("given by the desktop's portal"))
            #expect(doctor.output.contains("✓ hotkeys: scry listen holds SHIFT+LOGO+s"), "\(doctor.output)")
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
