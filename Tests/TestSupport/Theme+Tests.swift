import Cells
public import Views

extension Theme {
    /// A theme in which every part has colours of its own, so that a test sees which part was drawn; for dark backgrounds.
    public static let dark = colored(from: 20, on: 233)
    /// The same for light backgrounds.
    public static let light = colored(from: 90, on: 255)

    private static func colored(from first: UInt8, on surface: UInt8) -> Theme {
        var theme = Theme()
        for (index, role) in roles.enumerated() where role.name != "surface" {
            theme[keyPath: role.style].foreground = .palette(first + UInt8(index))
        }
        for role in [\Theme.codeBlock, \.codeBar, \.status, \.statusStrong, \.statusWarning, \.selection] {
            theme[keyPath: role].background = .palette(surface)
        }
        return theme
    }
}
