import Desktop
import Evidence
import Foundation
import Media

/// Measures how much of the words of made-up screens is left in what is sent, by what tesseract reads of it.
struct Legibility {
    /// A way of sending a picture.
    enum Way: String, CaseIterable {
        case original = "as it was taken"
        case plain = "plain resize"
        case ours = "one picture"
        case parts = "overview and parts"
    }

    let seed: UInt64
    let folder: String
    /// The rule of GLM.
    private let budget = PixelBudget.glm
    /// A context of 64k, of which pictures may fill so much.
    private let tokens = 39_000

    /// Paints screens, sends them every way, reads what came, and prints a table.
    ///
    /// - Parameter kinds: The screens, by kind, theme and size as they are named; nil for all of 4K.
    func run(only names: [String]? = nil) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let screens = ScreenSet.screens(seed: seed).filter { screen in
            names.map { $0.contains(screen.name) } ?? (screen.width == 3840)
        }
        var totals: [Way: CharacterAccuracy] = [:]
        print("  characters read right, in per cent, and tokens of GLM")
        for screen in screens {
            let path = folder + "/screen.png"
            try ScreenPainter.paint(screen, to: path)
            let frame = try StillDecoder().decode([UInt8](Data(contentsOf: URL(filePath: path))))
            var row = "  " + screen.name.padding(toLength: 34, withPad: " ", startingAt: 0)
            for way in Way.allCases {
                let sent = try send(frame, from: path, way)
                let text = try sent.files.map { try read($0, screen.language) }.joined(separator: "\n")
                var accuracy = CharacterAccuracy()
                accuracy.add(lines: screen.lines, read: text)
                totals[way, default: CharacterAccuracy()].add(lines: screen.lines, read: text)
                row += "  \(way.rawValue): \(percent(accuracy.share)) (\(sent.tokens))"
            }
            print(row)
            // Read while it is measured: a screen takes a minute.
            fflush(nil)
        }
        for way in Way.allCases {
            print("  all, \(way.rawValue): \(percent(totals[way]?.share ?? 0)) %")
        }
    }

    /// The pictures that a model gets to see, as files.
    private func send(_ frame: Frame, from path: String, _ way: Way) throws -> (files: [String], tokens: Int) {
        let size = budget.fit(width: frame.width, height: frame.height)
        let cost = budget.tokens(width: size.width, height: size.height)
        switch way {
        case .original: return ([path], 0)
        case .plain:
            // What the model itself does with a picture that is sent as it was taken.
            let resized = budget.resized(width: frame.width, height: frame.height)
            let file = folder + "/plain.png"
            try run(["convert", path, "-filter", "Catrom", "-resize", "\(resized.width)x\(resized.height)!", file])
            return ([file], budget.tokens(width: frame.width, height: frame.height))
        case .ours: return ([try write(frame, size, "ours")], cost)
        case .parts:
            guard
                let plan = DetailPlan(
                    width: frame.width, height: frame.height, shownWidth: size.width, need: .reading, budget: budget,
                    tokens: tokens)
            else { return ([try write(frame, size, "ours")], cost) }
            let overview = budget.fit(width: frame.width, height: frame.height, tokens: DetailPlan.overviewTokens)
            let files = try zip(plan.tiles, plan.sizes).enumerated().map { index, part in
                try write(frame.cut(part.0), (part.1.width, part.1.height), "part\(index)")
            }
            return (files, plan.tokens + budget.tokens(width: overview.width, height: overview.height))
        }
    }

    private func write(_ frame: Frame, _ size: (width: Int, height: Int), _ name: String) throws -> String {
        let path = "\(folder)/\(name).png"
        try Data(StillEncoder().encode(frame, size: size).bytes).write(to: URL(filePath: path))
        return path
    }

    private func read(_ path: String, _ language: String) throws -> String {
        // Sparse text: screens have no one column.
        try run(["tesseract", path, "-", "-l", language, "--psm", "11"])
    }

    @discardableResult
    private func run(_ command: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["OMP_THREAD_LIMIT": "1", "MAGICK_THREAD_LIMIT": "1"]
        ) { $1 }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw ScreenPainter.Failure(description: "\(command[0]) failed; is it there, with \(command.last ?? "")?")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func percent(_ share: Double) -> String { String(format: "%.1f", share * 100) }
}
