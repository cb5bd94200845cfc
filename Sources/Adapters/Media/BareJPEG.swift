/// A JPEG file as its camera compressed it, without what the camera noted beside the picture.
///
/// Notes tell where a photo was taken and by whom, and some files have a film behind the picture: neither is anything that
/// an engine needs. What is left decodes to the very same pixels, which encoding it once more would not.
public struct BareJPEG: Sendable, Equatable {
    /// The file, from its first mark to its last.
    public let bytes: [UInt8]

    /// Takes a file apart; nil where it is no whole JPEG file, or one that is not shown as it is stored: a photo that has to be
    /// turned, or one in the colours of printers.
    public init?(_ file: [UInt8]) {
        guard file.starts(with: [0xFF, 0xD8]), ExifOrientation(of: file) == .upright else { return nil }
        var kept: [UInt8] = [0xFF, 0xD8]
        var place = 2
        var hasPicture = false
        while place + 1 < file.count, file[place] == 0xFF {
            let marker = file[place + 1]
            if marker == 0xFF {
                // Between segments there may be filling.
                place += 1
                continue
            }
            if marker == 0xD9 {
                guard hasPicture else { return nil }
                bytes = kept + [0xFF, 0xD9]
                return
            }
            guard place + 3 < file.count else { return nil }
            let length = Int(file[place + 2]) << 8 | Int(file[place + 3])
            guard length >= 2, place + 2 + length <= file.count else { return nil }
            var end = place + 2 + length
            if Self.isHead(marker) {
                // Bits a colour, height, width, number of colours.
                guard length >= 8, file[place + 4] == 8, [1, 3].contains(file[place + 9]) else { return nil }
            }
            if marker == 0xDA {
                hasPicture = true
                end = Self.end(ofScanAt: end, in: file)
            }
            if !Self.isNote(marker) { kept += file[place..<end] }
            place = end
        }
        return nil
    }

    private static func isHead(_ marker: UInt8) -> Bool {
        (0xC0...0xCF).contains(marker) && ![0xC4, 0xC8, 0xCC].contains(marker)
    }

    /// What programs add, but for the two that say how colours are mixed, and comments.
    private static func isNote(_ marker: UInt8) -> Bool {
        (0xE1...0xEF).contains(marker) && marker != 0xEE || marker == 0xFE
    }

    /// Where the next mark is: inside of a scan a byte like one is followed by zero, or restarts it.
    private static func end(ofScanAt start: Int, in file: [UInt8]) -> Int {
        var place = start
        while place + 1 < file.count {
            if file[place] == 0xFF, file[place + 1] != 0, !(0xD0...0xD7).contains(file[place + 1]),
                file[place + 1] != 0xFF
            {
                return place
            }
            place += 1
        }
        return file.count
    }
}
