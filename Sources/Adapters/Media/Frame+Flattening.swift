import Desktop

extension Frame {
    /// The frame without transparency, laid over white, or over black where what is seen is nearly white itself: the
    /// white symbols and letters that programs draw for dark themes would be gone otherwise.
    func flattened() -> Frame {
        guard format == .bgra else { return self }
        let ground = isLight ? 0 : 255
        let flattened = PixelBuffer(byteCount: width * height * 4) { target in
            pixels.withBytes { source in
                for y in 0..<height {
                    for x in 0..<width {
                        let from = y * stride + x * 4
                        let to = (y * width + x) * 4
                        let alpha = Int(source[from + 3])
                        for channel in 0..<3 {
                            let value = Int(source[from + channel]) * alpha + ground * (255 - alpha)
                            target[to + channel] = UInt8((value + 127) / 255)
                        }
                        target[to + 3] = 255
                    }
                }
            }
        }
        return Frame(width: width, height: height, stride: width * 4, format: .bgrx, pixels: flattened, time: time)
    }

    /// Whether what is seen of the frame is nearly white, while some of it is seen through.
    private var isLight: Bool {
        pixels.withBytes { bytes in
            var (weight, light, count) = (0, 0, 0)
            // A sample of the rows tells as much as all of them.
            let step = max(1, height / 256)
            for y in Swift.stride(from: 0, to: height, by: step) {
                for x in 0..<width {
                    let place = y * stride + x * 4
                    let alpha = Int(bytes[place + 3])
                    let brightness = 29 * Int(bytes[place]) + 150 * Int(bytes[place + 1]) + 77 * Int(bytes[place + 2])
                    weight += alpha
                    light += brightness * alpha
                    count += 1
                }
            }
            guard weight > 0, weight < 255 * count * 9 / 10 else { return false }
            return light / weight > 256 * 217
        }
    }
}
