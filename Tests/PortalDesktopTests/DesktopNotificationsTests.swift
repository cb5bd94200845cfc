import Foundation
import TestSupport
import Testing

@testable import PortalDesktop

/// Notifications as a real daemon takes them.
@Suite(
    .serialized,
    .enabled(
        if: WaylandSession.pipeWireObstacle == nil && XServer.isInstalled && isProgramInstalled("dunst"),
        "needs dbus-daemon, Xvfb and dunst"))
struct DesktopNotificationsTests {
    @Test("title and words arrive as they are, and are no markup; without a daemon there is a sentence")
    func shows() async throws {
        let session = try WaylandSession("--bare", "--no-pipewire")
        defer { session.stop() }
        let display = try XServer(width: 400, height: 300)
        defer { display.stop() }
        let environment = session.environment.merging(display.environment) { $1 }
        let notifications = DesktopNotifications(environment: environment)

        #expect(await notifications.service() == nil)
        let failure = await #expect(throws: BusFailure.self) { try await notifications.show(title: "x", body: "y") }
        let daemon = try TestProcess("dunst", ["-conf", "/dev/null"], environment: environment)
        defer { daemon.stop() }
        let isShown = await eventually {
            do {
                try await notifications.show(title: "The disk is full", body: "Free <b>some</b> & try \"again\" → now")
                return true
            } catch {
                return false
            }
        }
        var history = ""
        _ = await eventually {
            // What was shown goes into the history when it is closed.
            history = (try? output("dunstctl", ["close-all"], environment)) ?? ""
            history = (try? output("dunstctl", ["history"], environment)) ?? ""
            return history.contains("The disk is full")
        }

        #expect(failure?.description.isEmpty == false)
        #expect(isShown)
        #expect(await notifications.service() == "dunst")
        #expect(history.contains("\"Scry\""), "\(history)")
        #expect(
            history.contains("Free &lt;b&gt;some&lt;/b&gt; &amp; try") || history.contains("Free <b>some</b> & try"))
        #expect(history.contains("→ now"))
    }

    private func output(_ program: String, _ arguments: [String], _ environment: [String: String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let bytes = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }
}
