import CLibAV
import Desktop
import Glibc

/// Shows on usual screens what was made for very bright ones.
///
/// White is where films and desktops have it, at 203 candelas a square metre. What is darker than half of it stays as it is;
/// what is between that and the brightest place of the picture is pressed together, colours kept, so that lights are neither
/// cut off nor does everything turn grey for their sake. A picture without lights comes out as it is.
struct LightMapper {
    /// By which curve numbers mean light.
    enum Curve: Equatable {
        case perceptual, hybridLog

        init?(_ transfer: AVColorTransferCharacteristic) {
            switch transfer {
            case AVCOL_TRC_SMPTE2084: self = .perceptual
            case AVCOL_TRC_ARIB_STD_B67: self = .hybridLog
            default: return nil
            }
        }
    }

    /// White, in candelas a square metre.
    private static let white: Float = 203
    /// Up to which light everything stays as it is; white is 1.
    private static let knee: Float = 0.5
    private static let inputSteps = 4096
    private static let outputSteps = 8192

    let curve: Curve
    let primaries: AVColorPrimaries
    private let lights: [Float]
    private let shades: [UInt8]

    init(curve: Curve, primaries: AVColorPrimaries) {
        self.curve = curve
        self.primaries = primaries
        lights = (0..<Self.inputSteps).map { step in
            let signal = Float(step) / Float(Self.inputSteps - 1)
            return curve == .perceptual ? Self.perceptual(signal) : Self.hybridLog(signal)
        }
        shades = (0...Self.outputSteps).map { Self.shade(Float($0) / Float(Self.outputSteps)) }
    }

    /// Makes a frame of numbers of 16 bits, red, green, blue and alpha, in rows so many bytes apart.
    func frame(
        _ source: UnsafeRawBufferPointer, stride: Int, width: Int, height: Int, hasAlpha: Bool, time: UInt64
    ) -> Frame {
        var light = [SIMD3<Float>](repeating: .zero, count: width)
        var peak: Float = 0
        for y in 0..<height {
            readRow(source, at: y * stride, into: &light)
            for x in 0..<width { peak = max(peak, light[x].max()) }
        }
        let pixels = PixelBuffer(byteCount: width * height * 4) { target in
            for y in 0..<height {
                readRow(source, at: y * stride, into: &light)
                for x in 0..<width {
                    let brightest = light[x].max()
                    var scaled = light[x]
                    if peak > 1, brightest > Self.knee { scaled *= Self.pressed(brightest, peak: peak) / brightest }
                    let place = (y * width + x) * 4
                    for channel in 0..<3 {
                        let step = Int(max(0, min(1, scaled[channel])) * Float(Self.outputSteps) + 0.5)
                        target[place + 2 - channel] = shades[step]
                    }
                    target[place + 3] = hasAlpha ? source[y * stride + x * 8 + 7] : 255
                }
            }
        }
        return Frame(
            width: width, height: height, stride: width * 4, format: hasAlpha ? .bgra : .bgrx, pixels: pixels,
            time: time)
    }

    /// Reads a row as light in the colours of usual screens.
    private func readRow(_ source: UnsafeRawBufferPointer, at start: Int, into light: inout [SIMD3<Float>]) {
        let shift = 4
        for x in light.indices {
            let place = start + x * 8
            func number(_ channel: Int) -> Float {
                let value = source.loadUnaligned(fromByteOffset: place + 2 * channel, as: UInt16.self)
                return lights[Int(UInt16(littleEndian: value)) >> shift]
            }
            var color = SIMD3(number(0), number(1), number(2))
            if curve == .hybridLog {
                let brightness = 0.2627 * color.x + 0.678 * color.y + 0.0593 * color.z
                color *= powf(max(brightness, 1e-6), 0.2) * 1000 / Self.white
            }
            light[x] = narrowed(color)
        }
    }

    /// From wide primaries to those of usual screens.
    private func narrowed(_ color: SIMD3<Float>) -> SIMD3<Float> {
        switch primaries {
        case AVCOL_PRI_BT2020:
            SIMD3(
                1.6605 * color.x - 0.5876 * color.y - 0.0728 * color.z,
                -0.1246 * color.x + 1.1329 * color.y - 0.0083 * color.z,
                -0.0182 * color.x - 0.1006 * color.y + 1.1187 * color.z)
        case AVCOL_PRI_SMPTE432:
            SIMD3(
                1.2249 * color.x - 0.2247 * color.y, -0.042 * color.x + 1.0419 * color.y,
                -0.0197 * color.x - 0.0786 * color.y + 1.0979 * color.z)
        default: color
        }
    }

    /// Goes on from the knee as steeply as it came, and reaches 1 at the brightest.
    private static func pressed(_ light: Float, peak: Float) -> Float {
        let steepness = (peak - knee) / (1 - knee)
        let way = (light - knee) / (peak - knee)
        return knee + (1 - knee) * way * steepness / (1 + (steepness - 1) * way)
    }

    // MARK: - Curves

    /// SMPTE ST 2084, in multiples of white.
    private static func perceptual(_ signal: Float) -> Float {
        let root = powf(signal, 1 / 78.84375)
        return 10_000 / white * powf(max(root - 0.8359375, 0) / (18.8515625 - 18.6875 * root), 1 / 0.1593017578125)
    }

    /// ITU-R BT.2100, the light of the scene between 0 and 1.
    private static func hybridLog(_ signal: Float) -> Float {
        signal <= 0.5 ? signal * signal / 3 : (expf((signal - 0.55991073) / 0.17883277) + 0.28466892) / 12
    }

    /// What usual screens take for a light.
    private static func shade(_ light: Float) -> UInt8 {
        let signal = light <= 0.0031308 ? 12.92 * light : 1.055 * powf(light, 1 / 2.4) - 0.055
        return UInt8(max(0, min(255, 255 * signal + 0.5)))
    }
}
