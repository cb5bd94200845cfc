/// A made-up screen whose words are known, the same for the same seed.
struct TextScreen {
    /// The kinds of screens.
    enum Kind: String, CaseIterable {
        /// Lines of a log in a terminal.
        case terminal
        /// A program's source, with line numbers and colours.
        case editor
        /// Prose in two columns of a serif.
        case document
        /// Short labels and values in small type.
        case settings
        /// A page of Chinese prose.
        case chinese
        /// A page of the web: a column of prose in the middle, links in small type beside it.
        case browser

        /// Those that reading is tuned on.
        static let usual: [Kind] = [.terminal, .editor, .document, .settings, .chinese]
    }

    /// A piece of text in one font, size and colour.
    struct Run {
        /// As ImageMagick names it.
        var font: String
        /// In pixels.
        var size: Int
        var color: String
        /// Of the left end.
        var x: Int
        var baseline: Int
        var text: String
        /// Whether reading it is asked for; line numbers are no text.
        var counts = true
    }

    /// A filled rectangle.
    struct Box {
        var x: Int
        var y: Int
        var width: Int
        var height: Int
        var color: String
    }

    let kind: Kind
    let width: Int
    let height: Int
    let isDark: Bool
    /// How much larger than usual everything is, as on screens of many pixels.
    let scale: Double
    let background: String
    private(set) var boxes: [Box] = []
    private(set) var runs: [Run] = []

    /// The language for a program that reads it, as tesseract names it.
    var language: String { kind == .chinese ? "chi_sim+eng" : "eng" }

    /// What a reader should find, a run a line.
    var lines: [String] { runs.filter(\.counts).map(\.text) }

    /// A name for files: kind, theme, size of type.
    var name: String { "\(kind.rawValue)-\(isDark ? "dark" : "light")-\(width)x\(height)-\(Int(scale * 100))" }

    /// Makes a screen.
    init(_ kind: Kind, seed: UInt64, width: Int, height: Int, isDark: Bool, scale: Double = 1) {
        self.kind = kind
        self.width = width
        self.height = height
        self.isDark = isDark
        self.scale = scale
        background = isDark ? "#1e1f22" : "#f7f7f5"
        var words = ScreenWords(seed: seed)
        switch kind {
        case .terminal: terminal(&words)
        case .editor: editor(&words)
        case .document: document(&words)
        case .settings: settings(&words)
        case .chinese: chinese(&words)
        case .browser: browser(&words)
        }
    }

    // MARK: - Kinds

    private var ink: String { isDark ? "#d4d4d4" : "#202124" }
    private var faint: String { isDark ? "#8b949e" : "#6a6f77" }

    private func pixels(_ points: Int) -> Int { max(1, Int((Double(points) * scale).rounded())) }

    /// A window with a title, which leaves some of the desktop to be seen.
    private mutating func window(_ title: String) -> (left: Int, top: Int, right: Int, bottom: Int) {
        let edge = pixels(24)
        let bar = pixels(30)
        boxes.append(Box(x: 0, y: 0, width: width, height: height, color: isDark ? "#0f2733" : "#7aa0b8"))
        boxes.append(Box(x: edge, y: edge, width: width - 2 * edge, height: bar, color: isDark ? "#33363b" : "#dcdfe3"))
        boxes.append(
            Box(x: edge, y: edge + bar, width: width - 2 * edge, height: height - 2 * edge - bar, color: background))
        put(title, "DejaVu-Sans", 12, ink, x: edge + pixels(14), baseline: edge + pixels(20))
        return (edge + pixels(14), edge + bar + pixels(10), width - edge - pixels(14), height - edge - pixels(10))
    }

    private mutating func put(
        _ text: String, _ font: String, _ points: Int, _ color: String, x: Int, baseline: Int, counts: Bool = true
    ) {
        runs.append(
            Run(font: font, size: pixels(points), color: color, x: x, baseline: baseline, text: text, counts: counts))
    }

