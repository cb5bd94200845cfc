import Desktop
import Foundation
import TestSupport
import Testing

@testable import PortalDesktop

@Suite(.serialized, .enabled(if: WaylandSession.obstacle == nil, "\(WaylandSession.obstacle ?? "")"))
struct PortalScreenSourceTests {
    @Test("records a changing screen frame by frame, and takes its picture meanwhile and afterwards, in one session")
    func recordingAndPictures() async throws {
        let session = try WaylandSession("--ask")
        defer { session.stop() }
        let card = try session.testCard("--clock", "--fps", "30", "--color", "204060", "--geometry", "640x360+0+0")
        defer { card.stop() }
        let source = session.portal()

        var readings: [(card: TestCard, time: UInt64)] = []
        var meanwhile: CapturedPicture?
        for try await captured in source.frames(of: .screen, rate: 30, withCursor: false) {
            guard let reading = TestCard(captured.frame) else { continue }
            readings.append((reading, captured.frame.time))
            if readings.count == 10 { meanwhile = try await source.capture(.screen, withCursor: false) }
            if readings.count == 40 { break }
        }
        let before = MonotonicClock.now() / 1_000_000
        let afterwards = try await source.capture(.screen, withCursor: false)
        let part = try await source.capture(
            .region(Region(x: 100, y: 100, width: 200, height: 50)), withCursor: false)

        for (earlier, later) in zip(readings, readings.dropFirst()) {
            #expect(later.card.number > earlier.card.number)
            #expect(later.time > earlier.time)
        }
        for reading in readings {
            let age = Int64(reading.time / 1_000_000) - Int64(reading.card.milliseconds)
            #expect((-1...1000).contains(age), "\(age) ms")
        }
        #expect((meanwhile?.frame.width, meanwhile?.frame.height) == (1280, 720))
        #expect(meanwhile.flatMap { TestCard($0.frame) } != nil)
        #expect(afterwards.label == "screen")
        #expect(afterwards.frame.colour(600, 300) == 0x204060)
        #expect(afterwards.frame.colour(1000, 600) == 0x204060)
        // A picture of now, not of when the session began.
        let reading = try #require(TestCard(afterwards.frame))
        #expect(Int64(reading.milliseconds) >= Int64(UInt32(truncatingIfNeeded: before)) - 200)
        #expect((part.frame.width, part.frame.height) == (200, 50))
        #expect(part.frame.colour(100, 25) == 0x204060)
        #expect(session.read("asked") == "asked\n")
        let layout = try await source.layout()
        #expect(layout.session == "wayland")
        #expect(layout.displays.map(\.region) == [Region(x: 0, y: 0, width: 1280, height: 720)])
    }

    @Test("starts the second time without a question, through the token, and asks again when that is worth nothing")
    func restoreToken() async throws {
        let session = try WaylandSession("--ask")
        defer { session.stop() }
        let card = try session.testCard("--clock", "--color", "204060")
        defer { card.stop() }
        let file = session.path("portal-token")

        let first = try await session.portal(tokenFile: file).capture(.screen, withCursor: false)
        var status = stat()
        #expect(stat(file, &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(session.read("portal-token").hasPrefix("monitor "))
        // From now on the person says no to every question.
        try session.write("", to: "choice")
        let second = try await session.portal(tokenFile: file).capture(.screen, withCursor: false)
        #expect(session.read("asked") == "asked\n")
        try session.write("monitor nonsense\n", to: "portal-token")
        let declined = await #expect(throws: CaptureFailure.self) {
            try await session.portal(tokenFile: file).capture(.screen, withCursor: false)
        }
        try session.write("HEADLESS-1\n", to: "choice")
        let third = try await session.portal(tokenFile: file).capture(.screen, withCursor: false)

        for picture in [first, second, third] { #expect(picture.frame.colour(620, 340) == 0x204060) }
        #expect(declined == CaptureFailure(.refused, "Sharing the screen was declined."))
        #expect(session.read("asked") == "asked\nasked\nasked\n")
    }

