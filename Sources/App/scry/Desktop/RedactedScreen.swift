import Desktop

/// A desktop of which the person wants parts painted over in every picture and recording, before anything is stored.
struct RedactedScreen: ScreenSource {
    let source: any ScreenSource
    /// The parts, in the pixels of the picture.
    let parts: [Region]

    func layout() async throws -> DesktopLayout { try await source.layout() }

    func windows() async -> [Window] { await source.windows() }

    func title(for target: CaptureTarget, in region: Region?) async -> String? {
        await source.title(for: target, in: region)
    }

    func capture(_ target: CaptureTarget, withCursor: Bool) async throws -> CapturedPicture {
        var picture = try await source.capture(target, withCursor: withCursor)
        picture.frame = picture.frame.redacted(parts)
        return picture
    }

    func frames(of target: CaptureTarget, rate: Double, withCursor: Bool) -> AsyncThrowingStream<
        CapturedFrame, any Error
    > {
        let painter = Painter(source.frames(of: target, rate: rate, withCursor: withCursor), parts)
        return AsyncThrowingStream { try await painter.next() }
    }

    private actor Painter {
        private var frames: AsyncThrowingStream<CapturedFrame, any Error>.AsyncIterator
        private let parts: [Region]

        init(_ frames: AsyncThrowingStream<CapturedFrame, any Error>, _ parts: [Region]) {
            self.frames = frames.makeAsyncIterator()
            self.parts = parts
        }

        func next() async throws -> CapturedFrame? {
            var iterator = frames
            guard var captured = try await iterator.next(isolation: self) else { return nil }
            frames = iterator
            captured.frame = captured.frame.redacted(parts)
            // A part's one colour changes as a whole.
            captured.changes?.append(contentsOf: parts)
            return captured
        }
    }
}
