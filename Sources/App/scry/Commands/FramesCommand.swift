import ArgumentParser
import Conversation
import FoundationEssentials
import Media

/// `scry frames`: the frames of a video that would be sent.
struct FramesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "frames", abstract: "Shows which frames of a video would be sent.")

    @Argument(help: "The video.")
    var video: String

    @Option(help: ArgumentHelp("At most so many.", valueName: "N"))
    var max: Int?

    @Option(help: ArgumentHelp("Within so many tokens.", valueName: "N"))
    var tokens: Int?

    @Option(help: ArgumentHelp("One every so many seconds, instead of choosing.", valueName: "S"))
    var every: Double?

    @Option(name: .shortAndLong, help: ArgumentHelp("Write the pictures into this folder.", valueName: "dir"))
    var output: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("Count tokens as this model does.", valueName: "name"))
    var model: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    private struct Record: Encodable {
        struct Entry: Encodable {
            var time: Double
            @OrNull var path: String?
            var width: Int
            var height: Int
            var why: String
            @OrNull var window: String?
        }
        var video: String
        var duration: Double
        var frames: [Entry]
        var tokens: Int
    }

    func validate() throws {
        if let max, max < 1 { throw ValidationError("--max takes a number from 1.") }
        if let tokens, tokens < 1 { throw ValidationError("--tokens takes a number from 1.") }
        if let every, !(every > 0) { throw ValidationError("--every takes seconds, more than 0.") }
    }

    func run() async throws {
        try await running {
            let line = ProgressLine()
            let choice = try FrameChooser().choose(
                video, for: model.map { ModelProfile(id: $0) }, tokens: tokens, most: max, every: every
            ) { if Standard.errorIsTerminal { line.show("Choosing frames", fraction: $0) } }
            line.clear()
            var entries: [Record.Entry] = []
            for (index, frame) in choice.frames.enumerated() {
                var path: String?
                if let output {
                    let name = "\(output)/frame-\(String(index + 1).padded(to: 3))-\(frame.time.clockText).png"
                    try OwnFile.write(frame.picture.bytes, to: name, creatingFolder: true)
                    path = name
                }
                entries.append(
                    Record.Entry(
                        time: frame.time, path: path, width: frame.picture.width, height: frame.picture.height,
                        why: frame.why, window: frame.windowTitle))
            }
            if json {
                let record = Record(video: video, duration: choice.seconds, frames: entries, tokens: choice.tokens)
                return Standard.output(JSONText.line(record) + "\n")
            }
            for entry in entries {
                let window = entry.window.map { "  \(SafeOutput.text($0))" } ?? ""
                let place = entry.path.map { "  \($0)" } ?? ""
                Standard.output(
                    "\(entry.time.clockText)  \(entry.width)x\(entry.height)  \(entry.why)\(window)\(place)\n")
            }
            Standard.output("\(entries.count) frames of \(choice.seconds.clockText), \(choice.tokens) tokens\n")
        }
    }
}

extension Double {
    /// Seconds as minutes and seconds: "02:13.4".
    var clockText: String {
        let tenths = Int((self * 10).rounded())
        let (minutes, rest) = tenths.quotientAndRemainder(dividingBy: 600)
        return "\(String(minutes).padded(to: 2)):\(String(rest / 10).padded(to: 2)).\(rest % 10)"
    }
}

extension String {
    /// Zeros in front, up to a width.
    func padded(to width: Int) -> String { String(repeating: "0", count: Swift.max(0, width - count)) + self }
}
