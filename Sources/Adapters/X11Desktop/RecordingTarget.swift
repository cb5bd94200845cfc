import CX11
import Desktop

/// What a recording follows: it finds the pixels again when the target moves, is resized, hidden or shown.
final class RecordingTarget {
    /// The words for the target within a sentence.
    let words: String
    private let connection: X11Connection
    private let target: CaptureTarget
    private let rootKind: DrawableKind
    private let client: XID?

    private var pixels: WindowPixels?
    private var watch: DamageWatch
    private var view: X11View?
    private var isPainted = true
    private var isMoved = true

    /// Finds the target.
    ///
    /// "Active" and "focused" mean the one that is so now; the recording then stays with it.
    init(_ connection: X11Connection, _ target: CaptureTarget, rootKind: DrawableKind) throws {
        self.connection = connection
        self.rootKind = rootKind
        var words = "the screen"
        do {
            let subject = try connection.find(target)
            words = subject.words
            switch subject {
            case .area(_, _, let monitor):
                client = nil
                self.target = monitor.map { .monitor($0) } ?? target
                watch = try DamageWatch(connection, on: connection.root)
                XSelectInput(connection.display, connection.root, StructureNotifyMask)
            case .window(let client, _):
                self.client = client
                self.target = .window(UInt64(client))
                let top = try connection.topLevel(of: client)
                watch = try DamageWatch(connection, on: connection.hasComposite ? top : connection.root)
            }
        } catch let fault as X11Fault {
            throw fault.failure(words)
        }
        self.words = words
    }

    /// Whether the server cannot tell what was painted.
    var isBlind: Bool { watch.isBlind }

    /// Makes the next `take` find the target anew.
    func lookAgain() {
        isMoved = true
    }

    /// Takes an event in; whether it is about the target.
    func note(_ event: XEvent) -> Bool {
        if watch.owns(event) {
            isPainted = true
            return true
        }
        switch event.type {
        case ConfigureNotify, MapNotify, UnmapNotify, DestroyNotify, ReparentNotify:
            isMoved = true
            return true
        default:
            return false
        }
    }

    /// Where the pixels are, and which of them were painted since the last call; nil while nothing can be seen.
    ///
    /// - Throws: `CaptureFailure` when the target is gone, `X11Fault` when it changed meanwhile.
    func take() throws -> (X11View, ChangeList)? {
        var everything = isBlind
        if isMoved {
            isMoved = false
            view = try find()
            everything = true
        }
        guard let view else { return nil }
        let all = Region(x: 0, y: 0, width: view.area.width, height: view.area.height)
        guard isPainted || everything else { return (view, ChangeList()) }
        // Taken in any case: else the server has no reason to tell of the next painting.
        let painted = isPainted ? try watch.take() : ChangeList()
        isPainted = false
        return (view, everything ? ChangeList([all]) : painted.clipped(to: damagedArea(view)))
    }

    // MARK: - Finding

    private func find() throws -> X11View? {
        guard let client else {
            do {
                guard case .area(let region, _, _) = try connection.find(target) else { return nil }
                return X11View(region: region, drawable: connection.root, kind: rootKind, area: region)
            } catch is CaptureFailure {
                throw CaptureFailure(.gone, "\(words) is gone: the monitors were changed.".capitalizedFirst)
            }
        }
        guard let attributes = connection.attributes(of: client) else {
            try connection.throwIfLost()
            throw CaptureFailure(.gone, "\(words) was closed.".capitalizedFirst)
        }
        guard attributes.map_state == IsViewable else {
            XSelectInput(connection.display, client, StructureNotifyMask)
            return nil
        }
        return connection.hasComposite ? try findPixels(client) : try findOnRoot(client)
    }

    private func findPixels(_ client: XID) throws -> X11View {
        if let pixels, pixels.top == (try connection.topLevel(of: client)) {
            try pixels.rename()
            return try pixels.view()
        }
        pixels = nil
        let pixels = try WindowPixels(connection, of: client)
        self.pixels = pixels
        watch = try DamageWatch(connection, on: pixels.top)
        XSelectInput(connection.display, client, StructureNotifyMask)
        if pixels.top != client { XSelectInput(connection.display, pixels.top, StructureNotifyMask) }
        return try pixels.view()
    }

    private func findOnRoot(_ client: XID) throws -> X11View? {
        XSelectInput(connection.display, client, StructureNotifyMask)
        let top = try connection.topLevel(of: client)
        if top != client { XSelectInput(connection.display, top, StructureNotifyMask) }
        let region = try connection.contents(of: client).intersection(try connection.rootRegion())
        guard !region.isEmpty else { return nil }
        return X11View(region: region, drawable: connection.root, kind: rootKind, area: region)
    }

    /// The view in the coordinates of the watched window: a pixmap begins with the border, damage does not.
    private func damagedArea(_ view: X11View) -> Region {
        guard let pixels else { return view.area }
        let border = pixels.border
        return Region(
            x: view.area.x - border, y: view.area.y - border, width: view.area.width, height: view.area.height)
    }
}
