import Cells
import Desktop

extension Frame {
    /// The frame, which shows a part of a picture, with the marks that are in that part.
    func marked(_ marks: [PictureMark], of part: PixelRect) -> Frame {
        let size = format.bytesPerPixel
        let scale = (x: Double(width) / Double(part.width), y: Double(height) / Double(part.height))
        let copy = PixelBuffer(byteCount: stride * height) { target in
            pixels.withBytes { target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[..<(stride * height)])) }
            func fill(_ region: Region, _ value: UInt8) {
                let region = region.intersection(Region(x: 0, y: 0, width: width, height: height))
                for row in region.y..<region.y + region.height {
                    for column in region.x..<region.x + region.width {
                        let place = row * stride + column * size
                        target[place] = value
                        target[place + 1] = value
                        target[place + 2] = value
                    }
                }
            }
            for mark in marks {
                let left = Int((Double(mark.part.x - part.x) * scale.x).rounded())
                let top = Int((Double(mark.part.y - part.y) * scale.y).rounded())
                let right = Int((Double(mark.part.x + mark.part.width - part.x) * scale.x).rounded())
                let bottom = Int((Double(mark.part.y + mark.part.height - part.y) * scale.y).rounded())
                let inside = Region(x: left, y: top, width: max(1, right - left), height: max(1, bottom - top))
                if mark.isCovered {
                    fill(inside, 0)
                } else {
                    // White in black, which is seen on anything.
                    for (grow, value) in [(2, UInt8(0)), (1, 255), (0, 255), (-1, 0)] {
                        outline(inside, grow) { fill($0, value) }
                    }
                }
            }
        }
        return Frame(width: width, height: height, stride: stride, format: format, pixels: copy, time: time)
    }

    /// The four sides of a line of a pixel around a region.
    private func outline(_ region: Region, _ grow: Int, _ fill: (Region) -> Void) {
        let (x, y) = (region.x - grow, region.y - grow)
        let (width, height) = (region.width + 2 * grow, region.height + 2 * grow)
        guard width > 0, height > 0 else { return }
        fill(Region(x: x, y: y, width: width, height: 1))
        fill(Region(x: x, y: y + height - 1, width: width, height: 1))
        fill(Region(x: x, y: y, width: 1, height: height))
        fill(Region(x: x + width - 1, y: y, width: 1, height: height))
    }
}