    @Test("takes a still screen's picture, from the Screenshot portal where no frame comes")
    func stillScreen() async throws {
        let session = try WaylandSession()
        defer { session.stop() }
        let source = session.portal()

        let picture = try await source.capture(.screen, withCursor: false)
        let again = try await source.capture(
            .region(Region(x: 10, y: 20, width: 30, height: 40)), withCursor: false)

        #expect((picture.frame.width, picture.frame.height) == (1280, 720))
        #expect(picture.frame.colour(640, 360) == 0x336699)
        #expect((again.frame.width, again.frame.height) == (30, 40))
        #expect(again.frame.colour(15, 20) == 0x336699)
    }

    @Test("goes on when the output gets another size or is turned")
    func resizedOutput() async throws {
        let session = try WaylandSession()
        defer { session.stop() }
        let card = try session.testCard("--clock", "--fps", "30")
        defer { card.stop() }
        var frames = session.portal().frames(of: .screen, rate: 30, withCursor: false).makeAsyncIterator()

        for _ in 0..<5 { #expect(try await frames.next() != nil) }
        try session.finish("swaymsg", "--", "output HEADLESS-1 mode --custom 1024x600@60Hz")
        var last: CapturedFrame?
        for _ in 0..<120 where last?.frame.width != 1024 { last = try await frames.next() }
        #expect(last?.frame.height == 600)
        #expect(last?.changes == nil)
        for _ in 0..<5 { last = try await frames.next() }
        let resized = try #require(last?.frame)
        #expect(TestCard(resized) != nil)
        try session.finish("swaymsg", "--", "output HEADLESS-1 transform 90")
        for _ in 0..<120 where last?.frame.width != 600 { last = try await frames.next() }
        for _ in 0..<5 { last = try await frames.next() }
        let turned = try #require(last?.frame)

        #expect((turned.width, turned.height) == (600, 1024))
        #expect(TestCard(turned) != nil)
    }

    @Test("says that the compositor has gone, in the middle of a recording", arguments: ["SWAY", "BACKEND"])
    func compositorKilled(part: String) async throws {
        let session = try WaylandSession()
        defer { session.stop() }
        let card = try session.testCard("--clock", "--fps", "30")
        defer { card.stop() }
        var frames = session.portal().frames(of: .screen, rate: 30, withCursor: false).makeAsyncIterator()

        for _ in 0..<5 { #expect(try await frames.next() != nil) }
        try session.signal(part, SIGKILL)
        let start = ContinuousClock.now
        let failure = await #expect(throws: CaptureFailure.self) { while try await frames.next() != nil {} }

        #expect(failure?.kind == .gone)
        #expect(failure?.message.contains("the compositor or its portal backend has ended") == true)
        #expect(ContinuousClock.now - start < .seconds(3))
    }

    @Test("says that the compositor has gone, in the middle of a picture")
    func compositorKilledMeanwhile() async throws {
        let session = try WaylandSession()
        defer { session.stop() }
        let source = session.portal()
        let monitor = try session.run(
            "dbus-monitor", "--session", "interface='org.freedesktop.impl.portal.ScreenCast',member='Start'")
        defer { monitor.stop() }
        #expect(monitor.readLine() != nil)
        // It does not answer any more, so the picture that is begun now is still being waited for when the end comes.
        try session.signal("SWAY", SIGSTOP)
        let picture = Task { try await source.capture(.screen, withCursor: false) }
        var hasBegun = false
        while !hasBegun, let line = monitor.readLine() { hasBegun = line.contains("member=Start") }

        let start = ContinuousClock.now
        try session.signal("SWAY", SIGKILL)
        let failure = await #expect(throws: CaptureFailure.self) { try await picture.value }

        #expect(hasBegun)
        // Portals do not say why; whose part it was, they do.
        #expect(failure?.message.contains("xdg-desktop-portal-wlr") == true, "\(failure?.message ?? "")")
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test("says which backend did not start")
    func deadBackend() {
        let message = "Error calling StartServiceByName for org.freedesktop.impl.portal.desktop.wlr: Process exited"
        let refusal = BusFailure.refused(name: "org.freedesktop.DBus.Error.Spawn.ChildExited", message: message)
        let failure = PortalTrouble(environment: ["XDG_CURRENT_DESKTOP": "sway"]).explain(refusal) as? CaptureFailure
        #expect(failure?.kind == .unsupported)
        #expect(failure?.message.contains("systemctl --user restart xdg-desktop-portal-wlr") == true)
    }

    @Test("begins anew when the session was lost")
    func lostSession() async throws {
        let session = try WaylandSession()
        defer { session.stop() }
        let card = try session.testCard("--clock", "--fps", "30")
        defer { card.stop() }
        let source = session.portal()

        // What a window has drawn is on the screen a moment later.
        let showsCard = { @Sendable in
            (try? await source.capture(.screen, withCursor: false)).flatMap { TestCard($0.frame) } != nil
        }
        #expect(await eventually(showsCard))
        await source.endSession()
        // The stream's end is told by another process than the session's.
        #expect(await eventually(showsCard))
    }

    @Test("asks the backend that the bus starts in place of one that died, while it asked and between two pictures")
    func diedBackend() async throws {
        let session = try WaylandSession("--ask")
        defer { session.stop() }
        let card = try session.testCard("--clock", "--fps", "30", "--color", "204060")
        defer { card.stop() }
        let first = try #require(session.environment["RIG_PID_BACKEND"])
        try session.write(
            """
            #!/bin/sh
            cd "${0%/*}"
            echo asked >>asked
            [ -e died ] || { touch died; kill -KILL \(first); }
            cat choice
            """, to: "chooser")
        let file = session.path("portal-token")

        let asked = try await session.portal(tokenFile: file).capture(.screen, withCursor: false)
        #expect(session.read("asked") == "asked\nasked\n")
        // From now on the person would say no.
        try session.write("", to: "choice")
        let second = try #require(try Self.backendProcess(of: session))
        #expect("\(second)" != first)
        kill(second, SIGKILL)
        let unasked = try await session.portal(tokenFile: file).capture(.screen, withCursor: false)

        for picture in [asked, unasked] { #expect(picture.frame.colour(620, 340) == 0x204060) }
        #expect(session.read("asked") == "asked\nasked\n")
    }

    /// The backend that runs now, whoever started it.
    private static func backendProcess(of session: WaylandSession) throws -> Int32? {
        let question = try session.run(
            "dbus-send", "--session", "--print-reply=literal", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus",
            "org.freedesktop.DBus.GetConnectionUnixProcessID", "string:org.freedesktop.impl.portal.desktop.wlr")
        return question.readLine()?.split(separator: " ").last.flatMap { Int32($0) }
    }

    @Test("refuses what portals do not offer, each in a sentence that helps")
    func refusals() async throws {
        let session = try WaylandSession()
        defer { session.stop() }
        let source = session.portal()

        await #expect(throws: CaptureFailure.self) { try await source.capture(.monitor("DP-1"), withCursor: false) }
        await #expect(throws: CaptureFailure.self) { try await source.capture(.window(7), withCursor: false) }
        let window = await #expect(throws: CaptureFailure.self) {
            try await source.capture(.activeWindow, withCursor: false)
        }
        #expect(window?.message.contains("shares whole monitors only") == true)
    }

    @Test(
        "says which part is missing, and what to install or start",
        arguments: [
            (["--no-portal"], CaptureFailure.Kind.unsupported, "apt install xdg-desktop-portal"),
            (["--no-impls"], .unsupported, "Install xdg-desktop-portal-wlr"),
            (["--no-backend", "--no-screenshot"], .unsupported, "backend for this desktop does not run"),
            (["--no-wireplumber"], .unsupported, "wireplumber"),
        ])
    func missing(options: [String], kind: CaptureFailure.Kind, words: String) async throws {
        let session = try WaylandSession(options: options)
        defer { session.stop() }

        let failure = await #expect(throws: CaptureFailure.self) {
            for try await _ in session.portal().frames(of: .screen, rate: 30, withCursor: false) {}
        }

        #expect(failure?.kind == kind)
        #expect(failure?.message.contains(words) == true, "\(failure?.message ?? "")")
    }

    @Test("says that there is no session bus")
    func noBus() async throws {
        let source = PortalScreenSource(environment: [:], tokenFile: "/nonexistent") { _ in throw Late() }

        let failure = await #expect(throws: CaptureFailure.self) {
            try await source.capture(.screen, withCursor: false)
        }

        #expect(failure?.kind == .noDesktop)
        #expect(failure?.message.contains("no session bus") == true)
    }
}
