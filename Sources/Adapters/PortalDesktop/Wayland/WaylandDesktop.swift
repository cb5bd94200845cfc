import Desktop

/// What a Wayland compositor says of itself to everybody: its monitors, and what it can do.
///
///     if let desktop = WaylandDesktop.survey(environment: environment), desktop.canOverlay { … }
public struct WaylandDesktop: Sendable, Equatable {
    /// A monitor.
    public struct Output: Sendable, Equatable {
        /// What the compositor calls it, as "DP-1"; empty where it does not say.
        public var name = ""
        /// Where it is among the others, in the compositor's own coordinates.
        public var x = 0
        /// Where it is among the others, in the compositor's own coordinates.
        public var y = 0
        /// How wide it is in these coordinates: the pixels of its pictures divided by its scale.
        public var width = 0
        /// How high it is in these coordinates.
        public var height = 0
        /// How many pixels its pictures are wide.
        public var pixelWidth = 0
        /// How many pixels its pictures are high.
        public var pixelHeight = 0

        /// Makes a monitor without a size.
        public init() {}
    }

    /// The monitors, in the compositor's order.
    public var outputs: [Output] = []
    /// The protocols that it speaks.
    public var interfaces: Set<String> = []

    /// Whether programs may draw over the whole screen, as slurp does to let a person choose a part of it.
    public var canOverlay: Bool { interfaces.contains("zwlr_layer_shell_v1") }

    /// Whether programs may take pictures of the screen, as grim does, without asking anybody.
    public var canCopy: Bool { interfaces.contains("zwlr_screencopy_manager_v1") }

    /// Where in a picture of all monitors the one is that has this size in pixels; nil when several could be it.
    func place(of size: (width: Int, height: Int), inPicture picture: (width: Int, height: Int)) -> Region? {
        let fitting = outputs.filter { output in
            (output.pixelWidth, output.pixelHeight) == size || (output.pixelHeight, output.pixelWidth) == size
        }
        guard let output = fitting.first, fitting.count == 1, let left = outputs.map(\.x).min(),
            let top = outputs.map(\.y).min(), let right = outputs.map({ $0.x + $0.width }).max()
        else { return nil }
        // Pictures of monitors of several scales have the largest one.
        let scale = Double(picture.width) / Double(right - left)
        let region = Region(
            x: Int((Double(output.x - left) * scale).rounded()), y: Int((Double(output.y - top) * scale).rounded()),
            width: output.pixelWidth, height: output.pixelHeight)
        let isSharp = abs(Double(output.width) * scale - Double(output.pixelWidth)) < 1
        let isInside = region.x + region.width <= picture.width && region.y + region.height <= picture.height
        return isSharp && isInside ? region : nil
    }

    /// Asks the compositor; nil when there is none, or it does not answer within a second.
    ///
    /// That blocks, for a millisecond where all is well.
    public static func survey(environment: [String: String]) -> WaylandDesktop? {
        guard let name = environment["WAYLAND_DISPLAY"], !name.isEmpty else { return nil }
        let directory = environment["XDG_RUNTIME_DIR"] ?? ""
        guard name.hasPrefix("/") || !directory.isEmpty else { return nil }
        return WaylandWire(path: name.hasPrefix("/") ? name : directory + "/" + name)?.survey()
    }
}
