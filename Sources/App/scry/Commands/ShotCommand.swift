import ArgumentParser
import Desktop
import Evidence
import FoundationEssentials
import Media
import PortalDesktop

/// `scry shot`: a picture of the screen, to a file or standard output.
struct ShotCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "shot", abstract: "Takes a picture of the screen.")

    @OptionGroup(title: "What to look at")
    var source: SourceOptions

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to; - is standard output.", valueName: "file"))
    var output: String?

    @Option(help: ArgumentHelp("png or jpeg. (default: by the file's name, else png)", valueName: "png|jpeg"))
    var format: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    private struct Record: Encodable {
        struct Times: Encodable {
            var grab: Double
            var encode: Double
        }
        var path: String
        var width: Int
        var height: Int
        var bytes: Int
        var source: String
        @OrNull var window_title: String?
        var taken_at: Date
        var ms: Times
    }

    func validate() throws {
        if let format, !["png", "jpeg", "jpg"].contains(format) { throw ValidationError("--format is png or jpeg.") }
        if json && output == "-" { throw ValidationError("--json and -o - both want standard output.") }
    }

    func run() async throws {
        try await running {
            let desktop = DesktopServices(source: source.way, redactions: source.redact.map(\.region))
            desktop.printWarnings()
            desktop.printQuestions()
            if let delay = source.delay { try await Task.sleep(for: .seconds(delay)) }
            let cursor = source.cursor ?? desktop.configuration.capture.cursor
            let target = source.target ?? .screen
            let windows = json ? await desktop.screen.windows() : []
            let start = ContinuousClock.now
            let picture = try await desktop.screen.capture(target, withCursor: cursor)
            let grabbed = ContinuousClock.now
            // There is no other picture: the desktop can clear up while this one is written.
            await desktop.portal?.endSession()
            let takenAt = Date()
            let encoded = try StillEncoder().encode(
                picture.frame, as: isJPEG ? .jpeg(quality: 90) : .png)
            let done = ContinuousClock.now
            if output == "-" { return Standard.output(bytes: encoded.bytes) }
            let path = try output ?? desktop.places.newPicture(takenAt, extension: isJPEG ? "jpg" : "png")
            try OwnFile.write(encoded.bytes, to: path)
            guard json else { return Standard.output(path + "\n") }
            let record = Record(
                path: path, width: encoded.width, height: encoded.height, bytes: encoded.bytes.count,
                source: picture.label, window_title: windows.title(for: target, in: picture.region), taken_at: takenAt,
                ms: .init(grab: (grabbed - start).milliseconds, encode: (done - grabbed).milliseconds))
            Standard.output(JSONText.line(record) + "\n")
        }
    }

    private var isJPEG: Bool {
        if let format { return format != "png" }
        return output.map { $0.hasSuffix(".jpg") || $0.hasSuffix(".jpeg") } ?? false
    }
}

extension Duration {
    /// Milliseconds, to a thousandth.
    var milliseconds: Double { (self / .microseconds(1)).rounded() / 1000 }
}
