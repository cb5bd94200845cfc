/// A width and height in pixels.
public struct PixelSize: Hashable, Sendable {
    /// The width.
    public var width: Int
    /// The height.
    public var height: Int

    /// Makes a size.
    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// What a cell is taken for where the terminal does not say: one by two, as most are.
    public static let usualCell = PixelSize(width: 8, height: 16)
}
