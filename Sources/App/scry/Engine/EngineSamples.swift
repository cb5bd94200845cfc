import Desktop
import EngineClient
import FoundationEssentials
import Media

extension EngineExamination.Samples {
    fileprivate typealias Colour = (red: UInt8, green: UInt8, blue: UInt8)

    fileprivate static let side = 112

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
        return Self(
            jpeg: jpeg.bytes, video: Array(video), videoType: "video/x-matroska", frames: try ColourFrames.make(),
            side: side)
    }

    /// A square on white.
    fileprivate static func square(_ colour: Colour = (0x10, 0x30, 0xE0), at time: UInt64) -> Frame {
        let pixels = PixelBuffer(byteCount: side * side * 3) { bytes in
            for index in 0..<side * side {
                let (x, y) = (index % side, index / side)
                let isInside = (20..<side - 20).contains(x) && (20..<side - 20).contains(y)
                let colour = isInside ? colour : (0xFF, 0xFF, 0xFF)
                (bytes[3 * index], bytes[3 * index + 1], bytes[3 * index + 2]) = colour
            }
        }
        return Frame(width: side, height: side, stride: side * 3, format: .rgb, pixels: pixels, time: time)
    }
}

extension ColourFrames {
    /// Makes the frames with what makes those of recordings.
    ///
    /// - Throws: `MediaFailure`.
    static func make() throws -> Self {
        func jpeg(_ colour: EngineExamination.Samples.Colour) throws -> [UInt8] {
            let square = EngineExamination.Samples.square(colour, at: 0)
            return try StillEncoder().encode(square, as: FrameChooser.listFormat).bytes
        }
        return Self(
            red: try jpeg((0xE0, 0x10, 0x10)), green: try jpeg((0x10, 0xA0, 0x20)),
            blue: try jpeg((0x10, 0x30, 0xE0)), side: EngineExamination.Samples.side)
    }
}
