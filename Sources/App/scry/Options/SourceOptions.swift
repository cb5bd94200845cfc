import ArgumentParser
import Desktop

/// What to look at: SOURCE in the help.
struct SourceOptions: ParsableArguments {
    @Flag(help: "All monitors.")
    var screen = false

    @Option(help: ArgumentHelp("One monitor.", valueName: "name"), completion: Completions.monitors)
    var monitor: String?

    @Option(
        help: ArgumentHelp("A window: \"active\", or its id as `scry displays` shows it.", valueName: "active|id"),
        completion: Completions.windows)
    var window: String?

    @Option(
        help: ArgumentHelp(
            "A part of the desktop: by its place, dragged over with the pointer, or the one chosen last.",
            valueName: "WxH+X+Y|select|last"))
    var region: String?

    @Option(
        name: .customLong("source"),
        help: ArgumentHelp(
            "How the desktop is reached. (default: as configured)", valueName: "auto|x11|portal|pipewire:NODE"))
    var way: Configuration.Capture.Source?

    @Flag(inversion: .prefixedNo, help: "Whether the pointer is in the picture. (default: as configured)")
    var cursor: Bool?

    @Option(help: ArgumentHelp("Wait before looking.", valueName: "seconds"))
    var delay: Double?

    @Option(
        help: ArgumentHelp(
            "Paint over a part of the picture before anything is stored; may be repeated.", valueName: "X,Y,WxH"))
    var redact: [Redaction] = []

    /// What was asked for; nil when nothing was.
    var target: CaptureTarget? {
        if let monitor { return .monitor(monitor) }
        if let region { return Self.regionTarget(region) }
        if let window { return window == "active" ? .activeWindow : Self.windowID(window).map(CaptureTarget.window) }
        return screen ? .screen : nil
    }

    func validate() throws {
        guard [screen, monitor != nil, window != nil, region != nil].count(where: { $0 }) <= 1 else {
            throw ValidationError("Only one of --screen, --monitor, --window and --region can be looked at.")
        }
        if let region, Self.regionTarget(region) == nil {
            throw ValidationError("--region takes WIDTHxHEIGHT+X+Y, as 640x480+100+50, \"select\" or \"last\".")
        }
        if let window, window != "active", Self.windowID(window) == nil {
            throw ValidationError("--window takes \"active\" or a window's id; `scry displays` lists them.")
        }
        if let delay, !(0...3600).contains(delay) { throw ValidationError("--delay takes seconds, 0 to 3600.") }
    }

    private static func regionTarget(_ text: String) -> CaptureTarget? {
        switch text {
        case "select": .chosenRegion
        case "last": .lastRegion
        default: Region(geometry: text).flatMap { $0.isEmpty ? nil : .region($0) }
        }
    }

    private static func windowID(_ text: String) -> UInt64? {
        text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text)
    }
}

extension Configuration.Capture.Source: ExpressibleByArgument {
    init?(argument: String) { self.init(argument) }
}

/// A part of a picture, as "X,Y,WxH".
struct Redaction: ExpressibleByArgument {
    let region: Region

    init?(argument: String) {
        guard let match = argument.wholeMatch(of: /(\d{1,6}),(\d{1,6}),(\d{1,6})x(\d{1,6})/), let x = Int(match.1),
            let y = Int(match.2), let width = Int(match.3), let height = Int(match.4), width > 0, height > 0
        else { return nil }
        region = Region(x: x, y: y, width: width, height: height)
    }
}
