/// How the bytes of a pixel are laid out in memory.
public enum PixelFormat: Sendable, Hashable {
    /// Blue, green, red, unused: four bytes a pixel. What X11 and PipeWire deliver.
    case bgrx
    /// Blue, green, red, alpha, not premultiplied.
    case bgra
    /// Red, green, blue, unused.
    case rgbx
    /// Red, green, blue: three bytes a pixel.
    case rgb

    /// Bytes a pixel.
    public var bytesPerPixel: Int { self == .rgb ? 3 : 4 }
}

/// Pixels in memory that never change once they are shared.
///
/// The owner fills the memory before or in `init`; everybody else reads.
public final class PixelBuffer: Sendable {
    /// How many bytes.
    public let byteCount: Int
    // Written before anybody else can see the object; read-only afterwards.
    private nonisolated(unsafe) let memory: UnsafeMutableRawPointer
    private let release: @Sendable (UnsafeMutableRawPointer) -> Void

    /// Bytes behind the last one that may be read: libraries read rows in vectors, and some past their end.
    private static let slack = 64

    /// Allocates memory (aligned to 64 bytes) and lets `fill` write it; it is not zeroed before.
    public init(byteCount: Int, fill: (UnsafeMutableRawBufferPointer) throws -> Void) rethrows {
        self.byteCount = byteCount
        memory = .allocate(byteCount: byteCount + Self.slack, alignment: 64)
        release = { $0.deallocate() }
        do {
            try fill(UnsafeMutableRawBufferPointer(start: memory, count: byteCount))
        } catch {
            memory.deallocate()
            throw error
        }
    }

    /// Shares memory that is filled already and stays as it is until `release` gets it back.
    ///
    /// - Parameter release: called once, on any thread, when nobody can read the pixels any more.
    public init(
        lending memory: UnsafeMutableRawPointer, byteCount: Int,
        release: @escaping @Sendable (UnsafeMutableRawPointer) -> Void
    ) {
        self.byteCount = byteCount
        self.memory = memory
        self.release = release
    }

    deinit { release(memory) }

    /// Lends the bytes for reading.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(self) {
            try body(UnsafeRawBufferPointer(start: memory, count: byteCount))
        }
    }
}

/// A picture of what was on the screen at one time.
public struct Frame: Sendable {
    /// Width in pixels.
    public let width: Int
    /// Height in pixels.
    public let height: Int
    /// Bytes from a row to the next, at least `width * format.bytesPerPixel`.
    public let stride: Int
    /// The layout of a pixel.
    public let format: PixelFormat
    /// The pixels, row by row from the top.
    public let pixels: PixelBuffer
    /// When the pixels were read: nanoseconds of CLOCK_MONOTONIC.
    public let time: UInt64

    /// Makes a frame; `pixels` must hold `stride * height` bytes.
    public init(width: Int, height: Int, stride: Int, format: PixelFormat, pixels: PixelBuffer, time: UInt64) {
        precondition(
            stride >= width * format.bytesPerPixel && pixels.byteCount >= stride * height, "the pixels fill the frame")
        self.width = width
        self.height = height
        self.stride = stride
        self.format = format
        self.pixels = pixels
        self.time = time
    }
}

/// A frame of a running capture, with what changed since the one before.
public struct CapturedFrame: Sendable {
    /// The whole picture.
    public var frame: Frame
    /// Where it differs from the frame before, in the frame's own pixels; nil when unknown (then everything may have).
    public var changes: [Region]?

    /// Frames before this one that its reader was too slow for.
    public var missed: Int

    /// Makes a captured frame.
    public init(frame: Frame, changes: [Region]?, missed: Int = 0) {
        self.frame = frame
        self.changes = changes
        self.missed = missed
    }
}
