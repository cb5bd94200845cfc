import Desktop
import Glibc

/// The newest picture of a stream, kept up to date by copying what changed.
final class StreamPicture {
    /// Width in pixels.
    let width: Int
    /// Height in pixels.
    let height: Int
    private let memory: UnsafeMutableRawPointer
    private let row: UnsafeMutablePointer<UInt32>
    private var stride: Int { width * 4 }

    /// Unchanged rows that are worth starting another box for.
    private static let gap = 32

    /// Makes a black picture.
    init(width: Int, height: Int) {
        self.width = width
        self.height = height
        memory = .allocate(byteCount: width * height * 4, alignment: 64)
        memset(memory, 0, width * height * 4)
        row = .allocate(capacity: width)
    }

    deinit {
        memory.deallocate()
        row.deallocate()
    }

    /// All of it.
    var bounds: Region { Region(x: 0, y: 0, width: width, height: height) }

    /// Takes over what a view of the same size shows.
    ///
    /// - Parameter boxes: where something may be new; nil for everywhere.
    /// - Returns: what looks different now: compositors often say that more has changed than has.
    func absorb(_ view: PixelView, _ boxes: [Region]?) -> ChangeList {
        var changes = ChangeList()
        for box in boxes ?? [bounds] {
            let box = box.intersection(bounds)
            guard !box.isEmpty else { continue }
            for change in absorb(view, box) { changes.insert(change) }
        }
        return changes
    }

    private func absorb(_ view: PixelView, _ box: Region) -> [Region] {
        var changes: [Region] = []
        for y in box.y..<box.y + box.height {
            let target = memory + y * stride + box.x * 4
            let source = view.pixels(x: box.x, y: y, count: box.width, scratch: row)
            guard memcmp(target, source, box.width * 4) != 0 else { continue }
            memcpy(target, source, box.width * 4)
            if let last = changes.last, y - (last.y + last.height) < Self.gap {
                changes[changes.count - 1].height = y + 1 - last.y
            } else {
                changes.append(Region(x: box.x, y: y, width: box.width, height: 1))
            }
        }
        return changes
    }

    /// Copies a box of an area into a frame that shows the area alone.
    func copy(_ box: Region, of area: Region, to frame: UnsafeMutableRawPointer) {
        let source = memory + (area.y + box.y) * stride + (area.x + box.x) * 4
        let target = frame + (box.y * area.width + box.x) * 4
        if box.width == width, area.width == width {
            memcpy(target, source, box.height * stride)
            return
        }
        for index in 0..<box.height {
            memcpy(target + index * area.width * 4, source + index * stride, box.width * 4)
        }
    }
}
