import Foundation
import Glibc

/// A Wayland desktop of a test's own, without a screen (Tests/Rigs/wayland-session), and the programs that run on it.
///
///     let session = try WaylandSession("--outputs", "2")
///     let card = try session.testCard("--fullscreen", "--clock")
///     …
///     session.stop()
///
/// All processes end when it is stopped or goes away, and also when the test process dies.
public final class WaylandSession: Sendable {
    /// Why there can be no desktop here; nil when there can.
    public static let obstacle = missing(
        ["sway", "swaymsg", "Xwayland", "grim", "cc"] + daemons,
        [
            "/usr/libexec/xdg-desktop-portal", "/usr/libexec/xdg-desktop-portal-wlr",
            "/usr/libexec/xdg-desktop-portal-gtk",
        ])
    /// Why PipeWire cannot be had here; nil when it can.
    public static let pipeWireObstacle = missing(["cc"] + daemons, [])

    private static let daemons = ["dbus-daemon", "dbus-send", "pipewire", "pw-cli", "wireplumber"]

    /// What programs on this desktop need in their environment, and RIG_DIR and RIG_PID_… of the rig.
    public let environment: [String: String]
    private let session: TestProcess

    /// Starts a desktop and waits until it can be used.
    public convenience init(_ options: String...) throws { try self.init(options: options) }

    /// Starts a desktop and waits until it can be used.
    public init(options: [String]) throws {
        session = try TestProcess(Self.rig("wayland-session"), options + ["--"])
        var environment: [String: String] = [:]
        while let line = session.readLine() {
            if line == "ready" {
                self.environment = environment
                return
            }
            guard let equals = line.firstIndex(of: "=") else { continue }
            environment[String(line[..<equals])] = String(line[line.index(after: equals)...])
        }
        session.stop()
        throw TestProcessFailure(message: "The Wayland session did not start.")
    }

    deinit { stop() }

    /// Starts a program on this desktop.
    public func run(_ program: String, _ arguments: String...) throws -> TestProcess {
        try TestProcess(program, arguments, environment: environment)
    }

    /// Runs a program to its end on this desktop.
    public func finish(_ program: String, _ arguments: String...) throws {
        try TestProcess(program, arguments, environment: environment).waitUntilExit()
    }

    /// Shows a test card through Xwayland (see Tests/Rigs/testcard.c) and waits until it is there.
    public func testCard(_ arguments: String...) throws -> TestProcess {
        try ready(Self.rig("testcard"), arguments)
    }

    /// Starts a PipeWire node (see Tests/Rigs/pwnode.c) and waits until it is there.
    public func node(_ arguments: [String]) throws -> TestProcess { try ready(Self.rig("pwnode"), arguments) }

    /// Starts a portal that does what a test wants (see Tests/Rigs/fakeportal.c), in a session without one.
    public func fakePortal(_ arguments: [String]) throws -> TestProcess {
        let directory = environment["XDG_RUNTIME_DIR"] ?? "/nonexistent"
        return try ready(Self.rig("fakeportal"), ["--socket", directory + "/pipewire-0"] + arguments)
    }

    private func ready(_ program: String, _ arguments: [String]) throws -> TestProcess {
        let process = try TestProcess(program, arguments, environment: environment)
        guard let line = process.readLine(), line.hasPrefix("ready "), let number = UInt64(line.dropFirst(6)) else {
            process.stop()
            throw TestProcessFailure(message: "\(program) did not start.")
        }
        process.windowID = number
        return process
    }

    /// Sends a signal to a part of the desktop: SWAY, PIPEWIRE, WIREPLUMBER, BACKEND or PORTAL.
    public func signal(_ part: String, _ signal: Int32) throws {
        guard let process = environment["RIG_PID_\(part)"].flatMap({ Int32($0) }) else {
            throw TestProcessFailure(message: "There is no \(part).")
        }
        kill(process, signal)
    }

    /// Writes a file of the rig.
    public func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path(name)))
    }

    /// Reads a file of the rig; empty when there is none.
    public func read(_ name: String) -> String {
        FileManager.default.contents(atPath: path(name)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Where a file of the rig is.
    public func path(_ name: String) -> String { (environment["RIG_DIR"] ?? "/nonexistent") + "/" + name }

    /// Ends the desktop; programs on it end with it.
    public func stop() { session.stop() }

    private static func rig(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Rigs/\(name)").path
    }

    private static func missing(_ programs: [String], _ files: [String]) -> String? {
        let missing =
            programs.filter { !isProgramInstalled($0) }
            + files.filter { !FileManager.default.isExecutableFile(atPath: $0) }
        return missing.isEmpty ? nil : "needs \(missing.joined(separator: ", "))"
    }
}
