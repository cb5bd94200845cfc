import Cells
import FoundationEssentials
import Glibc
import Synchronization
import Testing
import Views

@testable import scry

/// What is promised of the themes that come with the program: everybody can read them.
@Suite struct ShippedThemesTests {
    private static let library: ThemeLibrary = ThemeLibrary(folders: [])
    static let names: [String] = library.entries().map(\.name)
    /// The themes of which the terminal's own colours make what it makes: their contrast is the person's.
    private static let ownColors = ["monochrome", "sixteen-dark", "sixteen-light"]
    static let colored: [String] = names.filter { !ownColors.contains($0) }

    /// Backgrounds that terminals have, for themes that leave theirs to them.
    private static func grounds(_ loaded: ThemeLibrary.Loaded) -> [RGB] {
        if let own = loaded.theme.surface.background.rgb { return [own] }
        return loaded.ground == .light
            ? [RGB(255, 255, 255), RGB(250, 250, 250), RGB(245, 245, 245)]
            : [RGB(0, 0, 0), RGB(30, 30, 30), RGB(40, 44, 52)]
    }

    /// What words of the terminal's own colour look like there.
    private static func words(_ loaded: ThemeLibrary.Loaded) -> RGB {
        loaded.theme.surface.foreground.rgb ?? (loaded.ground == .light ? RGB(50, 50, 50) : RGB(200, 200, 200))
    }

    /// The nearest of the 256 colours, as terminals without more show it.
    private static func reduced(_ color: RGB) -> RGB {
        known.withLock { known in
            if let found = known[color] { return found }
            let choices = (UInt8(16)...255).map { (RGB(palette: $0), color.distance(to: RGB(palette: $0))) }
            let found = choices.min { $0.1 < $1.1 }?.0 ?? color
            known[color] = found
            return found
        }
    }
    private static let known = Mutex<[RGB: RGB]>([:])

    @Test("there are at least ten, for dark and for light backgrounds, and each says what it is")
    func listed() throws {
        let entries = Self.library.entries()
        #expect(entries.count >= 10)
        #expect(entries.filter { $0.ground == .dark }.count >= 5)
        #expect(entries.filter { $0.ground == .light }.count >= 4)
        for entry in entries {
            #expect(!entry.about.isEmpty, "\(entry.name)")
            #expect(try #require(Self.library.load(entry.name)).warnings.isEmpty, "\(entry.name)")
        }
        for name in ["deuteranopia", "protanopia", "tritanopia", "contrast-dark", "contrast-light", "monochrome"] {
            #expect(entries.contains { $0.name == name }, "\(name)")
        }
    }

