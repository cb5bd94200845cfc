import Desktop
import Dispatch
import Evidence
import Glibc
import Media
import Synchronization

/// Encodes frames of a video, several stretches of it side by side: a frame costs what leads up to it, and a picture of it.
struct FrameEncoding: Sendable {
    /// The size in which frames go.
    let size: (width: Int, height: Int)
    /// What they are encoded as.
    let format: StillFormat
    /// The titles of windows, as far as they are known.
    let titles: [TimedTitle]

    /// Fewer frames than this are not worth a reader.
    private static let fewest = 4
    /// Pixels of pictures that the readers together may be at: each holds a dozen of them.
    private static let mostPixels = 12_000_000

    /// In how many stretches so many frames are encoded.
    static func stretches(of count: Int, width: Int, height: Int) -> Int {
        let processors = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        return max(1, min(processors, 4, count / fewest, mostPixels / max(1, width * height)))
    }

    /// Encodes frames, which are in order of time.
    func encode(
        _ frames: ArraySlice<EvidencePlan.Choice>, from reader: VideoReader
    ) throws -> [FrameChooser.Chosen] {
        try frames.map { choice in
            let frame = try reader.frame(at: choice.time)
            let picture = try StillEncoder().encode(frame, as: format, size: size)
            return FrameChooser.Chosen(
                time: choice.time, why: "\(choice.why)", picture: picture, windowTitle: titles.title(at: choice.time))
        }
    }

    /// Encodes frames, each stretch of them by a thread and a reader of its own.
    func encode(_ frames: [EvidencePlan.Choice], from path: String, stretches count: Int) throws -> [FrameChooser
        .Chosen]
    {
        let results = Mutex<[Int: Result<[FrameChooser.Chosen], any Error>]>([:])
        let group = DispatchGroup()
        for index in 0..<count {
            let stretch = frames[frames.count * index / count..<frames.count * (index + 1) / count]
            DispatchQueue(label: "scry.frames").async(group: group) { @Sendable in
                let result = Result { try encode(stretch, from: VideoReader(path: path)) }
                results.withLock { $0[index] = result }
            }
        }
        group.wait()
        let done = results.withLock { $0 }
        return try (0..<count).flatMap { try done[$0]?.get() ?? [] }
    }
}
