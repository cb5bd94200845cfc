import Desktop
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import PortalDesktop

/// What the backends of GNOME and KDE do, and what broken ones do.
@Suite(.serialized, .enabled(if: WaylandSession.pipeWireObstacle == nil, "\(WaylandSession.pipeWireObstacle ?? "")"))
struct FakePortalTests {
    private let session: WaylandSession
    private let node: TestProcess

    init() throws {
        session = try WaylandSession("--bare")
        node = try session.node(["--size", "640x200", "--cursor", "104,108"])
    }

    private func portal(_ options: String...) throws -> TestProcess {
        try session.fakePortal(["--node", "\(node.windowID)"] + options)
    }

    /// The calls that a portal has printed until it is ended.
    private func calls(of portal: TestProcess) throws -> [String] {
        try portal.send("quit")
        var lines: [String] = []
        while let line = portal.readLine() { lines.append(line) }
        return lines
    }

    @Test("serves pictures with and without the pointer, regions and recordings from one session")
    func oneSession() async throws {
        let portal = try portal()
        defer { portal.stop() }
        let source = session.portal()

        let with = try await source.capture(.screen, withCursor: true).frame
        let without = try await source.capture(.focusedMonitor, withCursor: false).frame
        var recorded: Frame?
        for try await captured in source.frames(of: .screen, rate: 10, withCursor: true) {
            recorded = captured.frame
            break
        }
        let area = Region(x: 90, y: 90, width: 40, height: 40)
        let part = try await source.capture(.region(area), withCursor: true)
        let lines = try calls(of: portal)

        #expect(with.colour(100, 100) == 0xFF0000)
        #expect(without.faults() == 0)
        #expect(recorded?.colour(100, 100) == 0xFF0000)
        #expect(part.region == area && part.frame.colour(10, 10) == 0xFF0000)
        #expect(part.frame.colour(30, 30) == without.colour(120, 120))
        #expect(lines.first == "Register io.github.scry.Scry")
        #expect(lines.filter { $0.hasPrefix("Start") }.count == 1)
        #expect(
            lines.first { $0.hasPrefix("SelectSources") }
                == "SelectSources cursor_mode=4 multiple=0 persist_mode=2 types=1")
    }

    @Test("shows the newest token each time, and keeps the one that it gets in exchange")
    func tokens() async throws {
        let portal = try portal()
        defer { portal.stop() }

        for _ in 0..<3 { _ = try await session.portal().capture(.screen, withCursor: false) }
        let lines = try calls(of: portal).filter { $0.hasPrefix("SelectSources") }

        #expect(lines.map { $0.contains("restore_token") } == [false, true, true])
        #expect(lines.last?.contains("restore_token=token-2") == true)
        #expect(session.read("portal-token") == "monitor token-3\n")
    }

    @Test("asks for a window each time, forgets it, and ends its session")
    func windows() async throws {
        let portal = try portal()
        defer { portal.stop() }
        let source = session.portal()

        let first = try await source.capture(.activeWindow, withCursor: false)
        let second = try await source.capture(.activeWindow, withCursor: false)
        let lines = try calls(of: portal)

        #expect(first.label == "window" && second.frame.faults() == 0)
        let asked = lines.filter { $0.hasPrefix("SelectSources") }
        #expect(asked == Array(repeating: "SelectSources cursor_mode=4 multiple=0 types=2", count: 2))
        #expect(lines.contains("Close session"))
        #expect(session.read("portal-token").isEmpty)
    }

    @Test("says that the desktop ended the sharing, and asks anew for the next picture")
    func closed() async throws {
        let portal = try portal()
        defer { portal.stop() }
        let source = session.portal()
        var frames = source.frames(of: .screen, rate: 30, withCursor: false).makeAsyncIterator()

        for _ in 0..<3 { #expect(try await frames.next() != nil) }
        try portal.send("close")
        let failure = await #expect(throws: CaptureFailure.self) { while try await frames.next() != nil {} }
        let picture = try await source.capture(.screen, withCursor: false)

        #expect(failure == CaptureFailure(.gone, "The desktop ended the sharing of the screen."))
        #expect(picture.frame.faults() == 0)
        #expect(try calls(of: portal).filter { $0.hasPrefix("Start") }.count == 2)
    }

    @Test(
        "understands portals that answer early, or on paths of their own, or both",
        arguments: [["--early"], ["--odd-path"], ["--early", "--odd-path"]])
    func manners(options: [String]) async throws {
        let portal = try session.fakePortal(["--node", "\(node.windowID)"] + options)
        defer { portal.stop() }

        let picture = try await session.portal().capture(.screen, withCursor: false)

        #expect(picture.frame.faults() == 0)
    }

    @Test(
        "tells a refusal from a failure, whenever it comes",
        arguments: [
            (["--decline", "SelectSources"], .refused, "Sharing the screen was declined."),
            (["--decline", "Start"], .refused, "Sharing the screen was declined."),
            (["--fail", "Start"], .unsupported, "could not share the screen"),
            (["--fail", "CreateSession"], .unsupported, "could not share the screen"),
            (["--senseless", "--version", "4"], .unsupported, "makes no sense: it has no streams"),
            (["--kinds", "0"], .unsupported, "does not run"),
        ] as [([String], CaptureFailure.Kind, String)])
    func refusals(options: [String], kind: CaptureFailure.Kind, words: String) async throws {
        let portal = try session.fakePortal(["--node", "\(node.windowID)"] + options)
        defer { portal.stop() }

        let failure = await #expect(throws: CaptureFailure.self) {
            for try await _ in session.portal().frames(of: .screen, rate: 10, withCursor: false) {}
        }

        #expect(failure?.kind == kind)
        #expect(failure?.message.contains(words) == true, "\(failure?.message ?? "")")
    }

    @Test("asks an old portal for nothing that it does not know")
    func oldPortal() async throws {
        let portal = try portal("--version", "1", "--pointers", "0", "--kinds", "1")
        defer { portal.stop() }

        let picture = try await session.portal().capture(.screen, withCursor: true)
        let lines = try calls(of: portal)

        #expect(picture.frame.faults() >= 0)
        #expect(lines.contains("SelectSources multiple=0 types=1"))
        #expect(session.read("portal-token").isEmpty)
    }

    @Test("takes the question back when nobody wants the answer any more")
    func cancelled() async throws {
        let portal = try portal("--mute", "Start")
        defer { portal.stop() }
        let source = session.portal()

        let wasCancelled = await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                do {
                    _ = try await source.capture(.screen, withCursor: false)
                    return false
                } catch {
                    return error is CancellationError
                }
            }
            while let line = portal.readLine(), line != "Start" {}
            group.cancelAll()
            return await group.next() ?? false
        }

        #expect(wasCancelled)
        var lines: [String] = []
        while lines.last != "Close request", let line = portal.readLine() { lines.append(line) }
        #expect(lines.last == "Close request")
    }

    @Test("tells that a question is open after a second, and when it is open no longer")
    func openQuestion() async throws {
        let portal = try portal("--mute", "Start")
        defer { portal.stop() }
        let source = session.portal()
        let told = Told()
        source.onQuestion { isOpen in told.words.withLock { $0.append(isOpen) } }

        let start = ContinuousClock.now
        let picture = Task { try await source.capture(.screen, withCursor: false) }
        #expect(await eventually { told.words.withLock(\.self) == [true] })
        #expect(.now - start >= .seconds(1))
        picture.cancel()
        await #expect(throws: CancellationError.self) { try await picture.value }

        #expect(told.words.withLock(\.self) == [true, false])
    }

    @Test("tells of no question that is answered at once")
    func answeredQuestion() async throws {
        let portal = try portal()
        defer { portal.stop() }
        let source = session.portal()
        let told = Told()
        source.onQuestion { isOpen in told.words.withLock { $0.append(isOpen) } }

        _ = try await source.capture(.screen, withCursor: false)

        #expect(told.words.withLock(\.self).isEmpty)
    }

    private final class Told: Sendable {
        let words = Mutex<[Bool]>([])
    }

    @Test("waits some seconds for a backend that hangs where nobody has to be asked, and says so")
    func hangingBackend() async throws {
        let portal = try portal("--mute", "CreateSession")
        defer { portal.stop() }
        let start = ContinuousClock.now

        let failure = await #expect(throws: CaptureFailure.self) {
            try await session.portal().capture(.screen, withCursor: false)
        }

        #expect(.seconds(4) < .now - start && .now - start < .seconds(9))
        #expect(failure?.kind == .unsupported && failure?.message.contains("its backend hangs") == true, "\(failure)")
    }

    @Test("waits some seconds for a portal that hangs, for pictures and when it is asked what works")
    func hangingPortal() async throws {
        let portal = try portal()
        kill(portal.processID, SIGSTOP)
        defer {
            kill(portal.processID, SIGCONT)
            portal.stop()
        }
        let source = session.portal()
        let start = ContinuousClock.now

        let failure = await #expect(throws: CaptureFailure.self) {
            try await source.capture(.screen, withCursor: false)
        }
        let middle = ContinuousClock.now
        let findings = await source.survey()

        #expect(.seconds(2) < middle - start && middle - start < .seconds(6))
        #expect(.now - middle < .seconds(6))
        #expect(failure?.kind == .noDesktop && failure?.message.contains("does not answer") == true, "\(failure)")
        #expect(findings.first { $0.part == "portal" }?.isWell == false, "\(findings)")
    }

    @Test("says that the portal ended while it was asked")
    func portalGone() async throws {
        let portal = try portal("--mute", "SelectSources")
        defer { portal.stop() }
        let source = session.portal()

        async let failure = #expect(throws: CaptureFailure.self) {
            try await source.capture(.screen, withCursor: false)
        }
        while let line = portal.readLine(), !line.hasPrefix("SelectSources") {}
        try portal.send("quit")

        #expect(await failure == CaptureFailure(.gone, "The desktop's portal ended while it was asked. Try again."))
    }

    @Test("uses the Screenshot portal where that is all there is, and says that it cannot record")
    func screenshot() async throws {
        let file = session.path("shot.png")
        let convert = try session.run("convert", "-size", "60x40", "xc:#102030", file)
        convert.waitUntilExit()
        let portal = try session.fakePortal(["--no-casts", "--picture", file])
        defer { portal.stop() }
        let source = session.portal()

        let picture = try await source.capture(.region(Region(x: 10, y: 10, width: 20, height: 10)), withCursor: false)
        let failure = await #expect(throws: CaptureFailure.self) {
            for try await _ in source.frames(of: .screen, rate: 10, withCursor: false) {}
        }

        #expect((picture.frame.width, picture.frame.height) == (20, 10))
        #expect(picture.frame.colour(5, 5) == 0x102030)
        // It was made for us, and is private.
        #expect(!FileManager.default.fileExists(atPath: file))
        #expect(failure?.kind == .unsupported)
    }

    @Test("begins with the Screenshot portal's picture where no frame comes, and goes on with the frames")
    func stillScreen() async throws {
        let file = session.path("shot.png")
        let mute = try session.node(["--name", "mute", "--mute", "--size", "640x200"])
        defer { mute.stop() }
        try session.run("convert", "-size", "640x200", "xc:#102030", file).waitUntilExit()
        let portal = try session.fakePortal(["--node", "\(mute.windowID)", "--picture", file])
        defer { portal.stop() }
        let source = session.portal()
        var frames = source.frames(of: .screen, rate: 30, withCursor: false).makeAsyncIterator()

        let first = try #require(try await frames.next())
        let picture = try await source.capture(.screen, withCursor: false)
        try mute.send("speak")
        let second = try #require(try await frames.next())
        let drawn = try await source.capture(.screen, withCursor: false)

        #expect(first.frame.colour(300, 100) == 0x102030 && picture.frame.colour(300, 100) == 0x102030)
        #expect(TestCard(second.frame) != nil && second.frame.faults() == 0)
        #expect(drawn.frame.faults() == 0)
        #expect(try calls(of: portal).filter { $0.hasPrefix("Screenshot") }.count == 1)
    }

    @Test("finds out what works and what does not")
    func survey() async throws {
        let portal = try portal()
        defer { portal.stop() }

        let findings = await session.portal().survey()
        let absent = await PortalScreenSource(environment: [:], tokenFile: "/nonexistent") { _ in throw Late() }
            .survey()

        #expect(findings.map(\.part) == ["portal", "portal backend", "PipeWire"])
        #expect(
            findings[0].sentence
                == "ScreenCast 5 shares monitors and windows, no Screenshot, the desktop asks what to share at the first picture"
        )
        #expect(findings.map(\.isWell) == [true, false, true])
        #expect(findings[2].sentence.hasSuffix(", 1 video source"))
        #expect(absent.map(\.isWell) == [false, false])
    }
}
