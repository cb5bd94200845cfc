/// What runs on every screen without anything happening: a clock, a caret, a spinner.
struct StoryClock {
    /// Seconds that a caret is shown, and then hidden.
    static let caretBeat = 0.53
    /// Turns of the spinner that look different, each second.
    static let spinnerSteps = 12.0

    /// Draws them as they are at a time.
    static func draw(at time: Double, spins: Bool, on canvas: inout StoryCanvas) {
        let seconds = Int(time) + 52_329
        let digits = [
            seconds / 36_000 % 3, seconds / 3600 % 10, seconds / 600 % 6, seconds / 60 % 10, seconds / 10 % 6,
        ]
        for (index, digit) in (digits + [seconds % 10]).enumerated() {
            canvas.text(
                "\(digit)", x: canvas.width - 110 + index * 10 + index / 2 * 6, y: 6, shade: 235, on: 40)
        }
        if Int(time / caretBeat) % 2 == 0 {
            canvas.fill(x: canvas.width / 3, y: canvas.height - 96, width: 2, height: 18, shade: 20)
        }
        guard spins else { return }
        let step = Int(time * spinnerSteps) % 8
        let places = [(0, 1), (1, 0), (2, 0), (3, 1), (3, 2), (2, 3), (1, 3), (0, 2)]
        for (index, place) in places.enumerated() {
            let shade = UInt8(60 + (index + 8 - step) % 8 * 22)
            canvas.fill(x: 60 + place.0 * 6, y: canvas.height - 40 + place.1 * 6, width: 5, height: 5, shade: shade)
        }
    }
}
