/// The brightness of a picture's pixels, lent for the time of a call: what a video decoder has at hand before any colour.
///
/// The bytes belong to the lender and are gone after the call: copy what is to stay.
public struct LumaView {
    /// The rows, from the top; at least `stride * (height - 1) + width` bytes.
    public let bytes: UnsafeRawBufferPointer
    /// Width in pixels.
    public let width: Int
    /// Height in pixels.
    public let height: Int
    /// Bytes from a row to the next.
    public let stride: Int

    /// Makes a view.
    public init(bytes: UnsafeRawBufferPointer, width: Int, height: Int, stride: Int) {
        precondition(
            width > 0 && height > 0 && stride >= width && bytes.count >= stride * (height - 1) + width,
            "the bytes fill the picture")
        self.bytes = bytes
        self.width = width
        self.height = height
        self.stride = stride
    }
}
