import Desktop

/// A desktop on which windows that must never be captured are black, and have no name.
///
/// What is behind other windows counts as in sight: black too often is better than showing a password once. A picture of
/// such a window itself is refused.
struct PrivateScreen: ScreenSource {
    let source: any ScreenSource
    /// Windows that are never captured, as `[privacy] never_capture` names them: by application, or by a part of the title.
    let forbidden: [String]

    func layout() async throws -> DesktopLayout { try await source.layout() }

    /// Those whose titles may be kept with a picture; `layout` has all of them, by which a person chooses.
    func windows() async -> [Window] { await source.windows().filter { !isNamed($0) } }

    func title(for target: CaptureTarget, in region: Region?) async -> String? {
        guard !forbidden.isEmpty else { return await source.title(for: target, in: region) }
        return await windows().title(for: target, in: region)
    }

    func capture(_ target: CaptureTarget, withCursor: Bool) async throws -> CapturedPicture {
        guard !forbidden.isEmpty else { return try await source.capture(target, withCursor: withCursor) }
        let before = try await source.layout().windows
        try refuse(target, among: before)
        var picture = try await source.capture(target, withCursor: withCursor)
        // Looked at twice, for a window may have opened or moved meanwhile.
        let after = try await source.layout().windows
        try refuse(target, among: after)
        let hidden = [before, after].flatMap { regions(in: $0, over: target) }
        picture.frame = picture.frame.redacted(hidden.map { $0.seen(from: picture.region) }, isBlack: true)
        return picture
    }

    func frames(of target: CaptureTarget, rate: Double, withCursor: Bool) -> AsyncThrowingStream<
        CapturedFrame, any Error
    > {
        let frames = source.frames(of: target, rate: rate, withCursor: withCursor)
        guard !forbidden.isEmpty else { return frames }
        let watch = Watch(frames: frames, screen: self, target: target)
        return AsyncThrowingStream { try await watch.next() }
    }

    // MARK: - What is forbidden

    private func isForbidden(_ window: Window) -> Bool { !window.isMinimised && isNamed(window) }

    private func isNamed(_ window: Window) -> Bool {
        let (application, title) = (window.application.lowercased(), window.title.lowercased())
        return forbidden.contains { !$0.isEmpty && (application == $0.lowercased() || title.contains($0.lowercased())) }
    }

    /// The window that a target means; nil for one that means a part of the screen.
    private func subject(of target: CaptureTarget, among windows: [Window]) -> Int? {
        switch target {
        case .window(let id): windows.firstIndex { $0.id == id }
        case .activeWindow: windows.firstIndex(where: \.isActive)
        case .screen, .focusedMonitor, .monitor, .region, .chosenRegion, .lastRegion: nil
        }
    }

    private func refuse(_ target: CaptureTarget, among windows: [Window]) throws {
        guard let subject = subject(of: target, among: windows), isForbidden(windows[subject]) else { return }
        throw CaptureFailure(
            .refused,
            "\(windows[subject].application) is never captured; choose another window, or change [privacy] never_capture."
        )
    }

    /// Where forbidden windows may be seen in a picture of a target, with their titles.
    ///
    /// They are topmost first: only those above a window that is looked at count.
    private func regions(in windows: [Window], over target: CaptureTarget) -> [Region] {
        windows.prefix(subject(of: target, among: windows) ?? windows.count).filter(isForbidden).map(\.frame)
    }

    // MARK: - Recordings

    /// Passes the frames of a recording on, with what is forbidden in black.
    private actor Watch {
        private var frames: AsyncThrowingStream<CapturedFrame, any Error>.AsyncIterator
        private let screen: PrivateScreen
        private let target: CaptureTarget
        private var origin: Region?
        private var hidden: [Region] = []

        init(
            frames: AsyncThrowingStream<CapturedFrame, any Error>, screen: PrivateScreen, target: CaptureTarget
        ) {
            self.frames = frames.makeAsyncIterator()
            self.screen = screen
            self.target = target
        }

        func next() async throws -> CapturedFrame? {
            var iterator = frames
            guard var captured = try await iterator.next(isolation: self) else { return nil }
            frames = iterator
            // The frame is of the moment before: where windows were and where they are is black.
            let layout = try await screen.source.layout()
            try screen.refuse(target, among: layout.windows)
            let seen = screen.regions(in: layout.windows, over: target)
            let parts = Set(hidden + seen)
            if hidden != seen { captured.changes = nil }
            hidden = seen
            guard !parts.isEmpty else { return captured }
            guard let origin = place(captured.frame, on: layout) else {
                throw CaptureFailure(
                    .refused,
                    "A window that is never captured is in sight, and where it is in this recording is not known; minimise"
                        + " it, or change [privacy] never_capture.")
            }
            captured.frame = captured.frame.redacted(parts.map { $0.seen(from: origin) }, isBlack: true)
            return captured
        }

        /// Where on the desktop the recording is.
        private func place(_ frame: Frame, on layout: DesktopLayout) -> Region? {
            let size = Region(x: 0, y: 0, width: frame.width, height: frame.height)
            switch target {
            case .screen: return size
            case .region(let region):
                // Cut at the edges of the desktop, as the source cuts it.
                return Region(x: max(0, region.x), y: max(0, region.y), width: frame.width, height: frame.height)
            case .monitor(let name): return layout.displays.first { $0.name == name }?.region
            case .window(let id): return layout.windows.first { $0.id == id }?.region
            case .activeWindow, .focusedMonitor, .chosenRegion, .lastRegion: return nil
            }
        }
    }
}

extension Region {
    /// The region in the pixels of a picture of another one.
    fileprivate func seen(from other: Region) -> Region {
        Region(x: x - other.x, y: y - other.y, width: width, height: height)
    }
}
