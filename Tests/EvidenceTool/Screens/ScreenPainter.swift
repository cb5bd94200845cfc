import Foundation

/// Paints made-up screens with ImageMagick, whose type is that of real programs.
enum ScreenPainter {
    struct Failure: Error, CustomStringConvertible { let description: String }

    /// Writes a screen's picture to a path that ends in ".png".
    static func paint(_ screen: TextScreen, to path: String) throws {
        try run(
            ["convert", "-size", "\(screen.width)x\(screen.height)", "xc:\(screen.background)"]
                + drawings(of: screen).flatMap { ["-draw", $0] }
                + ["-depth", "8", "-strip", "-define", "png:exclude-chunks=date,time", "PNG24:\(path)"])
    }

    /// Runs a command of ImageMagick.
    static func run(_ command: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        // Its own threads only get into each other's way.
        process.environment = ProcessInfo.processInfo.environment.merging(["MAGICK_THREAD_LIMIT": "1"]) { $1 }
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(
                description: "convert could not paint \(command.last ?? ""): is ImageMagick there, with the fonts?")
        }
    }

    /// What is to be drawn, in pieces that fit into an argument: Debian's ImageMagick reads no drawings from files.
    private static func drawings(of screen: TextScreen) -> [String] {
        let boxes = screen.boxes.map { box in
            let corner = "\(box.x + box.width - 1),\(box.y + box.height - 1)"
            return "fill '\(box.color)' rectangle \(box.x),\(box.y) \(corner)"
        }
        let runs = screen.runs.map { run in
            let text = run.text.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
            return
                "font '\(run.font)' font-size \(run.size) fill '\(run.color)' text \(run.x),\(run.baseline) '\(text)'"
        }
        let all = boxes + runs
        return stride(from: 0, to: all.count, by: 200).map { all[$0..<min($0 + 200, all.count)].joined(separator: " ") }
    }
}
