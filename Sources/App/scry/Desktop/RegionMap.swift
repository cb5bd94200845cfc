import Desktop
import PortalDesktop

/// How the pixels of a picture lie on the desktop, whose own coordinates may be coarser.
struct RegionMap: Sendable, Equatable {
    /// What the picture shows, in the desktop's coordinates.
    let shown: Region
    /// The picture's size in pixels.
    let width: Int
    /// The picture's size in pixels.
    let height: Int

    /// Finds the monitor that a picture shows; nil when several could be it.
    ///
    /// - Parameter origin: Where the portal says it is. Some say 0, 0 of every monitor.
    init?(_ width: Int, _ height: Int, origin: (x: Int, y: Int)?, among outputs: [WaylandDesktop.Output]) {
        func region(_ output: WaylandDesktop.Output) -> Region {
            Region(x: output.x, y: output.y, width: output.width, height: output.height)
        }
        let fitting = outputs.filter { ($0.pixelWidth, $0.pixelHeight) == (width, height) }
        let placed = fitting.filter { output in
            origin.map { $0 != (0, 0) && (output.x, output.y) == ($0.x, $0.y) } ?? false
        }
        if outputs.isEmpty {
            shown = Region(x: 0, y: 0, width: width, height: height)
        } else if let only = [outputs, fitting, placed].first(where: { $0.count == 1 })?.first {
            shown = region(only)
        } else if fitting.isEmpty, let whole = RegionMap(of: width, height, showing: outputs) {
            shown = whole.shown
        } else {
            return nil
        }
        (self.width, self.height) = (width, height)
    }

    /// A picture of all monitors together; nil when its form says that it is none.
    init?(of width: Int, _ height: Int, showing outputs: [WaylandDesktop.Output]) {
        guard let left = outputs.map(\.x).min(), let top = outputs.map(\.y).min(),
            let right = outputs.map({ $0.x + $0.width }).max(), let bottom = outputs.map({ $0.y + $0.height }).max(),
            width > 0, height > 0
        else { return nil }
        shown = Region(x: left, y: top, width: right - left, height: bottom - top)
        (self.width, self.height) = (width, height)
        let form = Double(width) * Double(shown.height) / (Double(height) * Double(shown.width))
        guard abs(form - 1) < 0.01 else { return nil }
    }

    /// The part of the picture that is a part of the desktop; nil when it shows nothing of that.
    func pictureRegion(_ region: Region) -> Region? {
        let part = region.intersection(shown)
        guard !part.isEmpty else { return nil }
        // Whole pixels, and no pixel less than what was chosen.
        let (x, y) = (Double(width) / Double(shown.width), Double(height) / Double(shown.height))
        let left = Int((Double(part.x - shown.x) * x).rounded(.down))
        let top = Int((Double(part.y - shown.y) * y).rounded(.down))
        let right = min(width, Int((Double(part.x - shown.x + part.width) * x).rounded(.up)))
        let bottom = min(height, Int((Double(part.y - shown.y + part.height) * y).rounded(.up)))
        return Region(x: left, y: top, width: right - left, height: bottom - top)
    }

    /// Where a part of the picture is on the desktop.
    func desktopRegion(_ part: Region) -> Region {
        let (x, y) = (Double(shown.width) / Double(width), Double(shown.height) / Double(height))
        return Region(
            x: shown.x + Int((Double(part.x) * x).rounded()), y: shown.y + Int((Double(part.y) * y).rounded()),
            width: max(1, Int((Double(part.width) * x).rounded())),
            height: max(1, Int((Double(part.height) * y).rounded())))
    }
}
