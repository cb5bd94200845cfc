import Desktop
import EngineClient
import FoundationEssentials
import Media

extension EngineExamination.Samples {
    private static let side = 112

    /// Makes the samples with what makes real pictures and recordings.
    ///
    /// - Throws: `MediaFailure`, or the system's error when a file cannot be had.
    static func make(in folder: String) throws -> Self {
        let jpeg = try StillEncoder().encode(square(at: 0), as: .jpeg(quality: 90))
        let path = "\(folder)/sample-\(UUID().uuidString).mkv"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let writer = try VideoWriter(path: path, width: side, height: side, framesPerSecond: 2)
        for index in 0..<4 {
            let frame = square(at: UInt64(index) * 500_000_000)
            try writer.append(CapturedFrame(frame: frame, changes: nil))
        }
        try writer.finish(at: 2_000_000_000)
        let video = try Data(contentsOf: URL(filePath: path))
        return Self(jpeg: jpeg.bytes, video: Array(video), videoType: "video/x-matroska", side: side)
    }

    /// A blue square on white.
    private static func square(at time: UInt64) -> Frame {
        let pixels = PixelBuffer(byteCount: side * side * 3) { bytes in
            for index in 0..<side * side {
                let (x, y) = (index % side, index / side)
                let isInside = (20..<side - 20).contains(x) && (20..<side - 20).contains(y)
                let colour: (UInt8, UInt8, UInt8) = isInside ? (0x10, 0x30, 0xE0) : (0xFF, 0xFF, 0xFF)
                (bytes[3 * index], bytes[3 * index + 1], bytes[3 * index + 2]) = colour
            }
        }
        return Frame(width: side, height: side, stride: side * 3, format: .rgb, pixels: pixels, time: time)
    }
}
