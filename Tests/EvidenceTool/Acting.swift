import Glibc

/// Writes what is on a made-up screen to standard output, as grey pictures one after another.
struct Acting {
    let seconds: Int
    let width: Int
    let height: Int
    let rate: Int

    func run() {
        // As people are: more often than not nothing happens.
        let story = Story(seed: 7, count: max(4, seconds / 8), width: width, height: height, idle: 2...14)
        var screen = StoryScreen(story, width: width, height: height, isDark: false)
        for frame in 0..<seconds * rate {
            let canvas = screen.canvas(at: Double(frame) / Double(rate))
            let isWritten = canvas.bytes.withUnsafeBytes { bytes in
                var rest = bytes[...]
                while !rest.isEmpty {
                    let count = write(1, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                    guard count > 0 else { return false }
                    rest = rest.dropFirst(count)
                }
                return true
            }
            guard isWritten else { return }
        }
    }
}
