import Desktop
import Evidence
import Foundation
import Media

/// Measures how long it takes until a screen of 4K is ready to be sent, from its pixels.
enum Readiness {
    /// Prints medians of some runs for a screen that is full of text.
    static func run(in folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/screen.png"
        try ScreenPainter.paint(
            TextScreen(.terminal, seed: 9, width: 3840, height: 2160, isDark: true, scale: 1.5), to: path)
        let frame = try StillDecoder().decode([UInt8](Data(contentsOf: URL(filePath: path))))
        let size = PixelBudget.glm.fit(width: frame.width, height: frame.height)
        for (name, work) in [
            ("ready to send at GLM's size", { _ = try StillEncoder().encode(frame, as: .fitting(frame), size: size) }),
            ("kept with all of its pixels", { _ = try StillEncoder().encode(frame, as: .fitting(frame)) }),
        ] as [(String, () throws -> Void)] {
            var walls: [Double] = []
            var processors: [Double] = []
            for _ in 0..<9 {
                let (wall, cpu) = (seconds(CLOCK_MONOTONIC), seconds(CLOCK_PROCESS_CPUTIME_ID))
                try work()
                walls.append(seconds(CLOCK_MONOTONIC) - wall)
                processors.append(seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu)
            }
            let (wall, cpu) = (walls.sorted()[4] * 1000, processors.sorted()[4] * 1000)
            print("  4K, \(name): \(Int(wall)) ms, \(Int(cpu)) ms of the processor")
        }
    }

    private static func seconds(_ id: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(id, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