    private mutating func terminal(_ words: inout ScreenWords) {
        let area = window("Terminal: build")
        let points = words.number(in: 13...15)
        let columns = min(110, (area.right - area.left) * 100 / (pixels(points) * 61))
        let colors =
            isDark ? ["#d4d4d4", "#e5c07b", "#98c379", "#e06c75"] : ["#202124", "#7a5a00", "#1a6b1a", "#a31515"]
        var y = area.top + pixels(points)
        while y < area.bottom {
            let color = colors[words.number(in: 0...9) < 6 ? 0 : words.number(in: 1...3)]
            put(words.log(atMost: columns), "DejaVu-Sans-Mono", points, color, x: area.left, baseline: y)
            y += pixels(points) * 135 / 100
        }
    }

    private mutating func editor(_ words: inout ScreenWords) {
        let area = window("main.swift")
        let points = words.number(in: 12...14)
        let colors =
            isDark ? ["#d4d4d4", "#c586c0", "#6a9955", "#ce9178"] : ["#202124", "#8f08c4", "#2b7a2b", "#a31515"]
        var y = area.top + pixels(points)
        var number = words.number(in: 1...400)
        while y < area.bottom {
            put("\(number)", "DejaVu-Sans-Mono", points, faint, x: area.left, baseline: y, counts: false)
            let depth = words.number(in: 0...3)
            let x = area.left + pixels(points) * 3 + depth * pixels(points) * 12 / 5
            put(words.code(), "DejaVu-Sans-Mono", points, colors[words.number(in: 0...3)], x: x, baseline: y)
            y += pixels(points) * 145 / 100
            number += 1
        }
    }

    private mutating func document(_ words: inout ScreenWords) {
        let area = window("Annual report")
        let font = words.any(["DejaVu-Serif", "Nimbus-Roman-Regular", "Nimbus-Sans-Regular", "C059-Roman"])
        let points = words.number(in: 14...17)
        // A column is as wide as prose is set, however large the screen.
        let column = min((area.right - area.left) / 2, pixels(640))
        let characters = (column - pixels(40)) * 100 / (pixels(points) * 64)
        for left in stride(from: area.left, through: area.right - column, by: column) {
            var y = area.top + pixels(points)
            while y < area.bottom {
                if words.number(in: 0...9) == 0 {
                    put(words.title(), "DejaVu-Sans-Bold", points, ink, x: left, baseline: y)
                } else {
                    put(words.prose(atMost: characters), font, points, ink, x: left, baseline: y)
                }
                y += pixels(points) * 150 / 100
            }
        }
    }

    private mutating func settings(_ words: inout ScreenWords) {
        let area = window("Settings")
        let points = words.number(in: 11...13)
        let font = words.any(["DejaVu-Sans", "Nimbus-Sans-Regular"])
        let column = pixels(420)
        for left in stride(from: area.left, through: area.right - column, by: column) {
            var y = area.top + pixels(points)
            while y < area.bottom {
                put(words.label(), font, points, ink, x: left, baseline: y)
                put(words.value(), font, points, faint, x: left + column * 3 / 5, baseline: y)
                y += pixels(points) * 190 / 100
            }
        }
    }

    private mutating func chinese(_ words: inout ScreenWords) {
        let area = window("Report")
        let font = words.any(["Noto-Sans-CJK-SC", "Noto-Serif-CJK-SC"])
        let points = words.number(in: 14...18)
        let characters = min(42, (area.right - area.left) / pixels(points) - 2)
        var y = area.top + pixels(points)
        while y < area.bottom {
            put(words.chinese(atMost: characters), font, points, ink, x: area.left, baseline: y)
            y += pixels(points) * 170 / 100
        }
    }

    private mutating func browser(_ words: inout ScreenWords) {
        let area = window("News")
        let font = words.any(["Roboto", "P052-Roman", "DejaVu-Sans"])
        let points = words.number(in: 13...16)
        let column = min((area.right - area.left) / 2, pixels(760))
        let left = (area.left + area.right - column) / 2
        let characters = column * 100 / (pixels(points) * 60)
        var y = area.top + pixels(points) * 2
        while y < area.bottom {
            put(words.prose(atMost: characters), font, points, ink, x: left, baseline: y)
            y += pixels(points) * (words.number(in: 0...4) == 0 ? 270 : 155) / 100
        }
        var link = area.top + pixels(40)
        while link < (area.top + area.bottom) / 2 {
            put(words.label(), font, points - 3, faint, x: area.left, baseline: link)
            link += pixels(points) * 2
        }
    }
}
