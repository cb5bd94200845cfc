import CX11
import Desktop
import Glibc

/// What is recorded, kept up to date with as few pixels read as possible.
final class LivePicture {
    private let connection: X11Connection
    private let reader: PixelReader
    private let target: RecordingTarget
    private let withCursor: Bool
    private var kept: KeptPicture?
    private var pointer = DrawnPointer()
    private var refusals = 0

    /// Whether something was painted, moved or resized since the last frame.
    private(set) var hasNews = true
    private var isShapeStale = true

    /// Starts to watch a target.
    init(_ connection: X11Connection, target: CaptureTarget, withCursor: Bool) throws {
        self.connection = connection
        self.withCursor = withCursor && connection.hasFixes
        reader = PixelReader(connection)
        self.target = try RecordingTarget(connection, target, rootKind: reader.rootKind)
        if self.withCursor {
            XFixesSelectCursorInput(connection.display, connection.root, UInt(XFixesDisplayCursorNotifyMask))
        }
    }

    /// Whether the server cannot tell what was painted, so that one has to look.
    var isBlind: Bool { target.isBlind }

    /// Takes what the server has to say, without waiting for it.
    func readEvents() throws {
        while XPending(connection.display) > 0 {
            var event = XEvent()
            XNextEvent(connection.display, &event)
            if target.note(event) {
                hasNews = true
            } else if event.type == connection.fixesEvents + Int32(XFixesCursorNotify) {
                isShapeStale = true
                hasNews = true
            }
        }
        if connection.isLost { throw X11Fault.disconnected.failure(target.words) }
    }

    /// Reads what is new; nil when nothing looks different.
    ///
    /// - Throws: `CaptureFailure` when the target has gone.
    func next() throws -> CapturedFrame? {
        hasNews = false
        do {
            let frame = try update()
            refusals = 0
            return frame
        } catch let fault as X11Fault {
            // Mostly a size that changed between two requests: look again; the target is found to be gone if it is.
            refusals += 1
            guard case .refused = fault, refusals < 4 else { throw fault.failure(target.words) }
            target.lookAgain()
            hasNews = true
            return nil
        }
    }

    // MARK: - One frame

    private func update() throws -> CapturedFrame? {
        guard let (view, boxes) = try target.take() else { return nil }
        let (width, height) = (view.area.width, view.area.height)
        let current = kept.flatMap { $0.width == width && $0.height == height ? $0 : nil }
        let kept = current ?? KeptPicture(width: width, height: height)
        let isNew = current == nil

        var changes = try kept.read(isNew ? nil : boxes, of: view, with: reader)
        let time = MonotonicClock.now()
        self.kept = kept
        try lookAtPointer(view, &changes, isNew: isNew)
        guard isNew || !changes.isEmpty else { return nil }
        let pixels = kept.snapshot(changes, cursor: pointer)
        let frame = Frame(width: width, height: height, stride: width * 4, format: .bgrx, pixels: pixels, time: time)
        return CapturedFrame(frame: frame, changes: isNew ? nil : changes.boxes)
    }

    private func lookAtPointer(_ view: X11View, _ changes: inout ChangeList, isNew: Bool) throws {
        guard withCursor else { return }
        let old = pointer
        if isShapeStale {
            pointer.shape = try connection.cursorShape()
            isShapeStale = false
        }
        let place = try connection.pointer()
        pointer.place = place.map { ($0.x - view.region.x, $0.y - view.region.y) }
        guard !isNew, old != pointer else { return }
        let bounds = Region(x: 0, y: 0, width: view.area.width, height: view.area.height)
        for region in [old.region, pointer.region] {
            if let region { changes.insert(region.intersection(bounds)) }
        }
    }
}
