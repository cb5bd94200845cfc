import CLibAV
import Desktop

/// Makes the picture of a HEIC or AVIF file.
struct HEIFDecoder {
    private static let mostTiles = 10_000

    private let file: HEIFFile
    private let kind: String

    init(_ bytes: [UInt8], kind: String) throws(MediaFailure) {
        guard let file = HEIFFile(bytes) else {
            throw MediaFailure(.unreadable, "This \(kind) picture cannot be read: its description is damaged.")
        }
        self.file = file
        self.kind = kind
    }

    /// The picture as it is shown.
    func frame() throws(MediaFailure) -> Frame {
        var frame = try frame(of: file.primary)
        if let alpha = file.alpha(of: file.primary), let mask = try? self.frame(of: alpha),
            (mask.width, mask.height) == (frame.width, frame.height)
        {
            frame = frame.masked(by: mask)
        }
        for property in file.items[file.primary]?.properties ?? [] {
            switch property {
            case .aperture(let aperture): frame = frame.cut(aperture)
            case .rotation(let turns): frame = frame.turned(4 - turns)
            // Left and right are exchanged before it is turned over.
            case .mirror(let isVertical): frame = frame.turned(isVertical ? 2 : 0, isMirrored: true)
            default: break
            }
        }
        return frame
    }

    private func frame(of id: Int) throws(MediaFailure) -> Frame {
        guard let item = file.items[id] else { throw damaged("a part of it is missing.") }
        return item.type == "grid" ? try grid(id) : try tile(id, of: item, colors: item.properties)
    }

    // MARK: - Pictures

    private func tile(_ id: Int, of item: HEIFFile.Item, colors: [HEIFFile.Property]) throws(MediaFailure) -> Frame {
        let codecs = ["av01": AV_CODEC_ID_AV1, "hvc1": AV_CODEC_ID_HEVC, "hev1": AV_CODEC_ID_HEVC]
        guard let name = codecs[item.type] else { throw damaged("it is coded in an unknown way.") }
        guard let codec = avcodec_find_decoder(name) else {
            throw MediaFailure(.unreadable, "This system's libavcodec does not read \(kind) pictures.")
        }
        guard let bytes = file.bytes(of: id) else { throw damaged("it ends too early.") }
        var configuration: ArraySlice<UInt8> = []
        for case .configuration(let bytes) in item.properties { configuration = bytes }
        let picture: Picture
        do {
            picture = try Decoder(codec, parameters: nil, configuration: configuration).decodeOnly(bytes)
        } catch {
            throw MediaFailure(error.kind, "This \(kind) picture cannot be read: \(error.message)")
        }
        for case .colors(let primaries, let transfer, let matrix, let isFullRange) in colors {
            let frame = picture.frame
            frame.pointee.color_primaries = AVColorPrimaries(rawValue: UInt32(primaries))
            frame.pointee.color_trc = AVColorTransferCharacteristic(rawValue: UInt32(transfer))
            frame.pointee.colorspace = AVColorSpace(rawValue: UInt32(matrix))
            frame.pointee.color_range = isFullRange ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG
        }
        // What a file does not say is as in JPEG (ISO/IEC 23000-22), not as in a video of that size.
        let frame = picture.frame
        if frame.pointee.colorspace == AVCOL_SPC_UNSPECIFIED { frame.pointee.colorspace = AVCOL_SPC_SMPTE170M }
        if frame.pointee.color_range == AVCOL_RANGE_UNSPECIFIED { frame.pointee.color_range = AVCOL_RANGE_JPEG }
        return try FrameReader().frame(from: picture.frame, time: 0)
    }

