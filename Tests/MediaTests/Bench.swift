import Foundation
import Glibc

/// A directory that is gone after the test.
final class Scratch {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/scry-media-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }

    func write(_ bytes: [UInt8], to name: String) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
        return file(name)
    }

    static func read(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }
}

/// Other people's programs, which must agree with ours.
enum Tool {
    static func has(_ name: String) -> Bool { FileManager.default.isExecutableFile(atPath: "/usr/bin/" + name) }

    /// Runs a program to its end and returns what it wrote to standard output.
    static func run(_ name: String, _ arguments: [String]) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/" + name)
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw ToolFailure(name: name, status: process.terminationStatus) }
        return [UInt8](bytes)
    }

    static func lines(_ name: String, _ arguments: [String]) throws -> [String] {
        String(decoding: try run(name, arguments), as: UTF8.self).split(separator: "\n").map(String.init)
    }
}

struct ToolFailure: Error {
    var name: String
    var status: Int32
}

/// What something costs; printed, never judged.
enum Cost {
    static func report(_ text: String) { print("    " + text) }

    /// Milliseconds of wall clock and of this thread's processor time.
    static func measure(_ body: () throws -> Void) rethrows -> (wall: Double, cpu: Double) {
        let wall = clock(CLOCK_MONOTONIC)
        let cpu = clock(CLOCK_THREAD_CPUTIME_ID)
        try body()
        return (clock(CLOCK_MONOTONIC) - wall, clock(CLOCK_THREAD_CPUTIME_ID) - cpu)
    }

    private static func clock(_ id: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(id, &time)
        return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
    }
}
