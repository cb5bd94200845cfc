import Desktop
import Glibc

/// A picture that is read in parts, and the frames that were made of it.
final class KeptPicture {
    /// Width in pixels.
    let width: Int
    /// Height in pixels.
    let height: Int
    private let memory: UnsafeMutableRawPointer
    private let row: UnsafeMutableRawPointer
    private let pool: SnapshotPool
    private var stride: Int { width * 4 }

    /// What a request costs, in pixels that could be read in the same time.
    private static let requestCost = 50_000
    /// Unchanged rows that are worth starting another box for.
    private static let gap = 32

    /// Makes a picture that shows nothing yet.
    init(width: Int, height: Int) {
        self.width = width
        self.height = height
        memory = .allocate(byteCount: max(1, width * height * 4), alignment: 64)
        row = .allocate(byteCount: max(1, width * 4), alignment: 64)
        pool = SnapshotPool(byteCount: width * height * 4)
    }

    deinit {
        memory.deallocate()
        row.deallocate()
    }

    /// Reads boxes of a view, or all of it when `boxes` is nil.
    ///
    /// - Returns: what looks different now.
    func read(_ boxes: ChangeList?, of view: X11View, with reader: PixelReader) throws(X11Fault) -> ChangeList {
        let everything = Region(x: 0, y: 0, width: width, height: height)
        var list = boxes?.boxes ?? [everything]
        if let boxes, boxes.area + list.count * Self.requestCost > everything.area {
            list = boxes.isEmpty ? [] : [everything]
        }
        var changes = ChangeList()
        for box in list {
            let area = Region(x: view.area.x + box.x, y: view.area.y + box.y, width: box.width, height: box.height)
            let found = try reader.read(area, of: view.drawable, view.kind) { absorb($0, into: box) }
            for change in found { changes.insert(change) }
        }
        return changes
    }

    /// Makes a frame of the picture as it is now, with the cursor on it.
    ///
    /// - Parameter changes: what is different from the frame before.
    func snapshot(_ changes: ChangeList, cursor: DrawnPointer) -> PixelBuffer {
        pool.invalidate(changes)
        return pool.lend { frame, stale in
            let boxes = stale?.boxes ?? [Region(x: 0, y: 0, width: width, height: height)]
            for box in boxes { copy(box, to: frame) }
            guard let shape = cursor.shape, let place = cursor.place, let region = cursor.region else {
                return ChangeList()
            }
            shape.blend(into: frame, width: width, height: height, stride: stride, atX: place.x, y: place.y)
            return ChangeList([region.intersection(Region(x: 0, y: 0, width: width, height: height))])
        }
    }

    // MARK: - Rows

    /// Takes rows over and says which differ: applications often paint what is there already.
    private func absorb(_ rows: PixelRows, into box: Region) -> [Region] {
        var changes: [Region] = []
        let byteCount = box.width * 4
        for index in 0..<box.height {
            let y = box.y + index
            let target = memory + y * stride + box.x * 4
            let source = rows.pixels(index, count: box.width, scratch: row)
            guard memcmp(target, source, byteCount) != 0 else { continue }
            memcpy(target, source, byteCount)
            if let last = changes.last, y - (last.y + last.height) < Self.gap {
                changes[changes.count - 1].height = y + 1 - last.y
            } else {
                changes.append(Region(x: box.x, y: y, width: box.width, height: 1))
            }
        }
        return changes
    }

    private func copy(_ box: Region, to frame: UnsafeMutableRawPointer) {
        let start = box.y * stride + box.x * 4
        if box.width == width {
            memcpy(frame + start, memory + start, box.height * stride)
            return
        }
        for index in 0..<box.height {
            memcpy(frame + start + index * stride, memory + start + index * stride, box.width * 4)
        }
    }
}

extension PixelRows {
    /// A row in the layout of frames: as the server left it where that will do, else converted into `scratch`.
    fileprivate func pixels(_ index: Int, count: Int, scratch: UnsafeMutableRawPointer) -> UnsafeRawPointer {
        let source = start + index * stride
        if converter.isNative { return source }
        converter.convert(source, count: count, into: scratch)
        return UnsafeRawPointer(scratch)
    }
}
