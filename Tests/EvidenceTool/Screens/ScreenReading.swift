import Documents
import Foundation
import Media

/// How well the words of screens are read, beside plain tesseract on the same pictures.
enum ScreenReading {
    /// One picture, its words, and what tesseract is told of their language.
    private struct Sample {
        var kind: String
        var path: String
        var lines: [String]
        var language: String
    }

    /// What came of one way to read.
    private struct Result {
        var accuracy = CharacterAccuracy()
        var seconds = 0.0
    }

    /// Prints the share of characters that each way reads, by kinds of screens.
    static func measure(seed: UInt64) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/scry-reading-\(getpid())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var results: [String: (plain: Result, ours: Result)] = [:]
        for sample in try samples(seed, folder) {
            let frame = try StillDecoder().decode([UInt8](Data(contentsOf: URL(filePath: sample.path))))
            let recognizer = TextRecognizer(languages: sample.language.split(separator: "+").map(String.init))
            let plain = try read(sample)
            let start = ContinuousClock.now
            let ours = try await recognizer.text(in: frame)
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            FileHandle.standardError.write(Data("\(sample.path.split(separator: "/").last ?? "")\n".utf8))
            for kind in [sample.kind, "all"] {
                results[kind, default: (Result(), Result())].plain.accuracy.add(lines: sample.lines, read: plain.text)
                results[kind]?.plain.seconds += plain.seconds
                results[kind]?.ours.accuracy.add(lines: sample.lines, read: ours)
                results[kind]?.ours.seconds += seconds
            }
        }
        for (kind, result) in results.sorted(by: { $0.key < $1.key }) {
            func figure(_ result: Result) -> String {
                let percent = String(format: "%.2f", result.accuracy.share * 100)
                return "\(percent) % (\(String(format: "%.1f", result.seconds)) s)"
            }
            print("\(kind): scry \(figure(result.ours)), tesseract \(figure(result.plain))")
        }
    }

    // MARK: - Screens

    /// A monitor of each kind and theme, a large one of some, and two side by side, one of them dark.
    private static func samples(_ seed: UInt64, _ folder: String) throws -> [Sample] {
        var samples: [Sample] = []
        for screen in ScreenSet.screens(seed: seed, sizes: [(1920, 1080, 1)]) {
            let path = "\(folder)/\(screen.name).png"
            try ScreenPainter.paint(screen, to: path)
            samples.append(
                Sample(
                    kind: screen.kind.rawValue, path: path, lines: screen.lines,
                    language: screen.kind == .chinese ? "chi_sim" : "eng"))
        }
        let dark = samples.filter { $0.path.contains("-dark-") && $0.language == "eng" }
        let light = samples.filter { $0.path.contains("-light-") && $0.language == "eng" }
        for (left, right) in zip(dark, light.reversed()) {
            let path = "\(folder)/pair-\(left.kind).png"
            try run("convert", [left.path, right.path, "+append", path])
            samples.append(Sample(kind: "pair", path: path, lines: left.lines + right.lines, language: "eng"))
        }
        for kind in [TextScreen.Kind.terminal, .settings] {
            let screen = TextScreen(kind, seed: seed, width: 3840, height: 2160, isDark: true, scale: 1.5)
            let path = "\(folder)/large-\(kind.rawValue).png"
            try ScreenPainter.paint(screen, to: path)
            samples.append(Sample(kind: "4K", path: path, lines: screen.lines, language: "eng"))
        }
        return samples
    }

    // MARK: - Plain tesseract

    private static func read(_ sample: Sample) throws -> (text: String, seconds: Double) {
        let start = ContinuousClock.now
        let languages = sample.language == "eng" ? "eng" : "eng+" + sample.language
        let output = try run("tesseract", [sample.path, "-", "-l", languages])
        return (String(decoding: output, as: UTF8.self), (ContinuousClock.now - start) / .seconds(1))
    }

    @discardableResult
    private static func run(_ program: String, _ arguments: [String]) throws -> Data {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(["OMP_THREAD_LIMIT": "1"]) { $1 }
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return bytes
    }
}
