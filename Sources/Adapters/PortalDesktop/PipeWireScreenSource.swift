public import Desktop
import Glibc

/// A video node of PipeWire, as a camera, a virtual screen or another program's output, that can be looked at.
///
///     let source = PipeWireScreenSource(node: "v4l2loopback", environment: environment)
///     for try await frame in source.frames(of: .screen, rate: 30, withCursor: true) { … }
///
/// There is one picture and there are no windows: what is wanted is the whole picture or a region of it. Each picture and
/// each recording has a connection of its own, which ends with it.
public struct PipeWireScreenSource: ScreenSource {
    private let node: String
    private let environment: [String: String]

    /// How long to wait for the first picture of a still source.
    private static let patience = Duration.seconds(5)

    /// Makes a source; nothing is connected yet.
    ///
    /// - Parameters:
    ///   - node: The node's name or number, as `pw-cli ls Node` shows them.
    ///   - environment: Read for PIPEWIRE_REMOTE, PIPEWIRE_RUNTIME_DIR and XDG_RUNTIME_DIR.
    public init(node: String, environment: [String: String]) {
        self.node = node
        self.environment = environment
    }

    /// Lists the node as the only display; see `ScreenSource`.
    public func layout() async throws -> DesktopLayout {
        let watched = try await open(.screen, rate: 30)
        // The size is known when the first picture is.
        _ = try? await watched.stream.core.reach(.picture, within: .seconds(1))
        let size = watched.stream.core.newest
        let region = Region(x: 0, y: 0, width: size?.width ?? 0, height: size?.height ?? 0)
        return DesktopLayout(
            session: "pipewire", displays: [Display(name: node, region: region, scale: 1, isPrimary: true)],
            windows: [])
    }

    /// Takes one picture; see `ScreenSource`.
    public func capture(_ target: CaptureTarget, withCursor: Bool) async throws -> CapturedPicture {
        let watched = try await open(target, rate: 60)
        do {
            let frame = try await watched.picture(withCursor: withCursor, within: Self.patience)
            let corner = watched.area ?? Region(x: 0, y: 0, width: 0, height: 0)
            let region = Region(x: max(0, corner.x), y: max(0, corner.y), width: frame.width, height: frame.height)
            return CapturedPicture(frame: frame, label: node, region: region)
        } catch is Late {
            throw CaptureFailure(
                .gone, "The PipeWire node “\(node)” sent no picture in 5 seconds. Is its source paused?")
        }
    }

    /// Takes pictures until the stream is no longer read; see `ScreenSource`.
    public func frames(
        of target: CaptureTarget, rate: Double, withCursor: Bool
    ) -> AsyncThrowingStream<CapturedFrame, any Error> {
        let source = self
        let recording = StreamRecording(rate: rate, withCursor: withCursor) { try await source.open(target, rate: $0) }
        return AsyncThrowingStream { try await recording.next() }
    }

    private func open(_ target: CaptureTarget, rate: UInt32) async throws -> WatchedStream {
        let area = try area(of: target)
        let node = node
        let socket = try PipeWireLibrary.connect(environment)
        let stream = try await LiveStream(socket: socket, rate: rate, words: .node(node.withoutControls)) { nodes in
            try Self.find(node, among: nodes)
        }
        return WatchedStream(stream: stream, area: area)
    }

    private func area(of target: CaptureTarget) throws(CaptureFailure) -> Region? {
        switch target {
        case .screen, .focusedMonitor: return nil
        case .monitor(let name) where name == node: return nil
        case .region(let region): return region
        case .chosenRegion, .lastRegion: throw CaptureFailure.mustChoose
        case .monitor, .window, .activeWindow:
            throw CaptureFailure(
                .unsupported,
                "A PipeWire node is one picture, without monitors or windows in it. Take the screen or a region.")
        }
    }

    /// Finds a node by its name or number.
    static func find(_ wanted: String, among nodes: [StreamNode]) throws(CaptureFailure) -> UInt32 {
        if let node = nodes.first(where: { $0.name == wanted }) ?? nodes.first(where: { "\($0.id)" == wanted }) {
            return node.id
        }
        let sources = nodes.filter { $0.mediaClass.hasPrefix("Video/") || $0.mediaClass == "Stream/Output/Video" }
        let names = sources.map { ($0.name.isEmpty ? "\($0.id)" : $0.name).withoutControls }
        throw CaptureFailure(
            .noTarget,
            "There is no PipeWire node “\(wanted.withoutControls)”. "
                + (names.isEmpty
                    ? "There are none with video." : "Those with video are: \(names.sorted().joined(separator: ", ")).")
        )
    }
}
