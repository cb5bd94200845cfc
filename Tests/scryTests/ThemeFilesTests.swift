import Cells
import FoundationEssentials
import TestSupport
import Testing
import Views

@testable import scry

@Suite struct ThemeFilesTests {
    /// A folder for the files of one test.
    private final class Folder {
        let path = "/tmp/scry-themes-\(UInt64.random(in: 0 ..< .max))"

        init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
        deinit { try? FileManager.default.removeItem(atPath: path) }

        func write(_ name: String, _ text: String) throws {
            try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name).toml"))
        }

        var library: ThemeLibrary { ThemeLibrary(folders: [path]) }
    }

    @Test("a theme of two lines changes one colour of the theme that it inherits from, wherever that is used")
    func inheritance() throws {
        let folder = try Folder()
        try folder.write("mine", "inherits = \"dark\"\npalette.accent = \"#ff9e64\"")
        let loaded = try #require(folder.library.load("mine"))
        let dark = try #require(folder.library.load("dark"))
        #expect(loaded.warnings.isEmpty)
        #expect(loaded.ground == .dark)
        #expect(loaded.theme.heading == Style(foreground: .rgb(0xFF, 0x9E, 0x64), attributes: .bold))
        #expect(loaded.theme.key.foreground == .rgb(0xFF, 0x9E, 0x64))
        #expect(loaded.theme.problem == dark.theme.problem)
        #expect(loaded.files == [folder.path + "/mine.toml"])
    }

    @Test("a file of a shipped theme's name may inherit from that theme")
    func sameName() throws {
        let folder = try Folder()
        try folder.write("dark", "inherits = \"dark\"\n[roles]\nlink = \"#00ff00\"")
        let theme = try #require(folder.library.load("dark"))
        #expect(theme.warnings.isEmpty)
        #expect(theme.theme.link == Style(foreground: .rgb(0, 255, 0)))
        #expect(theme.theme.heading.foreground != .standard)
    }

    @Test("colours can be written in every way that is promised")
    func colors() throws {
        let folder = try Folder()
        try folder.write(
            "all",
            """
            [palette]
            short = "#fa0"
            number = 208
            own = "bright-red"
            none = "default"
            [roles]
            text = "short"
            dim = "number"
            link = { fg = "own", bg = 17, style = ["bold", "underline"] }
            code = { fg = "#010203", bg = "none" }
            heading = "cyan"
            """)
        let loaded = try #require(folder.library.load("all"))
        #expect(loaded.warnings.isEmpty)
        #expect(loaded.theme.text.foreground == .rgb(0xFF, 0xAA, 0))
        #expect(loaded.theme.dim.foreground == .palette(208))
        let link = Style(foreground: .palette(9), background: .palette(17), attributes: [.bold, .underline])
        #expect(loaded.theme.link == link)
        #expect(loaded.theme.code == Style(foreground: .rgb(1, 2, 3)))
        #expect(loaded.theme.heading.foreground == .palette(6))
        // What it does not say is as without colours.
        #expect(loaded.theme.status == Theme.monochrome.status)
    }

    @Test("what is wrong is said with file, line and what was expected, and the rest works")
    func warnings() throws {
        let folder = try Folder()
        try folder.write(
            "broken",
            """
            inherits = "dark"
            ground = "black"
            [palette]
            accent = "#12345"
            good = 300
            this is no toml
            [roles]
            headng = "accent"
            link = { fg = "nowhere", style = ["bold", "blink"] }
            code = [1, 2]
            dim = "#ffffff"
            """)
        let loaded = try #require(folder.library.load("broken"))
        let file = folder.path + "/broken.toml"
        for (line, words) in [
            (2, "expected one of \"dark\", \"light\", \"any\""),
            (4, "\"palette.accent\" is \"#12345\"; expected a colour"),
            (5, "\"palette.good\" is 300; expected a colour"), (6, "this is not TOML"),
            (8, "\"roles.headng\" is not known; expected \"heading\""),
            (9, "\"roles.link.style\" has \"blink\"; expected a list of \"bold\""),
            (10, "\"roles.code\" is no colour; expected"), (9, "\"link\" uses \"nowhere\", which no palette has"),
        ] {
            let found = loaded.warnings.contains { $0.source == file && $0.line == line && $0.message.contains(words) }
            #expect(found, "\(line): \(words) in \(loaded.warnings)")
        }
        #expect(loaded.warnings.count == 8, "\(loaded.warnings)")
        #expect(loaded.theme.dim.foreground == .rgb(255, 255, 255))
        #expect(loaded.theme.heading == folder.library.load("dark")?.theme.heading)
    }

    @Test("circles and themes that are not there end the inheritance")
    func circles() throws {
        let folder = try Folder()
        try folder.write("one", "inherits = \"two\"\nroles.dim = \"#ffffff\"")
        try folder.write("two", "inherits = \"one\"")
        try folder.write("orphan", "inherits = \"nobody\"\nroles.dim = \"#ffffff\"")
        let circle = try #require(folder.library.load("one"))
        #expect(circle.theme.dim.foreground == .rgb(255, 255, 255))
        #expect(
            circle.warnings.map(\.message) == [
                "it inherits from itself; expected the name of another theme after \"inherits\"."
            ])
        let orphan = try #require(folder.library.load("orphan"))
        #expect(orphan.warnings.map(\.message).first?.contains("there is no theme \"nobody\"") == true)
        #expect(folder.library.load("../one") == nil)
        #expect(folder.library.load("") == nil)
    }

    @Test("bytes of any kind are read without harm")
    func hostile() throws {
        var random = SeededRandom(seed: 47)
        let sound = Array(EmbeddedThemes.all["base"] ?? [])
        for _ in 0..<300 {
            var bytes = sound
            for _ in 0..<Int.random(in: 1...20, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            let file = ThemeFile(String(decoding: bytes, as: UTF8.self), source: "x")
            _ = Theme(sheets: [file.sheet])
            for warning in file.warnings { #expect(!warning.description.unicodeScalars.contains { $0.value < 32 }) }
        }
    }

    @Test("auto follows the background, the number of colours and NO_COLOR")
    func choice() {
        let library = ThemeLibrary(folders: [])
        func name(_ environment: [String: String], colors: Int? = nil, theme: String = "auto") -> String {
            var configuration = Configuration()
            configuration.theme = theme
            var choice = ThemeChoice(configuration, environment: environment)
            choice.colorCount = colors
            return choice.load(from: library).name
        }
        #expect(name([:]) == "dark")
        #expect(name(["COLORFGBG": "0;15"]) == "light")
        #expect(name(["COLORFGBG": "0;default;7"]) == "light")
        #expect(name(["COLORFGBG": "15;0"]) == "dark")
        #expect(name(["COLORFGBG": "0;15"], colors: 8) == "sixteen-light")
        #expect(name([:], colors: 256) == "dark")
        #expect(name([:], colors: 16, theme: "paper") == "paper")
        #expect(name([:], theme: "no such theme") == "dark")
        var configuration = Configuration()
        configuration.theme = "paper"
        let plain = ThemeChoice(configuration, environment: ["NO_COLOR": "1"]).load(from: library)
        #expect(plain.theme == .monochrome)
        configuration.theme = "nowhere"
        let warnings = ThemeChoice(configuration, environment: [:]).load(from: library).warnings
        #expect(warnings.first?.message.contains("there is no theme \"nowhere\"; expected \"auto\" or one of") == true)
    }

    @Test("the chosen theme is written into the configuration, and nothing else there changes")
    func setting() {
        #expect(ThemeSetting.changed("", to: "paper") == "theme = \"paper\"\n")
        #expect(
            ThemeSetting.changed("# mine\nengine = \"own\"\n", to: "paper")
                == "theme = \"paper\"\n# mine\nengine = \"own\"\n")
        #expect(
            ThemeSetting.changed("engine = \"own\"\n  theme='a#b'   # why\n[keys]\n", to: "night")
                == "engine = \"own\"\ntheme = \"night\"  # why\n[keys]\n")
        // A key of that name in a table is another one.
        #expect(ThemeSetting.changed("[x]\ntheme = 1\n", to: "n") == "theme = \"n\"\n[x]\ntheme = 1\n")
    }

    @Test("a file that is written is told of, once and without looking again and again", .timeLimit(.minutes(1)))
    func watching() async throws {
        let folder = try Folder()
        let (changes, tell) = AsyncStream.makeStream(of: Void.self)
        let watcher = FileWatcher(folders: [folder.path, folder.path + "/missing"], suffix: ".toml") { tell.yield() }
        try Data().write(to: URL(filePath: folder.path + "/notes.txt"))
        try folder.write("mine", "")
        var iterator = changes.makeAsyncIterator()
        #expect(await iterator.next() != nil)
        withExtendedLifetime(watcher) {}
    }
}
