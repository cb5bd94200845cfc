/// The pointer, where and as it is drawn into a frame.
public struct DrawnPointer: Sendable, Equatable {
    /// Its picture; nil when it is hidden.
    public var shape: CursorShape?
    /// The hot spot, in the frame's pixels; nil when it is on another screen.
    public var place: (x: Int, y: Int)?

    /// Makes a pointer.
    public init(shape: CursorShape? = nil, place: (x: Int, y: Int)? = nil) {
        self.shape = shape
        self.place = place
    }

    /// What it covers.
    public var region: Region? {
        guard let shape, let place else { return nil }
        return shape.region(atX: place.x, y: place.y)
    }

    /// Whether both look the same.
    public static func == (one: DrawnPointer, other: DrawnPointer) -> Bool {
        one.shape?.serial == other.shape?.serial && one.region == other.region
    }
}
