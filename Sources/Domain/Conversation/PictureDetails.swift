/// A rectangle in a picture's own pixels, from its top left.
public struct PictureArea: Sendable, Hashable, Codable {
    /// The left edge.
    public var x: Int
    /// The top edge.
    public var y: Int
    /// The width, at least 1.
    public var width: Int
    /// The height, at least 1.
    public var height: Int

    /// Makes an area.
    public init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = max(1, width)
        self.height = max(1, height)
    }

    /// All of a picture.
    public init(allOf picture: MediaReference) {
        self.init(x: 0, y: 0, width: picture.width, height: picture.height)
    }

    /// The point that an engine names in a picture which shows this area, whatever size it was sent in.
    ///
    /// - Parameters:
    ///   - right: The share of the width, 0…1: thousandths as GLM gives them, divided by 1,000.
    ///   - down: The share of the height.
    public func point(right: Double, down: Double) -> (x: Double, y: Double) {
        (Double(x) + right * Double(width), Double(y) + down * Double(height))
    }

    /// What an area of a picture that shows this area is in the picture that this area belongs to: at least what it was.
    ///
    /// - Parameters:
    ///   - area: In the pixels of the picture that shows this area.
    ///   - width: How wide that picture is.
    ///   - height: How high that picture is.
    public func area(of area: PictureArea, shownIn width: Int, _ height: Int) -> PictureArea {
        let (across, along) = (max(1, width), max(1, height))
        let left = x + area.x * self.width / across
        let top = y + area.y * self.height / along
        let right = x + ((area.x + area.width) * self.width + across - 1) / across
        let bottom = y + ((area.y + area.height) * self.height + along - 1) / along
        return PictureArea(x: left, y: top, width: right - left, height: bottom - top)
    }

    /// Where the area is, in words, in a picture of a size: "top right", "middle", "whole width, bottom".
    public func place(in width: Int, _ height: Int) -> String {
        func third(_ start: Int, _ length: Int, of whole: Int, _ names: [String]) -> String? {
            guard length * 10 < whole * 8 else { return nil }
            let middle = 2 * start + length
            return names[middle * 3 < whole * 2 ? 0 : middle * 3 > whole * 4 ? 2 : 1]
        }
        let across = third(x, self.width, of: width, ["left", "middle", "right"])
        let along = third(y, self.height, of: height, ["top", "middle", "bottom"])
        switch (along, across) {
        case (nil, nil): return "nearly all of it"
        case (nil, let across?): return across == "middle" ? "middle, whole height" : "\(across), whole height"
        case (let along?, nil): return "\(along), whole width"
        case (let along?, let across?): return along == across ? along : "\(along) \(across)"
        }
    }
}

/// Where the pixels of a picture that is sent come from, when it is not sent as it was taken.
public struct PictureOrigin: Sendable, Equatable, Codable {
    /// The picture as it was taken.
    public var picture: MediaReference
    /// What of it is shown, in its own pixels.
    public var part: PictureArea

    /// Makes an origin.
    public init(picture: MediaReference, part: PictureArea) {
        self.picture = picture
        self.part = part
    }
}

/// Parts of a picture that go to the engine beside it, because not everything can be read in it.
public struct PictureDetails: Sendable, Equatable, Codable {
    /// What a part is of.
    public enum Kind: String, Sendable, Codable {
        /// A piece of the picture; all pieces together are all of it on which something is written.
        case tile
        /// A place that changed, as it was in the picture before.
        case before
        /// A place that changed, as it is now.
        case after
    }

    /// A part.
    public struct Part: Sendable, Equatable, Codable {
        /// What it is of.
        public var kind: Kind
        /// Which part it is, in the pixels of the picture as it was taken.
        public var area: PictureArea
        /// The part's own picture.
        public var picture: MediaReference

        /// Makes a part.
        public init(_ kind: Kind, area: PictureArea, picture: MediaReference) {
            self.kind = kind
            self.area = area
            self.picture = picture
        }
    }

    /// What differs from another picture.
    public struct Comparison: Sendable, Equatable, Codable {
        /// The label of the other picture, which was taken earlier.
        public var label: String
        /// The share of the pixels that differ, in thousandths; more than 0 where any does.
        public var changedThousandths: Int
        /// The places that differ, the largest first; empty where everything does, or nothing.
        public var places: [PictureArea]

        /// Makes a comparison.
        public init(label: String, changedThousandths: Int, places: [PictureArea]) {
            self.label = label
            self.changedThousandths = changedThousandths
            self.places = places
        }
    }

    /// The parts, in the order in which they are sent; empty where none are needed.
    public var parts: [Part]
    /// What differs from the picture before; nil where that was not asked.
    public var comparison: Comparison?

    /// Makes details.
    public init(parts: [Part] = [], comparison: Comparison? = nil) {
        self.parts = parts
        self.comparison = comparison
    }
}
