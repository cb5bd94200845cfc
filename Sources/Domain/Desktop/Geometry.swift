/// A rectangle on the desktop, in pixels, with the origin at the top left of the whole desktop.
public struct Region: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The left edge.
    public var x: Int
    /// The top edge.
    public var y: Int
    /// The width, at least 0.
    public var width: Int
    /// The height, at least 0.
    public var height: Int

    /// Makes a region.
    public init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = max(0, width)
        self.height = max(0, height)
    }

    /// Whether nothing is inside.
    public var isEmpty: Bool { width == 0 || height == 0 }

    /// The number of pixels inside.
    public var area: Int { width * height }

    /// The part that both regions share; empty when there is none.
    public func intersection(_ other: Region) -> Region {
        let left = max(x, other.x)
        let top = max(y, other.y)
        let right = min(x + width, other.x + other.width)
        let bottom = min(y + height, other.y + other.height)
        return Region(x: left, y: top, width: right - left, height: bottom - top)
    }

    /// Reads the X11 form "WxH+X+Y"; X and Y may be negative ("+-5").
    public init?(geometry: String) {
        let pattern = /(\d+)x(\d+)\+(-?\d+)\+(-?\d+)/
        guard let match = geometry.wholeMatch(of: pattern), let width = Int(match.1), let height = Int(match.2),
            let x = Int(match.3), let y = Int(match.4)
        else { return nil }
        self.init(x: x, y: y, width: width, height: height)
    }

    /// The X11 form.
    public var description: String { "\(width)x\(height)+\(x)+\(y)" }
}
