import Desktop
import FoundationEssentials

/// A picture on its way from one of our programs to another: a line of JSON, then the pixels as they were taken.
///
/// Nothing is encoded before the receiver knows for which model, and nothing waits for an encoder.
struct PictureParcel: Sendable {
    let picture: CapturedPicture
    let takenAt: Date

    /// What the line says.
    struct Header: Codable, Sendable {
        var scry = 1
        var label: String
        var region: Region
        var width: Int
        var height: Int
        var takenAt: Date

        /// How many bytes of pixels follow: blue, green, red, unused.
        var byteCount: Int { width * height * 4 }

        /// Whether the numbers can be true.
        fileprivate var isSound: Bool {
            scry == 1 && (1...32_767).contains(width) && (1...32_767).contains(height) && byteCount <= 1 << 29
                && label.utf8.count <= 4096
        }
    }

    /// The longest line.
    static let lineLimit = 16_384

    /// The bytes that go over.
    var bytes: [UInt8] {
        let frame = picture.frame.tight
        let header = Header(
            label: String(picture.label.prefix(500)), region: picture.region, width: frame.width, height: frame.height,
            takenAt: takenAt)
        var bytes = Array((JSONText.line(header) + "\n").utf8)
        frame.pixels.withBytes { bytes.append(contentsOf: $0.prefix(header.byteCount)) }
        return bytes
    }

    /// Reads a header; nil for anything else.
    static func header(_ line: [UInt8]) -> Header? {
        guard let header = try? JSONText.decoder.decode(Header.self, from: Data(line)), header.isSound else {
            return nil
        }
        return header
    }

    /// Makes the picture of a header, with pixels that `fill` brings; nil when it does not.
    init?(_ header: Header, fill: (UnsafeMutableRawBufferPointer) -> Bool) {
        var isFilled = false
        let pixels = PixelBuffer(byteCount: header.byteCount) { isFilled = fill($0) }
        guard isFilled else { return nil }
        let frame = Frame(
            width: header.width, height: header.height, stride: header.width * 4, format: .bgrx, pixels: pixels,
            time: MonotonicTime.now)
        picture = CapturedPicture(frame: frame, label: SafeOutput.line(header.label), region: header.region)
        takenAt = header.takenAt
    }

    init(_ picture: CapturedPicture, takenAt: Date) {
        self.picture = picture
        self.takenAt = takenAt
    }

    /// Reads a parcel from a file and removes it.
    ///
    /// - Throws: `CommandFailure` when it is none.
    static func take(_ path: String) throws -> PictureParcel {
        let data = FileManager.default.contents(atPath: path)
        try? FileManager.default.removeItem(atPath: path)
        guard let data, let end = data.prefix(lineLimit).firstIndex(of: UInt8(ascii: "\n")),
            let header = header(Array(data[..<end])), data.count - end - 1 == header.byteCount,
            let parcel = PictureParcel(header, fill: { data[(end + 1)...].copyBytes(to: $0) == header.byteCount })
        else { throw CommandFailure(.attachmentUnreadable, "The picture that was to be shown here is gone.") }
        return parcel
    }
}

extension Frame {
    /// The frame as blue, green, red, unused, without anything between the rows.
    fileprivate var tight: Frame {
        if format == .bgrx, stride == width * 4 { return self }
        let pixels = PixelBuffer(byteCount: width * height * 4) { target in
            self.pixels.withBytes { source in
                let (red, blue) = format == .rgb || format == .rgbx ? (0, 2) : (2, 0)
                for row in 0..<height {
                    for column in 0..<width {
                        let from = row * stride + column * format.bytesPerPixel
                        let to = (row * width + column) * 4
                        target[to] = source[from + blue]
                        target[to + 1] = source[from + 1]
                        target[to + 2] = source[from + red]
                        target[to + 3] = 0xFF
                    }
                }
            }
        }
        return Frame(width: width, height: height, stride: width * 4, format: .bgrx, pixels: pixels, time: time)
    }
}
