extension Frame {
    /// A part of the frame, whose pixels are copied: what is around it is not kept.
    ///
    /// - Parameter region: In the frame's own pixels; what lies outside is left out, and of nothing a pixel stays.
    public func cut(_ region: Region) -> Frame {
        let inside = region.intersection(Region(x: 0, y: 0, width: width, height: height))
        let part =
            inside.isEmpty
            ? Region(x: min(max(0, region.x), width - 1), y: min(max(0, region.y), height - 1), width: 1, height: 1)
            : inside
        let size = format.bytesPerPixel
        let copy = PixelBuffer(byteCount: part.width * part.height * size) { target in
            pixels.withBytes { source in
                for row in 0..<part.height {
                    let start = (part.y + row) * stride + part.x * size
                    let line = UnsafeMutableRawBufferPointer(
                        rebasing: target[(row * part.width * size)..<((row + 1) * part.width * size)])
                    line.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[start..<(start + part.width * size)]))
                }
            }
        }
        return Frame(
            width: part.width, height: part.height, stride: part.width * size, format: format, pixels: copy, time: time)
    }
}
