/// Draws the screens of a story; what did not change since the screen before is not drawn again.
struct StoryScreen {
    let story: Story
    let width: Int
    let height: Int
    private let isDark: Bool
    private var drawn: (state: Story.State, canvas: StoryCanvas)?

    init(_ story: Story, width: Int, height: Int, isDark: Bool) {
        self.story = story
        self.width = width
        self.height = height
        self.isDark = isDark
    }

    /// The screen at a time.
    mutating func canvas(at time: Double) -> StoryCanvas {
        let state = story.state(at: time)
        if drawn?.state != state { drawn = (state, draw(state)) }
        var canvas = drawn?.canvas ?? StoryCanvas(width: width, height: height)
        StoryClock.draw(at: time, spins: story.spinning.contains(time), on: &canvas)
        return canvas
    }

    private func draw(_ state: Story.State) -> StoryCanvas {
        let (paper, ink): (UInt8, UInt8) = isDark ? (34, 205) : (246, 30)
        var canvas = StoryCanvas(width: width, height: height)
        canvas.fill(x: 0, y: 0, width: width, height: 28, shade: 40)
        canvas.fill(x: 40, y: 40, width: width - 80, height: height - 120, shade: paper)
        // The text of a page is endless: line and page make it up.
        let first = state.offset / 20
        for line in 0...(height - 130) / 20 {
            let y = 46 + line * 20 - state.offset % 20
            guard y >= 40, y + 16 <= height - 80 else { continue }
            canvas.text(Self.line(first + line, of: state.page, width: (width - 120) / 8), x: 60, y: y, shade: ink)
        }
        canvas.fill(x: 40, y: height - 100, width: width - 80, height: 26, shade: isDark ? 60 : 220)
        let typed = Self.line(0, of: 7_000_001, width: 200)
        canvas.text(String(typed.prefix(state.typed)), x: 60, y: height - 96, shade: ink)
        if let box = state.box { draw(box, on: &canvas) }
        return canvas
    }

    private func draw(_ box: Story.Box, on canvas: inout StoryCanvas) {
        canvas.fill(x: box.x, y: box.y, width: box.width, height: box.height, shade: 120)
        canvas.fill(x: box.x + 2, y: box.y + 2, width: box.width - 4, height: box.height - 4, shade: 200)
        for line in 0..<max(1, (box.height - 40) / 20) {
            canvas.text(
                Self.line(line, of: 900_000 + box.number, width: (box.width - 30) / 8), x: box.x + 14,
                y: box.y + 10 + line * 20, shade: 10)
        }
        guard let progress = box.progress else { return }
        let length = box.width - 40
        canvas.fill(x: box.x + 20, y: box.y + box.height - 24, width: length, height: 12, shade: 150)
        canvas.fill(x: box.x + 20, y: box.y + box.height - 24, width: length * progress / 100, height: 12, shade: 50)
    }

    /// A line of words.
    private static func line(_ number: Int, of page: Int, width: Int) -> String {
        var random = StoryRandom(seed: UInt64(page) &* 65_537 &+ UInt64(number))
        let letters = Array("etaoinshrdlucmfwypvbgkqjxz")
        var line = ""
        let length = Int.random(in: 0...9, using: &random) == 0 ? 0 : Int.random(in: width / 3...width, using: &random)
        while line.count < length {
            for _ in 0..<Int.random(in: 2...9, using: &random) {
                line.append(letters[Int.random(in: 0..<letters.count, using: &random)])
            }
            line.append(" ")
        }
        return String(line.prefix(width))
    }
}
