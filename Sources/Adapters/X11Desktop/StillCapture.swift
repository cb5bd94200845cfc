import CX11
import Desktop

/// Takes single pictures.
struct StillCapture {
    let connection: X11Connection
    let reader: PixelReader

    /// Takes one picture.
    ///
    /// - Throws: `CaptureFailure`.
    func picture(of target: CaptureTarget, withCursor: Bool) throws -> CapturedPicture {
        var words = "the screen"
        do {
            let subject = try connection.find(target)
            words = subject.words
            switch subject {
            case .area(let region, _, _):
                return try take(rootView(region), label: subject.label, withCursor: withCursor)
            case .window(let client, _):
                let contents = try connection.contents(of: client)
                let root = try connection.rootRegion()
                let isPlain = try isUncovered(client, contents, root: root)
                guard connection.hasComposite, !isPlain else {
                    let visible = contents.intersection(root)
                    guard !visible.isEmpty else {
                        throw CaptureFailure(
                            .noTarget, "\(words) is off the screen. Move it into view and try again.".capitalizedFirst)
                    }
                    return try take(rootView(visible), label: subject.label, withCursor: withCursor)
                }
                let pixels = try uncover(client)
                return try take(pixels.view(), label: subject.label, withCursor: withCursor)
            }
        } catch let fault as X11Fault {
            throw fault.failure(words)
        }
    }

    private func rootView(_ region: Region) -> X11View {
        X11View(region: region, drawable: connection.root, kind: reader.rootKind, area: region)
    }

    private func take(_ view: X11View, label: String, withCursor: Bool) throws(X11Fault) -> CapturedPicture {
        let (width, height) = (view.area.width, view.area.height)
        let cursor = withCursor ? try cursor() : nil
        let (pixels, time) = try reader.pixels(of: view.area, of: view.drawable, view.kind) { picture in
            guard let cursor else { return }
            cursor.shape.blend(
                into: picture, width: width, height: height, stride: width * 4,
                atX: cursor.x - view.region.x, y: cursor.y - view.region.y)
        }
        let frame = Frame(width: width, height: height, stride: width * 4, format: .bgrx, pixels: pixels, time: time)
        return CapturedPicture(frame: frame, label: label, region: view.region)
    }

    func cursor() throws(X11Fault) -> (shape: CursorShape, x: Int, y: Int)? {
        guard let shape = try connection.cursorShape(), let pointer = try connection.pointer() else { return nil }
        return (shape, pointer.x, pointer.y)
    }

    // MARK: - Covered windows

    /// Whether the root shows all of a window, so that nothing needs to be redirected.
    private func isUncovered(_ client: XID, _ contents: Region, root: Region) throws(X11Fault) -> Bool {
        guard contents.intersection(root) == contents, !connection.hasCompositor else { return false }
        let top = try connection.topLevel(of: client)
        let above = try connection.children(of: connection.root).reversed().prefix { $0 != top }
        return !above.contains { window in
            guard let other = connection.attributes(of: window), other.map_state == IsViewable,
                other.class == InputOutput
            else { return false }
            let border = Int(other.border_width) * 2
            let place = Region(
                x: Int(other.x), y: Int(other.y), width: Int(other.width) + border, height: Int(other.height) + border)
            return !place.intersection(contents).isEmpty
        }
    }

    /// Redirects a window and gives its application time to paint what was covered.
    ///
    /// Without a compositor the server does not have the covered pixels: it asks the application for them, and nothing
    /// says when they are there. So it waits until painting has paused, for a third of a second at most.
    private func uncover(_ client: XID) throws(X11Fault) -> WindowPixels {
        guard !connection.hasCompositor else { return try WindowPixels(connection, of: client) }
        let watch = try DamageWatch(connection, on: connection.topLevel(of: client))
        let pixels = try WindowPixels(connection, of: client)
        let start = MonotonicClock.now()
        var last = start
        while true {
            let now = MonotonicClock.now()
            let end = min(last + 60_000_000, start + 330_000_000)
            guard now < end else { return pixels }
            if try watch.drain() { last = now }
            connection.wait(nanoseconds: end - now)
        }
    }
}
