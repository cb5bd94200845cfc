/// How a photo has to be turned to be shown upright, as its camera noted it.
///
/// Read from the file itself, since libav tells it of some formats only, and of those not in every version.
struct ExifOrientation: Equatable {
    /// Whether left and right are exchanged, before it is turned.
    let isMirrored: Bool
    /// Right angles by which it is turned clockwise.
    let quarterTurns: Int

    static let upright = ExifOrientation(isMirrored: false, quarterTurns: 0)

    /// Makes the orientation of a tag's value, 1…8; nil for another.
    init?(tag: Int) {
        switch tag {
        case 1: self = .upright
        case 2: self.init(isMirrored: true, quarterTurns: 0)
        case 3: self.init(isMirrored: false, quarterTurns: 2)
        case 4: self.init(isMirrored: true, quarterTurns: 2)
        case 5: self.init(isMirrored: true, quarterTurns: 3)
        case 6: self.init(isMirrored: false, quarterTurns: 1)
        case 7: self.init(isMirrored: true, quarterTurns: 1)
        case 8: self.init(isMirrored: false, quarterTurns: 3)
        default: return nil
        }
    }

    private init(isMirrored: Bool, quarterTurns: Int) {
        self.isMirrored = isMirrored
        self.quarterTurns = quarterTurns
    }

    /// Looks for the note in a JPEG, PNG or WebP file; upright where there is none, or none that makes sense.
    init(of file: [UInt8]) {
        let file = file[...]
        let block = Self.inJPEG(file) ?? Self.inPNG(file) ?? Self.inWebP(file)
        self = block.flatMap(Self.tag).flatMap(Self.init(tag:)) ?? .upright
    }

    // MARK: - Where it stands

    private static let mark = Array("Exif\0\0".utf8)

    /// The segments before the picture's own data: a mark, a length that counts itself, the bytes.
    private static func inJPEG(_ file: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard file.starts(with: [0xFF, 0xD8]) else { return nil }
        var place = 2
        while let marker = number(file, at: place, 2), marker >> 8 == 0xFF {
            // Between segments there may be filling.
            if marker == 0xFFFF {
                place += 1
                continue
            }
            guard marker != 0xFFDA, let length = number(file, at: place + 2, 2), length >= 2 else { return nil }
            if marker == 0xFFE1, let segment = part(file, place + 4, length - 2), segment.starts(with: mark) {
                return segment.dropFirst(mark.count)
            }
            place += 2 + length
        }
        return nil
    }

    /// Chunks: a length, a name, the bytes, a checksum.
    private static func inPNG(_ file: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard file.starts(with: [0x89, 0x50, 0x4E, 0x47]) else { return nil }
        var place = 8
        while let length = number(file, at: place, 4), let name = part(file, place + 4, 4) {
            if name.elementsEqual("eXIf".utf8) { return part(file, place + 8, length) }
            place += 12 + length
        }
        return nil
    }

    /// Chunks: a name, a length with the smallest byte first, the bytes, made even.
    private static func inWebP(_ file: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard file.starts(with: "RIFF".utf8) else { return nil }
        var place = 12
        while let name = part(file, place, 4), let length = number(file, at: place + 4, 4, isLittle: true) {
            if name.elementsEqual("EXIF".utf8) {
                let block = part(file, place + 8, length)
                return block?.starts(with: mark) == true ? block?.dropFirst(mark.count) : block
            }
            place += 8 + length + length % 2
        }
        return nil
    }

    /// The tag of the first directory of a TIFF block, which counts its places from its own beginning.
    private static func tag(in block: ArraySlice<UInt8>) -> Int? {
        let isLittle = block.starts(with: "II".utf8)
        guard isLittle || block.starts(with: "MM".utf8), number(block, at: 2, 2, isLittle: isLittle) == 42,
            let directory = number(block, at: 4, 4, isLittle: isLittle),
            let count = number(block, at: directory, 2, isLittle: isLittle)
        else { return nil }
        for entry in 0..<count {
            let place = directory + 2 + entry * 12
            guard let tag = number(block, at: place, 2, isLittle: isLittle) else { return nil }
            if tag == 0x0112 { return number(block, at: place + 8, 2, isLittle: isLittle) }
        }
        return nil
    }

    // MARK: - Bytes

    private static func part(_ bytes: ArraySlice<UInt8>, _ place: Int, _ count: Int) -> ArraySlice<UInt8>? {
        guard place >= 0, count >= 0, place <= bytes.count, count <= bytes.count - place else { return nil }
        let start = bytes.startIndex + place
        return bytes[start..<start + count]
    }

    private static func number(
        _ bytes: ArraySlice<UInt8>, at place: Int, _ count: Int, isLittle: Bool = false
    ) -> Int? {
        guard let part = part(bytes, place, count) else { return nil }
        let value = { (value: Int, byte: UInt8) in value << 8 | Int(byte) }
        return isLittle ? part.reversed().reduce(0, value) : part.reduce(0, value)
    }
}
