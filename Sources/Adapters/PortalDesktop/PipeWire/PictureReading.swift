import CPipeWire
import Desktop

/// A buffer as it came, lent for the time of a call.
struct StreamNews: Sendable {
    /// What is known of the pointer.
    struct Pointer: Sendable {
        /// Its hot spot in the picture; nil when it is elsewhere.
        var place: (x: Int, y: Int)?
        /// What it looks like from now on, nil inside when it is invisible; nil when that is as it was.
        var shape: CursorShape??
    }

    /// The pixels; nil when there are none, or they are not where the producer says.
    var view: PixelView?
    /// Where something is new; nil for everywhere.
    var boxes: [Region]?
    /// What changed about the pointer; nil when nothing is said about it.
    var pointer: Pointer?
    /// Buffers that were lost since the one before.
    var lost: Int
    /// When it was drawn, as the producer says; below 0 when it does not.
    var time: Int64

    /// Reads what C found.
    init(_ picture: cpipewire_picture) {
        view = PixelView(picture)
        boxes = picture.boxes
        lost = Int(clamping: picture.lost)
        time = picture.time
        guard picture.has_cursor else { return }
        let cursor = picture.cursor
        pointer = Pointer(place: cursor.is_visible ? (Int(cursor.x), Int(cursor.y)) : nil)
        if cursor.is_visible, cursor.has_shape { pointer?.shape = .some(CursorShape(cursor, serial: 0)) }
    }
}

extension PixelView {
    /// Looks at a buffer's pixels; nil when it has none, or they are not where the producer says.
    init?(_ picture: cpipewire_picture) {
        guard let bytes = picture.bytes, let layout = PixelLayout(picture.pixels) else { return nil }
        self.init(
            UnsafeRawBufferPointer(start: bytes, count: picture.byte_count), layout: layout,
            width: Int(picture.width), height: Int(picture.height), stride: Int(picture.stride),
            crop: picture.has_crop ? Region(picture.crop) : nil, transform: picture.transform)
    }
}

extension cpipewire_picture {
    /// Where something is new, in the pixels that are seen; nil for everywhere.
    var boxes: [Region]? {
        // Turned pictures are few: what has to be turned with them is not worth its code.
        guard damage_count >= 0, transform == 0 else { return nil }
        let everything = Region(x: 0, y: 0, width: Int(width), height: Int(height))
        let seen = has_crop ? everything.intersection(Region(crop)) : everything
        return withUnsafeBytes(of: damage) { bytes in
            bytes.bindMemory(to: cpipewire_region.self).prefix(Int(damage_count)).map { box in
                var box = Region(box)
                if !seen.isEmpty { (box.x, box.y) = (box.x - seen.x, box.y - seen.y) }
                return box
            }
        }
    }
}

extension Region {
    /// A producer's region; what it covers is still to be checked.
    init(_ region: cpipewire_region) {
        self.init(x: Int(region.x), y: Int(region.y), width: Int(region.width), height: Int(region.height))
    }
}

extension CursorShape {
    /// Reads the pointer's picture; nil when it is invisible, or not where the producer says.
    init?(_ cursor: cpipewire_cursor, serial: UInt) {
        let (width, height) = (Int(cursor.width), Int(cursor.height))
        // No pointer is larger; a producer that says so is mistaken.
        guard let bytes = cursor.bytes, (1...512).contains(width), (1...512).contains(height),
            let layout = PixelLayout(cursor.pixels),
            let view = PixelView(
                UnsafeRawBufferPointer(start: bytes, count: cursor.byte_count), layout: layout, width: width,
                height: height, stride: Int(cursor.stride))
        else { return nil }
        let pixels = [UInt32](unsafeUninitializedCapacity: width * height) { memory, count in
            guard let start = memory.baseAddress else { return }
            for y in 0..<height {
                layout.read(
                    view.start + y * view.rowStep, step: view.columnStep, count: width, into: start + y * width)
            }
            count = width * height
        }
        self.init(
            serial: serial, hotX: Int(cursor.hot_x), hotY: Int(cursor.hot_y), width: width, height: height,
            pixels: pixels)
    }
}
