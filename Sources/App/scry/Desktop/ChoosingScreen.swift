import Desktop
import FoundationEssentials

/// A desktop on which regions are chosen by the person, and the last one is remembered.
struct ChoosingScreen: ScreenSource {
    /// What pictures are taken of.
    let source: any ScreenSource
    /// Who asks the person; nil where nobody can.
    let chooser: (any RegionChooser)?
    /// Where the last region is kept.
    let memory: RegionMemory

    func layout() async throws -> DesktopLayout { try await source.layout() }

    func windows() async -> [Window] { await source.windows() }

    func title(for target: CaptureTarget, in region: Region?) async -> String? {
        await source.title(for: target, in: region)
    }

    func capture(_ target: CaptureTarget, withCursor: Bool) async throws -> CapturedPicture {
        switch target {
        case .chosenRegion: try await choose(withCursor: withCursor)
        default: try await source.capture(settled(target), withCursor: withCursor)
        }
    }

    func frames(of target: CaptureTarget, rate: Double, withCursor: Bool) -> AsyncThrowingStream<
        CapturedFrame, any Error
    > {
        switch target {
        case .chosenRegion, .lastRegion:
            let stream = LazyFrames {
                source.frames(of: try await settled(target), rate: rate, withCursor: withCursor)
            }
            return AsyncThrowingStream { try await stream.next() }
        default:
            return source.frames(of: target, rate: rate, withCursor: withCursor)
        }
    }

    /// The target with a region in place of what still has to be chosen or remembered.
    ///
    /// - Throws: `CaptureFailure`, of kind `cancelled` when the person chose nothing.
    func settled(_ target: CaptureTarget) async throws -> CaptureTarget {
        switch target {
        case .chosenRegion:
            let region = try await choose(withCursor: false).region
            // A picture of all monitors had to be taken, which is none of what the desktop shares.
            guard !region.isEmpty else { throw Self.ambiguous }
            return .region(region)
        case .lastRegion:
            guard let last = memory.last else {
                throw CaptureFailure(.noTarget, "No region was chosen yet: choose one with --region select or F4.")
            }
            return .region(last)
        default: return target
        }
    }

    private func choose(withCursor: Bool) async throws -> CapturedPicture {
        guard let chooser else { throw Self.blind }
        guard let picture = try await chooser.chooseRegion(last: memory.last, withCursor: withCursor) else {
            throw CaptureFailure(.cancelled, "No region was chosen.")
        }
        if !picture.region.isEmpty { memory.last = picture.region }
        return picture
    }

    private static let blind = CaptureFailure(
        .unsupported, "No region can be chosen in this source. Name it: --region 640x480+100+50.")

    private static let ambiguous = CaptureFailure(
        .unsupported,
        "The portal does not say which of the monitors it shares, so a region of one cannot be recorded. Record the screen,"
            + " or name the region within what is shared: --region 640x480+100+50.")
}

/// The region that was chosen last, in a file.
struct RegionMemory: Sendable {
    /// The file.
    let path: String
    /// Makes its folder.
    let prepare: @Sendable () throws -> Void

    /// The region; nil when none was chosen yet.
    ///
    /// What cannot be written is forgotten.
    var last: Region? {
        get {
            guard let data = FileManager.default.contents(atPath: path), data.count < 100 else { return nil }
            let region = Region(geometry: String(decoding: data, as: UTF8.self).filter { !$0.isWhitespace })
            return region.flatMap { $0.isEmpty ? nil : $0 }
        }
        nonmutating set {
            guard let newValue else { return }
            try? prepare()
            try? OwnFile.write(Array("\(newValue)\n".utf8), to: path)
        }
    }
}
