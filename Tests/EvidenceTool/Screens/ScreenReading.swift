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
        var isDark: Bool
    }

    /// What came of one way to read.
    private struct Result: CustomStringConvertible {
        var accuracy = CharacterAccuracy()
        /// Of processor time.
        var seconds = 0.0

        mutating func add(_ other: Result) {
            accuracy.add(other.accuracy)
            seconds += other.seconds
        }

        var description: String {
            String(format: "%.2f", accuracy.share * 100) + " % (\(String(format: "%.1f", seconds)) CPU-s)"
        }
    }

    /// Prints the share of characters that each way reads: of each picture as it is read, then by kinds of screens, of all,
    /// and of the picture that is read worst.
    static func measure(seed: UInt64) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/scry-reading-\(getpid())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var results: [String: (plain: Result, ours: Result)] = [:]
        var weakest: (name: String, ours: Result, plain: Result)?
        for sample in try samples(seed, folder) {
            let (plain, ours) = try await read(sample)
            let name = String(sample.path.split(separator: "/").last?.dropLast(4) ?? "")
            // At once, for whoever waits.
            FileHandle.standardOutput.write(Data("  \(name): scry \(ours), tesseract \(plain)\n".utf8))
            for kind in [sample.kind, sample.isDark ? "dark" : "light", "all"] {
                results[kind, default: (Result(), Result())].plain.add(plain)
                results[kind]?.ours.add(ours)
            }
            if ours.accuracy.share < weakest?.ours.accuracy.share ?? 2 { weakest = (name, ours, plain) }
        }
        for (kind, result) in results.sorted(by: { $0.key < $1.key }) {
            print("\(kind): scry \(result.ours), tesseract \(result.plain)")
        }
        if let weakest { print("weakest, \(weakest.name): scry \(weakest.ours), tesseract \(weakest.plain)") }
    }

    private static func read(_ sample: Sample) async throws -> (plain: Result, ours: Result) {
        let frame = try StillDecoder().decode([UInt8](Data(contentsOf: URL(filePath: sample.path))))
        let recognizer = TextRecognizer(languages: sample.language.split(separator: "+").map(String.init))
        var (plain, ours) = (Result(), Result())
        let start = processorTime()
        let plainText = try plainText(sample)
        let middle = processorTime()
        plain.seconds = middle - start
        let text = try await recognizer.text(in: frame)
        ours.seconds = processorTime() - middle
        plain.accuracy.add(lines: sample.lines, read: plainText)
        ours.accuracy.add(lines: sample.lines, read: text)
        return (plain, ours)
    }

    /// What this program and those that it started have used, in seconds: how busy the machine is makes no difference.
    private static func processorTime() -> Double {
        [RUSAGE_SELF, RUSAGE_CHILDREN].reduce(0) { sum, who in
            var usage = rusage()
            getrusage(__rusage_who_t(who.rawValue), &usage)
            return sum
                + [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
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
                    language: screen.kind == .chinese ? "chi_sim" : "eng", isDark: screen.isDark))
        }
        let dark = samples.filter { $0.path.contains("-dark-") && $0.language == "eng" }
        let light = samples.filter { $0.path.contains("-light-") && $0.language == "eng" }
        for (left, right) in zip(dark, light.reversed()) {
            let path = "\(folder)/pair-\(left.kind).png"
            try run("convert", [left.path, right.path, "+append", path])
            samples.append(
                Sample(kind: "pair", path: path, lines: left.lines + right.lines, language: "eng", isDark: true))
        }
        for kind in [TextScreen.Kind.terminal, .settings] {
            let screen = TextScreen(kind, seed: seed, width: 3840, height: 2160, isDark: true, scale: 1.5)
            let path = "\(folder)/large-\(kind.rawValue).png"
            try ScreenPainter.paint(screen, to: path)
            samples.append(Sample(kind: "4K", path: path, lines: screen.lines, language: "eng", isDark: true))
        }
        return samples
    }

    // MARK: - Plain tesseract

    private static func plainText(_ sample: Sample) throws -> String {
        let languages = sample.language == "eng" ? "eng" : "eng+" + sample.language
        return String(decoding: try run("tesseract", [sample.path, "-", "-l", languages]), as: UTF8.self)
    }

    @discardableResult
    static func run(_ program: String, _ arguments: [String]) throws -> Data {
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
