import ArgumentParser
import Desktop
import FoundationEssentials
import Media

/// `scry record`: a recording of the screen until Ctrl-C, with pauses.
struct RecordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record", abstract: "Records the screen, until Ctrl-C or for --seconds.",
        discussion: """
            The key p pauses it and goes on, and so does the signal SIGUSR1. What happens in a pause is not in the recording, \
            nor is its time.
            """)

    @OptionGroup(title: "What to look at")
    var source: SourceOptions

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to, as Matroska.", valueName: "file"))
    var output: String?

    @Option(help: ArgumentHelp("How long.", valueName: "N"))
    var seconds: Double?

    @Option(help: ArgumentHelp("Frames a second, at most. (default: as configured)", valueName: "N"))
    var fps: Double?

    @Flag(help: "Print one JSON object.")
    var json = false

    private struct Record: Encodable {
        var path: String
        var width: Int
        var height: Int
        var bytes: Int
        var source: String
        var taken_at: Date
        var seconds: Double
        var frames: Int
        var dropped: Int
        var ms: Times

        /// As for a picture: until there was one, and the work of writing all of them.
        struct Times: Encodable {
            var grab: Double
            var encode: Double
        }
    }

    func validate() throws {
        if let seconds, !(seconds > 0) { throw ValidationError("--seconds takes a number above 0.") }
        if let fps, !(fps > 0 && fps <= 240) { throw ValidationError("--fps takes a number up to 240.") }
    }

    func run() async throws {
        try await running {
            let services = try Services(saves: false, source: source.way, redactions: source.redact.map(\.region))
            services.printWarnings()
            services.desktop.printQuestions()
            if let delay = source.delay { try await Task.sleep(for: .seconds(delay)) }
            let target = source.target ?? .screen
            let recorder = ScreenRecorder(services: services)
            let cursor = source.cursor ?? services.configuration.capture.cursor
            let (output, seconds, fps) = (output, seconds, fps)
            // Ctrl-C cancels the recording's task, which ends the recording well: that is how it is meant to end.
            let control = RecordingControl()
            let keys = RecordingKeys(control)
            defer { keys.end() }
            let line = RecordingLine(control)
            let shown = Standard.errorIsTerminal ? Task { await line.show() } : nil
            let recording: ScreenRecorder.Result
            do {
                recording = try await Interrupts.cancelling {
                    try await recorder.record(
                        target, to: output, seconds: seconds, rate: fps, withCursor: cursor, control: control,
                        progress: line.note)
                }
            } catch {
                await shown?.end()
                throw error
            }
            await shown?.end()
            guard json else { return Standard.output(recording.path + "\n") }
            let record = Record(
                path: recording.path, width: recording.width, height: recording.height, bytes: recording.byteCount,
                source: target.name, taken_at: recording.startedAt, seconds: recording.seconds,
                frames: recording.frames, dropped: recording.dropped,
                ms: .init(grab: recording.untilFirstFrame.milliseconds, encode: recording.encoding.milliseconds))
            Standard.output(JSONText.line(record) + "\n")
        }
    }
}

extension Task<Void, Never> {
    /// Cancels it, and waits until it has cleared up.
    fileprivate func end() async {
        cancel()
        await value
    }
}

extension CaptureTarget {
    /// What JSON calls it: as it was asked for, since a window's title may change while it is recorded.
    fileprivate var name: String {
        switch self {
        case .screen: "screen"
        case .focusedMonitor: "monitor: focused"
        case .monitor(let name): "monitor: \(name)"
        case .activeWindow: "window: active"
        case .window(let id): "window: 0x\(String(id, radix: 16))"
        case .region(let region): "region: \(region)"
        case .chosenRegion: "region: chosen"
        case .lastRegion: "region: last"
        }
    }
}
