import Desktop

/// A desktop that is not looked at while a window that must never be captured is in sight.
///
/// What is behind other windows counts as in sight: refusing too often is better than showing a password once.
struct PrivateScreen: ScreenSource {
    /// How often a running recording looks again, in nanoseconds.
    private static let interval: UInt64 = 1_000_000_000

    let source: any ScreenSource
    /// Applications whose windows are never captured, as `[privacy] never_capture` names them.
    let forbidden: [String]

    func layout() async throws -> DesktopLayout { try await source.layout() }

    func windows() async -> [Window] { await source.windows() }

    func capture(_ target: CaptureTarget, withCursor: Bool) async throws -> CapturedPicture {
        let before = try await windowInSight
        let picture = try await source.capture(target, withCursor: withCursor)
        // Looked at twice, for a window may have opened meanwhile.
        for window in [before, try await windowInSight] {
            guard let window, !window.region.intersection(picture.region).isEmpty else { continue }
            throw refusal(window)
        }
        return picture
    }

    func frames(of target: CaptureTarget, rate: Double, withCursor: Bool) -> AsyncThrowingStream<
        CapturedFrame, any Error
    > {
        let frames = source.frames(of: target, rate: rate, withCursor: withCursor)
        guard !forbidden.isEmpty else { return frames }
        let watch = Watch(frames: frames, screen: self)
        return AsyncThrowingStream { try await watch.next() }
    }

    /// A window that must not be captured and is not minimised.
    fileprivate var windowInSight: Window? {
        get async throws {
            guard !forbidden.isEmpty else { return nil }
            return try await source.layout().windows.first { window in
                let name = window.application.lowercased()
                return !window.isMinimised && forbidden.contains { name == $0.lowercased() }
            }
        }
    }

    fileprivate func refusal(_ window: Window) -> CaptureFailure {
        CaptureFailure(
            .refused,
            "\(window.application) is on the screen and is never captured; minimise it, or change [privacy] never_capture."
        )
    }

    /// Passes the frames of a recording on, and ends it when a forbidden window appears anywhere.
    private actor Watch {
        private var frames: AsyncThrowingStream<CapturedFrame, any Error>.AsyncIterator
        private let screen: PrivateScreen
        private var nextLook: UInt64 = 0

        init(frames: AsyncThrowingStream<CapturedFrame, any Error>, screen: PrivateScreen) {
            self.frames = frames.makeAsyncIterator()
            self.screen = screen
        }

        func next() async throws -> CapturedFrame? {
            var iterator = frames
            guard let frame = try await iterator.next(isolation: self) else { return nil }
            frames = iterator
            guard frame.frame.time >= nextLook else { return frame }
            nextLook = frame.frame.time + PrivateScreen.interval
            if let window = try await screen.windowInSight { throw screen.refusal(window) }
            return frame
        }
    }
}
