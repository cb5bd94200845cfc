import Conversation
import Desktop
import Session

/// Takes pictures, records and reads files for the chat.
@MainActor
final class DesktopRunner {
    private let services: Services
    private let report: @Sendable (SessionEvent) -> Void
    private var recording: Task<Void, Never>?
    /// The recording that is whole on the disk while its frames are being chosen.
    private var wholeRecording: String?
    private var isClosing = false

    init(services: Services, report: @escaping @Sendable (SessionEvent) -> Void) {
        self.services = services
        self.report = report
    }

    /// Takes a picture.
    func capture(_ target: CaptureTarget, for model: ModelProfile?) {
        let taker = services.pictureTaker(withCursor: services.configuration.capture.cursor)
        attach { try await taker.take(target, for: model) }
    }

    /// Attaches a file.
    func attach(_ path: String, for model: ModelProfile?) {
        let loader = AttachmentLoader(services: services)
        attach { try await loader.load(path, for: model) }
    }

    /// Attaches what was pasted when it is the path of a file.
    func inspect(_ text: String, for model: ModelProfile?) {
        let loader = AttachmentLoader(services: services)
        // Off the main actor: a path may lie on a disk that answers late.
        Task.detached { [report] in
            guard AttachmentLoader.isFile(text) else { return report(.pasteWasText(text)) }
            do {
                report(.attached(try await loader.load(text, for: model)))
            } catch {
                report(.attachmentFailed(CommandFailure(error).description))
            }
        }
    }

    private func attach(_ make: @escaping @Sendable () async throws -> Attachment) {
        Task { [report] in
            do {
                report(.attached(try await make()))
            } catch {
                report(.attachmentFailed(CommandFailure(error).description))
            }
        }
    }

    // MARK: - Recording

    /// Begins to record.
    func record(_ target: CaptureTarget, for model: ModelProfile?) {
        let recorder = ScreenRecorder(services: services)
        let cursor = services.configuration.capture.cursor
        recording = Task { [report] in
            do {
                let result = try await recorder.record(target, withCursor: cursor) { frames, byteCount in
                    report(.recordingProgressed(frames: frames, byteCount: byteCount))
                }
                wholeRecording = result.path
                if isClosing { return }
                report(.recordingEnded)
                report(.recorded(try await recorder.attachment(of: result, for: model)))
                wholeRecording = nil
            } catch {
                wholeRecording = nil
                report(.recordingFailed(CommandFailure(error).description))
            }
        }
    }

    /// Ends the recording; its frames are chosen then.
    func stopRecording() { recording?.cancel() }

    /// Ends the recording and waits until it is whole.
    func close() async {
        isClosing = true
        recording?.cancel()
        // Nobody waits for its frames any more, only for the recording itself.
        if wholeRecording == nil { await recording?.value }
        if let wholeRecording { Standard.error("The recording is kept: \(wholeRecording)\n") }
    }
}
