import Desktop

/// Makes the simplest picture file that tesseract reads: a portable grey map.
enum GreyPicture {
    /// A frame in grey at twice its size.
    static func doubled(_ frame: Frame) -> [UInt8] {
        let width = frame.width
        let height = frame.height
        var file = Array("P5\n\(width * 2) \(height * 2)\n255\n".utf8)
        guard width > 0, height > 0 else { return file }
        file.reserveCapacity(file.count + width * height * 4)
        var above = grey(frame, row: 0)
        for row in 0..<height {
            let below = row + 1 < height ? grey(frame, row: row + 1) : above
            appendWidened(above, to: &file)
            appendWidened(zip(above, below).map { UInt8((UInt16($0) + UInt16($1)) / 2) }, to: &file)
            above = below
        }
        return file
    }

    /// Appends a row with the mean of each two neighbours between them.
    private static func appendWidened(_ row: [UInt8], to file: inout [UInt8]) {
        for index in row.indices {
            let next = index + 1 < row.count ? row[index + 1] : row[index]
            file.append(row[index])
            file.append(UInt8((UInt16(row[index]) + UInt16(next)) / 2))
        }
    }

    private static func grey(_ frame: Frame, row: Int) -> [UInt8] {
        let bytes = frame.format.bytesPerPixel
        let (red, blue) = frame.format == .bgrx || frame.format == .bgra ? (2, 0) : (0, 2)
        return frame.pixels.withBytes { pixels in
            (0..<frame.width).map { column in
                let at = row * frame.stride + column * bytes
                // The weights of Rec. 601 in 256ths.
                let sum = 77 * UInt32(pixels[at + red]) + 150 * UInt32(pixels[at + 1]) + 29 * UInt32(pixels[at + blue])
                return UInt8(sum >> 8)
            }
        }
    }
}