    /// Cameras cut large pictures into tiles.
    private func grid(_ id: Int) throws(MediaFailure) -> Frame {
        guard let bytes = file.bytes(of: id) else { throw damaged("it ends too early.") }
        var reader = BoxReader(bytes[...])
        guard reader.number(1) != nil, let flags = reader.number(1), let lastRow = reader.number(1),
            let lastColumn = reader.number(1), let width = reader.number(flags & 1 == 1 ? 4 : 2),
            let height = reader.number(flags & 1 == 1 ? 4 : 2), width > 0, height > 0
        else { throw damaged("its tiles are not described.") }
        guard width <= LibAV.maximumPixels / height else {
            throw MediaFailure(.tooLarge, "A picture of \(width)×\(height) pixels is too large to show.")
        }
        let tiles = file.targets(of: id, "dimg")
        let (rows, columns) = (lastRow + 1, lastColumn + 1)
        guard tiles.count == rows * columns, tiles.count <= Self.mostTiles else {
            throw damaged("some of its tiles are missing.")
        }
        let canvas = UnsafeMutableRawBufferPointer.allocate(byteCount: width * height * 4, alignment: 64)
        // What no tile covers is refused below: nothing is shown that was not written.
        var isHandedOver = false
        defer { if !isHandedOver { canvas.deallocate() } }
        var size = (width: 0, height: 0)
        for (index, tile) in tiles.enumerated() {
            guard let item = file.items[tile], item.type != "grid" else { throw damaged("a tile is missing.") }
            let colors = item.properties + (file.items[id]?.properties ?? [])
            let frame = try self.tile(tile, of: item, colors: colors)
            if index == 0 { size = (frame.width, frame.height) }
            // Tiles that reach far over the edge would cost time for nothing.
            guard (frame.width, frame.height) == size, size.width * (columns - 1) < width,
                size.height * (rows - 1) < height
            else { throw damaged("its tiles do not fit.") }
            frame.copy(into: canvas, width: width, x: index % columns * size.width, y: index / columns * size.height)
        }
        guard size.width * columns >= width, size.height * rows >= height else {
            throw damaged("its tiles do not fit.")
        }
        guard let start = canvas.baseAddress else { throw damaged("it is empty.") }
        isHandedOver = true
        let pixels = PixelBuffer(lending: start, byteCount: canvas.count) { $0.deallocate() }
        return Frame(width: width, height: height, stride: width * 4, format: .bgrx, pixels: pixels, time: 0)
    }

    private func damaged(_ why: String) -> MediaFailure {
        MediaFailure(.unreadable, "This \(kind) picture cannot be read: \(why)")
    }
}

extension Frame {
    /// Copies the pixels to a place of a larger picture's rows; what is beyond the edges is left out.
    fileprivate func copy(into canvas: UnsafeMutableRawBufferPointer, width: Int, x: Int, y: Int) {
        let count = min(self.width, width - x) * 4
        let rows = min(height, canvas.count / 4 / width - y)
        guard count > 0, rows > 0 else { return }
        pixels.withBytes { source in
            for row in 0..<rows {
                let start = ((y + row) * width + x) * 4
                UnsafeMutableRawBufferPointer(rebasing: canvas[start..<start + count]).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: source[row * stride..<row * stride + count]))
            }
        }
    }

    /// The frame, seen through where another of the same size is dark.
    fileprivate func masked(by mask: Frame) -> Frame {
        let pixels = PixelBuffer(byteCount: width * height * 4) { target in
            self.pixels.withBytes { source in
                mask.pixels.withBytes { alpha in
                    for y in 0..<height {
                        for x in 0..<width {
                            let to = (y * width + x) * 4
                            for channel in 0..<3 { target[to + channel] = source[y * stride + x * 4 + channel] }
                            target[to + 3] = alpha[y * mask.stride + x * 4]
                        }
                    }
                }
            }
        }
        return Frame(width: width, height: height, stride: width * 4, format: .bgra, pixels: pixels, time: time)
    }

    /// The part that is shown, of a size and about the middle but for an offset; all of it where that makes no sense.
    fileprivate func cut(_ aperture: [Double]) -> Frame {
        let (wide, high) = (aperture[0].rounded(), aperture[1].rounded())
        guard wide >= 1, high >= 1, wide <= Double(width), high <= Double(height) else { return self }
        let x = (Double(width) - wide) / 2 + aperture[2]
        let y = (Double(height) - high) / 2 + aperture[3]
        guard x >= 0, y >= 0, x <= Double(width) - wide, y <= Double(height) - high else { return self }
        return cut(Region(x: Int(x), y: Int(y), width: Int(wide), height: Int(high)))
    }
}
