/// What is on the screens: monitors and windows.
public struct DesktopLayout: Sendable, Equatable {
    /// The kind of session: "x11" or "wayland".
    public var session: String
    /// The monitors, from left to right, then from top to bottom.
    public var displays: [Display]
    /// The windows, topmost first.
    public var windows: [Window]

    /// Makes a layout.
    public init(session: String, displays: [Display], windows: [Window]) {
        self.session = session
        self.displays = displays
        self.windows = windows
    }
}

/// A monitor.
public struct Display: Sendable, Equatable {
    /// Its name, as "DP-1".
    public var name: String
    /// Where it is on the desktop, in pixels.
    public var region: Region
    /// Pixels for a point of the toolkit.
    public var scale: Double
    /// Whether the desktop calls it the primary one.
    public var isPrimary: Bool

    /// Makes a display.
    public init(name: String, region: Region, scale: Double, isPrimary: Bool) {
        self.name = name
        self.region = region
        self.scale = scale
        self.isPrimary = isPrimary
    }
}

/// A window that a person would call one: no panel, no menu, no frame.
public struct Window: Sendable, Equatable {
    /// The session's number for it: on X11 the window id.
    public var id: UInt64
    /// Its title, without control characters.
    public var title: String
    /// The application: on X11 the class of WM_CLASS.
    public var application: String
    /// The contents on the desktop, without the frame.
    public var region: Region
    /// The window with the frame that the window manager draws around it.
    public var frame: Region
    /// Whether it has the focus.
    public var isActive: Bool
    /// Whether it is minimised: then there is nothing to capture.
    public var isMinimised: Bool

    /// Makes a window.
    public init(
        id: UInt64, title: String, application: String, region: Region, frame: Region? = nil, isActive: Bool,
        isMinimised: Bool = false
    ) {
        self.id = id
        self.title = title
        self.application = application
        self.region = region
        self.frame = frame ?? region
        self.isActive = isActive
        self.isMinimised = isMinimised
    }
}
