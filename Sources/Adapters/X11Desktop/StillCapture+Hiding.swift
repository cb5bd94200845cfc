import CX11
import Desktop

extension StillCapture {
    /// Takes a picture of an area as if a window were not there; windows are shown as they are.
    ///
    /// - Throws: `CaptureFailure`.
    func picture(of target: CaptureTarget, withCursor: Bool, hiding hidden: XID) throws -> CapturedPicture {
        do {
            guard connection.hasComposite, case .area(let region, _, _) = try connection.find(target),
                connection.attributes(of: hidden)?.map_state == IsViewable
            else { return try picture(of: target, withCursor: withCursor) }
            let top = try connection.topLevel(of: hidden)
            let hole = try frameRegion(of: top).intersection(region)
            guard !hole.isEmpty else { return try picture(of: target, withCursor: withCursor) }
            let behind = try views(of: hole, without: top)
            var picture = try picture(of: target, withCursor: false)
            picture.frame = try filled(picture.frame, hole, from: region, with: behind, withCursor: withCursor)
            return picture
        } catch let fault as X11Fault {
            throw fault.failure("the screen")
        }
    }

    /// Where a window is on the root, with its border.
    private func frameRegion(of top: XID) throws(X11Fault) -> Region {
        guard let attributes = connection.attributes(of: top) else { throw .refused(code: UInt8(BadWindow)) }
        let border = 2 * Int(attributes.border_width)
        return Region(
            x: Int(attributes.x), y: Int(attributes.y), width: Int(attributes.width) + border,
            height: Int(attributes.height) + border)
    }

    // MARK: - What is behind

    /// A part of the root, and what shows it when the hidden window is away.
    private struct Piece {
        var region: Region
        var pixmap: Pixmap
        var kind: DrawableKind
        /// The pixmap's corner on the root.
        var origin: (x: Int, y: Int)
    }

    /// What shows the hole: the background, then the windows from the bottom to the top.
    ///
    /// The pixmaps live as long as this.
    private struct Scene {
        var pieces: [Piece] = []
        var owners: [RedirectedWindow] = []
    }

    private func views(of hole: Region, without top: XID) throws -> Scene {
        var scene = Scene()
        if let background = background(of: hole) { scene.pieces.append(background) }
        // Asking makes the window, where there is none yet.
        let overlay = connection.hasCompositor ? connection.overlayWindow : 0
        var watches: [DamageWatch] = []
        for window in try connection.children(of: connection.root) where window != top && window != overlay {
            guard let attributes = connection.attributes(of: window), attributes.map_state == IsViewable,
                attributes.class == InputOutput, let frame = try? frameRegion(of: window)
            else { continue }
            let part = frame.intersection(hole)
            guard !part.isEmpty else { continue }
            watches.append(try DamageWatch(connection, on: window))
            // A window that goes meanwhile shows nothing.
            guard let redirected = try? RedirectedWindow(connection, window) else { continue }
            scene.owners.append(redirected)
            scene.pieces.append(
                Piece(
                    region: part, pixmap: redirected.pixmap,
                    kind: DrawableKind(
                        visual: attributes.visual, depth: attributes.depth, colormap: attributes.colormap),
                    origin: (frame.x, frame.y)))
        }
        if !connection.hasCompositor, !watches.isEmpty { try settle(watches) }
        return scene
    }

    /// Waits until nobody has painted for a moment, for a third of a second at most.
    private func settle(_ watches: [DamageWatch]) throws(X11Fault) {
        let start = MonotonicClock.now()
        var last = start
        while true {
            let now = MonotonicClock.now()
            let end = min(last + 60_000_000, start + 330_000_000)
            guard now < end else { return }
            for watch in watches { if try watch.drain() { last = now } }
            connection.wait(nanoseconds: end - now)
        }
    }

    /// The picture that programs put on the root, as they tell each other.
    private func background(of hole: Region) -> Piece? {
        guard let pixmap = connection.numbers("_XROOTPMAP_ID", of: connection.root).first, pixmap != 0,
            let bounds = try? connection.geometry(of: XID(pixmap))
        else { return nil }
        let part = hole.intersection(Region(x: 0, y: 0, width: bounds.width, height: bounds.height))
        return part.isEmpty ? nil : Piece(region: part, pixmap: XID(pixmap), kind: reader.rootKind, origin: (0, 0))
    }

    // MARK: - Pixels

    private func filled(
        _ frame: Frame, _ hole: Region, from region: Region, with scene: Scene, withCursor: Bool
    ) throws -> Frame {
        let (width, height, stride) = (frame.width, frame.height, frame.stride)
        let cursor = withCursor ? try cursor() : nil
        let pixels = try PixelBuffer(byteCount: stride * height) { memory in
            guard let picture = memory.baseAddress else { return }
            frame.pixels.withBytes {
                memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[..<(stride * height)]))
            }
            for row in hole.y..<hole.y + hole.height {
                let start = (row - region.y) * stride + (hole.x - region.x) * 4
                (picture + start).initializeMemory(as: UInt8.self, repeating: 0, count: hole.width * 4)
            }
            for piece in scene.pieces {
                let area = Region(
                    x: piece.region.x - piece.origin.x, y: piece.region.y - piece.origin.y, width: piece.region.width,
                    height: piece.region.height)
                let target = picture + (piece.region.y - region.y) * stride + (piece.region.x - region.x) * 4
                try reader.read(area, of: piece.pixmap, piece.kind) { rows in
                    for row in 0..<area.height {
                        rows.converter.convert(
                            rows.start + row * rows.stride, count: area.width, into: target + row * stride)
                    }
                }
            }
            cursor?.shape.blend(
                into: picture, width: width, height: height, stride: stride, atX: (cursor?.x ?? 0) - region.x,
                y: (cursor?.y ?? 0) - region.y)
        }
        return Frame(width: width, height: height, stride: stride, format: .bgrx, pixels: pixels, time: frame.time)
    }
}

/// A window whose pixels the server keeps, whatever covers it, for as long as this lives.
private final class RedirectedWindow {
    let pixmap: Pixmap
    private let window: XID
    private let connection: X11Connection

    init(_ connection: X11Connection, _ window: XID) throws(X11Fault) {
        self.connection = connection
        self.window = window
        _ = try connection.checked {
            XCompositeRedirectWindow(connection.display, window, Int32(CompositeRedirectAutomatic))
        }
        do {
            pixmap = try connection.checked { XCompositeNameWindowPixmap(connection.display, window) }
        } catch {
            connection.release {
                XCompositeUnredirectWindow(connection.display, window, Int32(CompositeRedirectAutomatic))
            }
            throw error
        }
    }

    deinit {
        connection.release {
            XFreePixmap(connection.display, pixmap)
            XCompositeUnredirectWindow(connection.display, window, Int32(CompositeRedirectAutomatic))
        }
    }
}

extension X11Connection {
    /// The compositor's own window, which covers everything and is no window that a person would name.
    fileprivate var overlayWindow: XID {
        let window = tolerated { XCompositeGetOverlayWindow(display, root) }
        release { XCompositeReleaseOverlayWindow(display, root) }
        return window
    }
}
