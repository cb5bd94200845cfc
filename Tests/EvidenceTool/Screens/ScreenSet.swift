import Foundation

/// The screens that reading is measured on.
enum ScreenSet {
    /// Every kind, dark and light, on screens of these sizes; those of many pixels with usual and with larger type.
    static func screens(seed: UInt64, sizes: [(width: Int, height: Int, scale: Double)] = usual) -> [TextScreen] {
        var screens: [TextScreen] = []
        for (index, size) in sizes.enumerated() {
            for (number, kind) in TextScreen.Kind.usual.enumerated() {
                for isDark in [false, true] {
                    screens.append(
                        TextScreen(
                            kind, seed: seed &* 1_000 &+ UInt64(index * 20 + number * 2 + (isDark ? 1 : 0)),
                            width: size.width, height: size.height, isDark: isDark, scale: size.scale))
                }
            }
        }
        return screens
    }

    /// Every kind on screens from 1080p to 4K and wide ones, dark and light in turn, in type from 8 to 24 pixels.
    static func sent(seed: UInt64) -> [TextScreen] {
        let sizes = [
            (1920, 1080, 0.75), (1920, 1080, 1.0), (2560, 1440, 1.0), (3440, 1440, 1.0), (3840, 2160, 1.0),
            (3840, 2160, 1.5),
        ]
        let kinds = TextScreen.Kind.allCases
        return (0..<18).map { index in
            let size = sizes[index % sizes.count]
            // Each kind comes on three of the sizes.
            let kind = kinds[(index + index / sizes.count * 2) % kinds.count]
            return TextScreen(
                kind, seed: seed &* 1_000 &+ 500 &+ UInt64(index), width: size.0, height: size.1,
                isDark: (index + index / sizes.count) % 2 == 0, scale: size.2)
        }
    }

    static let usual = [(1920, 1080, 1.0), (2560, 1440, 1.25), (3840, 2160, 1.5), (3840, 2160, 2.0)]

    /// Writes the screens' pictures and, beside each, its lines (".txt") and its language (".lang").
    static func write(to folder: String, seed: UInt64) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for screen in screens(seed: seed) {
            let path = "\(folder)/\(seed)-\(screen.name)"
            try ScreenPainter.paint(screen, to: path + ".png")
            try Data(screen.lines.joined(separator: "\n").utf8).write(to: URL(filePath: path + ".txt"))
            try Data(screen.language.utf8).write(to: URL(filePath: path + ".lang"))
            print(path + ".png")
        }
    }
}
