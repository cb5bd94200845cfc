import Foundation

/// An X server of a test's own, without a screen (Xvfb), and the programs that run on it.
///
///     let server = try XServer(width: 640, height: 480)
///     let card = try server.testCard("--color", "FF8000", "--geometry", "100x80+10+20")
///     …
///     server.stop()
///
/// All processes end when it is stopped or goes away, and also when the test process dies.
public final class XServer: Sendable {
    /// Whether this machine has Xvfb.
    public static let isInstalled = isProgramInstalled("Xvfb")

    /// The display's name, as ":99".
    public let displayName: String
    /// The server's process.
    public let processID: Int32
    private let server: TestProcess

    /// Starts a server and waits until it can be used.
    ///
    /// - Parameters:
    ///   - depth: Bits that count in a pixel: 8, 16, 24 or 30.
    ///   - withoutExtensions: Extensions to leave out, as "MIT-SHM".
    ///   - endsWithLastClient: Whether the server ends when nobody is connected any more.
    public init(
        width: Int = 1280, height: Int = 720, depth: Int = 24, withoutExtensions: [String] = [],
        endsWithLastClient: Bool = false
    ) throws {
        let arguments =
            ["-displayfd", "1", "-screen", "0", "\(width)x\(height)x\(depth)", "-nolisten", "tcp"]
            + [endsWithLastClient ? "-terminate" : "-noreset"]
            + withoutExtensions.flatMap { ["-extension", $0] }
        server = try TestProcess("Xvfb", arguments)
        guard let number = server.readLine(), Int(number) != nil else {
            server.stop()
            throw TestProcessFailure(message: "Xvfb did not start.")
        }
        displayName = ":\(number)"
        processID = server.processID
    }

    /// Starts a server within another one (Xephyr), whose monitor can be turned, and waits until it can be used.
    public init(nestedIn outer: XServer, width: Int, height: Int) throws {
        server = try TestProcess(
            "Xephyr", ["-displayfd", "1", "-screen", "\(width)x\(height)", "-nolisten", "tcp", "-noreset"],
            environment: outer.environment)
        guard let number = server.readLine(), Int(number) != nil else {
            server.stop()
            throw TestProcessFailure(message: "Xephyr did not start.")
        }
        displayName = ":\(number)"
        processID = server.processID
    }

    deinit { stop() }

    /// What programs on this server need in their environment.
    public var environment: [String: String] {
        ["DISPLAY": displayName, "XDG_SESSION_TYPE": "x11"]
    }

    /// Starts a program on this server.
    public func run(_ program: String, _ arguments: String...) throws -> TestProcess {
        try TestProcess(program, arguments, environment: environment)
    }

    /// Runs a program to its end on this server.
    public func finish(_ program: String, _ arguments: String...) throws {
        let process = try TestProcess(program, arguments, environment: environment)
        process.waitUntilExit()
    }

    /// Shows a test card (see Tests/Rigs/testcard.c) and waits until it is on the screen.
    public func testCard(_ arguments: String...) throws -> TestProcess {
        let rig = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Rigs/testcard").path
        let card = try TestProcess(rig, arguments, environment: environment)
        guard let line = card.readLine(), line.hasPrefix("ready "), let window = UInt64(line.dropFirst(6)) else {
            card.stop()
            throw TestProcessFailure(message: "The test card did not appear.")
        }
        card.windowID = window
        return card
    }

    /// Waits for the end of a server that a test has killed, or left; whether it ended.
    @discardableResult
    public func waitUntilExit() -> Bool { server.waitUntilExit() }

    /// Ends the server; programs on it end with it.
    public func stop() { server.stop() }
}

/// Whether a program is in the places where this machine looks for programs.
public func isProgramInstalled(_ name: String) -> Bool {
    (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":").contains {
        FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
    }
}