    @Test("the files of the repository are those inside the program")
    func embedded() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().path + "/../../themes"
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".toml") }
        #expect(files.map { String($0.dropLast(5)) }.sorted() == EmbeddedThemes.all.keys.sorted())
        for file in files {
            let bytes = try #require(FileManager.default.contents(atPath: "\(folder)/\(file)"))
            #expect(EmbeddedThemes.all[String(file.dropLast(5))] == [UInt8](bytes), "\(file)")
        }
    }

    @Test("every role's words stand out from what is behind them, in true colour and in 256", arguments: colored)
    func contrast(_ name: String) throws {
        let loaded = try #require(Self.library.load(name))
        let least = name.hasPrefix("contrast") ? 7 : 4.5
        for (role, path) in Theme.roles where role != "surface" {
            let style = loaded.theme[keyPath: path]
            // Highlighted code stands on the panel of its block.
            let base = role.hasPrefix("syntax") ? loaded.theme.codeBlock.background : .standard
            let behind = style.background.rgb ?? base.rgb
            for ground in behind.map({ [$0] }) ?? Self.grounds(loaded) {
                let front = style.foreground.rgb ?? Self.words(loaded)
                let contrast = front.contrast(with: ground)
                #expect(contrast >= least, "\(name): \(role) has \(contrast)")
                // A background that the terminal keeps is not reduced.
                let shown =
                    behind == nil && loaded.theme.surface.background == .standard ? ground : Self.reduced(ground)
                let few = Self.reduced(front).contrast(with: shown)
                #expect(few >= least - 0.5, "\(name): \(role) has \(few) in 256 colours")
            }
        }
    }

    /// How a colour looks to eyes that lack one kind of cones (Machado, Oliveira and Fernandes 2009, complete).
    private static let eyes: [String: [[Double]]] = [
        "protanopia": [
            [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998],
        ],
        "deuteranopia": [
            [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881],
        ],
        "tritanopia": [
            [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900],
        ],
    ]

    private static func seen(_ color: RGB, by eyes: String) throws -> RGB {
        let matrix = try #require(Self.eyes[eyes])
        let light = color.linear
        let parts = matrix.map { row -> UInt8 in
            let value = min(max(row[0] * light.red + row[1] * light.green + row[2] * light.blue, 0), 1)
            let shown = value <= 0.0031308 ? value * 12.92 : 1.055 * pow(value, 1 / 2.4) - 0.055
            return UInt8((shown * 255).rounded())
        }
        return RGB(parts[0], parts[1], parts[2])
    }

    @Test("what must not be mixed up looks different to the eyes that a theme is for", arguments: eyes.keys.sorted())
    func colorBlindness(_ name: String) throws {
        let theme = try #require(Self.library.load(name)).theme
        let pairs: [(String, Style, Style)] = [
            ("good and bad", theme.progress, theme.problem), ("good and warning", theme.progress, theme.statusWarning),
            ("accent and bad", theme.notice, theme.problem), ("bad and warning", theme.problem, theme.chosenBar),
            ("added and removed", theme.syntaxAdded, theme.syntaxRemoved),
            ("text in quotes and keywords", theme.syntaxString, theme.syntaxNumber),
            ("comment and text in quotes", theme.syntaxComment, theme.syntaxString),
        ]
        for (what, one, other) in pairs {
            let first = try Self.seen(#require(one.foreground.rgb), by: name)
            let second = try Self.seen(#require(other.foreground.rgb), by: name)
            #expect(first.distance(to: second) >= 0.08, "\(name): \(what) \(first.distance(to: second))")
        }
        // And words are as legible as to others.
        for (role, path) in Theme.roles where role != "surface" {
            let style = theme[keyPath: path]
            guard let front = style.foreground.rgb else { continue }
            let ground = style.background.rgb ?? RGB(30, 30, 30)
            let contrast = try Self.seen(front, by: name).contrast(with: Self.seen(ground, by: name))
            #expect(contrast >= 4.5, "\(name): \(role) \(contrast)")
        }
    }

    @Test("the themes of sixteen colours use nothing else, and that without colours none")
    func ownColors() throws {
        for name in Self.ownColors {
            let theme = try #require(Self.library.load(name)).theme
            for (role, path) in Theme.roles {
                for color in [theme[keyPath: path].foreground, theme[keyPath: path].background] {
                    switch color {
                    case .standard: break
                    case .palette(let index): #expect(index < 16 && name != "monochrome", "\(name): \(role)")
                    case .rgb: Issue.record("\(name): \(role)")
                    }
                }
            }
        }
        #expect(Self.library.load("monochrome")?.theme == .monochrome)
    }

    @Test("xterm's sixteen colours are legible in the themes made of them")
    func sixteen() throws {
        for name in ["sixteen-dark", "sixteen-light"] {
            let loaded = try #require(Self.library.load(name))
            for (role, path) in Theme.roles where role != "surface" {
                let style = loaded.theme[keyPath: path]
                let ground = style.background.rgb ?? (loaded.ground == .light ? RGB(255, 255, 255) : RGB(0, 0, 0))
                let front = style.foreground.rgb ?? Self.words(loaded)
                #expect(front.contrast(with: ground) >= 4.5, "\(name): \(role) \(front.contrast(with: ground))")
            }
        }
    }
}
