import Desktop
import X11Desktop

/// A desktop whose pictures and recordings show what is behind the terminal in which the chat runs.
struct HidingScreen: ScreenSource, RegionChooser {
    let source: any ScreenSource
    let x11: X11ScreenSource
    /// Where the terminal is; nil when no chat runs.
    let terminal: @Sendable () -> ChatDoor.Answer?

    func layout() async throws -> DesktopLayout { try await source.layout() }

    func windows() async -> [Window] { await source.windows() }

    func title(for target: CaptureTarget, in region: Region?) async -> String? {
        await source.title(for: target, in: region)
    }

    func capture(_ target: CaptureTarget, withCursor: Bool) async throws -> CapturedPicture {
        guard target.isArea, let window = await window() else {
            return try await source.capture(target, withCursor: withCursor)
        }
        return try await x11.capture(target, withCursor: withCursor, hiding: window)
    }

    func chooseRegion(last: Region?, withCursor: Bool) async throws -> CapturedPicture? {
        try await x11.chooseRegion(last: last, withCursor: withCursor, hiding: await window())
    }

    func frames(of target: CaptureTarget, rate: Double, withCursor: Bool) -> AsyncThrowingStream<
        CapturedFrame, any Error
    > {
        let frames = source.frames(of: target, rate: rate, withCursor: withCursor)
        guard target.isArea else { return frames }
        let painter = Painter(frames, self, target, withCursor: withCursor)
        return AsyncThrowingStream { try await painter.next() }
    }

    private func window() async -> UInt64? {
        guard let place = terminal() else { return nil }
        return try? await x11.window(saidToBe: place.window, orOf: ProcessTree.ancestors(of: place.process))
    }

    /// Takes a picture for each frame of a recording, as long as the terminal is to be seen in it.
    private actor Painter {
        private var frames: AsyncThrowingStream<CapturedFrame, any Error>.AsyncIterator
        private let screen: HidingScreen
        private let target: CaptureTarget
        private let withCursor: Bool
        private var window: UInt64??
        private var wasHidden = false

        init(
            _ frames: AsyncThrowingStream<CapturedFrame, any Error>, _ screen: HidingScreen, _ target: CaptureTarget,
            withCursor: Bool
        ) {
            self.frames = frames.makeAsyncIterator()
            self.screen = screen
            self.target = target
            self.withCursor = withCursor
        }

        func next() async throws -> CapturedFrame? {
            while true {
                var iterator = frames
                guard var captured = try await iterator.next(isolation: self) else { return nil }
                frames = iterator
                guard let hole = try await hole() else {
                    if wasHidden { captured.changes = nil }
                    wasHidden = false
                    return captured
                }
                // What the terminal itself paints is not seen.
                if wasHidden, let changes = captured.changes, let origin = hole.origin,
                    changes.allSatisfy({ change in
                        Region(
                            x: change.x + origin.x, y: change.y + origin.y, width: change.width, height: change.height
                        ).isInside(hole.region)
                    })
                {
                    continue
                }
                let picture = try await screen.x11.capture(target, withCursor: withCursor, hiding: hole.window)
                wasHidden = true
                captured.frame = picture.frame
                captured.changes = nil
                return captured
            }
        }

        /// The terminal, where it is, and where the recording is; nil when there is none in sight.
        private func hole() async throws -> (window: UInt64, region: Region, origin: Region?)? {
            let layout = try await screen.source.layout()
            // Which window it is does not change while a recording runs.
            if window == nil { window = .some(await screen.window()) }
            guard let found = window, let number = found,
                let place = layout.windows.first(where: { $0.id == number }), !place.isMinimised
            else { return nil }
            let origin: Region? =
                switch target {
                case .screen: Region(x: 0, y: 0, width: 0, height: 0)
                case .region(let region): Region(x: max(0, region.x), y: max(0, region.y), width: 0, height: 0)
                case .monitor(let name): layout.displays.first { $0.name == name }?.region
                default: nil
                }
            return (number, place.frame, origin)
        }
    }
}

extension CaptureTarget {
    /// Whether it is a part of the screen, with whatever is in it.
    fileprivate var isArea: Bool {
        switch self {
        case .screen, .focusedMonitor, .monitor, .region: true
        case .activeWindow, .window, .chosenRegion, .lastRegion: false
        }
    }
}

extension Region {
    fileprivate func isInside(_ other: Region) -> Bool { intersection(other) == self }
}
