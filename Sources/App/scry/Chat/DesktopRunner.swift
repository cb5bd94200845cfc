import Cells
import Conversation
import Desktop
import Dispatch
import FoundationEssentials
import History
import Media
import PortalDesktop
import Session

/// Takes pictures, records and reads files for the chat.
@MainActor
final class DesktopRunner {
    private let services: Services
    private let report: @Sendable (SessionEvent) -> Void
    private var recording: Task<Void, Never>?
    private var control = RecordingControl()
    private let switches = DispatchQueue(label: "scry.pause")
    /// The recording that is whole on the disk while its frames are being chosen.
    private var wholeRecording: String?
    private var listing: Task<Void, Never>?
    private var isClosing = false

    init(services: Services, report: @escaping @Sendable (SessionEvent) -> Void) {
        self.services = services
        self.report = report
        let question = Notice(.information, DesktopServices.question)
        services.portal?.onQuestion { report($0 ? .noticed(question) : .unnoticed(question)) }
    }

    /// Takes a picture.
    func capture(_ target: CaptureTarget, for model: ModelProfile?) {
        let taker = services.pictureTaker(withCursor: services.configuration.capture.cursor)
        guard target == .chosenRegion, SlurpChooser.isNeeded(services) else {
            return attach { try await taker.take(target, for: model) }
        }
        Task { [report, services] in
            do {
                // Where nobody may draw over the screen, its picture is shown in the chat, and the region chosen there.
                let isBlind = SlurpChooser.obstacle(services.environment) != nil
                let attachment = try await taker.take(isBlind ? .screen : target, for: model)
                report(.attached(attachment))
                if isBlind { report(.regionWanted(in: attachment.id)) }
            } catch {
                report(.attachmentFailed(CommandFailure(error).description))
            }
        }
    }

    /// Covers parts of a picture, or cuts one out of it; the parts are in the picture with all of its pixels.
    func change(
        _ attachment: Attachment, _ purpose: PictureMarking.Purpose, _ parts: [Region], for model: ModelProfile?
    ) {
        let media = services.media
        Task.detached { [report] in
            guard case .picture(let sent) = attachment.content, let viewed = attachment.viewedPictures.first else {
                return
            }
            do {
                let frame = try StillDecoder().decode(try media.bytes(of: viewed))
                let changed =
                    switch purpose {
                    case .cover: frame.redacted(parts)
                    case .crop: parts.last.map(frame.cut) ?? frame
                    }
                let packed = try PicturePacker(media: media).pack(changed, for: model)
                var attachment = attachment
                attachment.content = .picture(packed.picture)
                // What is covered or cut away is in none of the pictures that stay.
                attachment.origin = packed.origin
                attachment.details = nil
                // What was read of it may be what is covered now.
                attachment.recognizedText = nil
                report(.pictureChanged(attachment, instead: sent))
            } catch {
                report(.pictureUnchanged(CommandFailure(error).description))
            }
        }
    }

    /// Attaches a part of a picture.
    func cut(_ part: PictureArea, of media: MediaReference, label: String, for model: ModelProfile?) {
        let packer = PicturePacker(media: services.media)
        attach {
            let packed = try packer.pack(part, of: media, for: model)
            return Attachment(
                label: label, takenAt: Date(), content: .picture(packed.picture), origin: packed.origin)
        }
    }

    /// Attaches a picture that was taken already.
    func attach(_ parcel: PictureParcel, for model: ModelProfile?) {
        let taker = services.pictureTaker(withCursor: false)
        attach { try taker.attachment(of: parcel.picture, takenAt: parcel.takenAt, for: model) }
    }

    /// Attaches a file.
    func attach(_ path: String, ticket: Int, for model: ModelProfile?) {
        let loader = AttachmentLoader(services: services)
        // Off the main actor: a path may lie on a disk that answers late.
        Task.detached { [report] in
            // What is written as a shell would take it, and what is meant as it stands.
            let exact = AttachmentLoader.resolved(path)
            let file = AttachmentLoader.isFile(exact) ? exact : AttachmentLoader.expanded(path)
            await loader.attach([file], tickets: [ticket], for: model, report)
        }
    }

    /// Attaches the files that were pasted, when all are files.
    func inspect(_ text: String, paths: [String], tickets: [Int], for model: ModelProfile?) {
        let loader = AttachmentLoader(services: services)
        Task.detached { [report] in
            let files = paths.map(AttachmentLoader.resolved)
            guard files.allSatisfy(AttachmentLoader.isFile) else {
                return report(.pasteWasText(text, tickets: tickets))
            }
            await loader.attach(files, tickets: tickets, for: model, report)
        }
    }

    /// Finds the files that a path may mean, unless another one is typed by then.
    func listPaths(_ path: String) {
        listing?.cancel()
        listing = Task.detached { [report] in
            guard !Task.isCancelled else { return }
            let paths = PathLister.candidates(for: path)
            if !Task.isCancelled { report(.pathsListed(path: path, paths)) }
        }
    }

    /// Attaches the picture or the files that are on the clipboard; its text is text.
    func readClipboard(ticket: Int, for model: ModelProfile?) {
        let (loader, reader) = (AttachmentLoader(services: services), ClipboardReader(services.environment))
        Task.detached { [report] in
            do {
                switch try reader.read() {
                case .picture(let bytes):
                    let picture = try loader.load(picture: bytes, named: "clipboard", for: model)
                    report(.attachmentReady(ticket: ticket, picture))
                case .text(let text): report(.pasteWasText(SafeText.sanitized(text), tickets: [ticket]))
                case .files(let text):
                    report(.pasteWasText("", tickets: [ticket]))
                    report(.pasted(SafeText.sanitized(text)))
                }
            } catch {
                report(.attachmentMissed(ticket: ticket, CommandFailure(error).description))
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
        let control = RecordingControl()
        self.control = control
        recording = Task { [report] in
            do {
                let result = try await recorder.record(target, withCursor: cursor, control: control) {
                    report(.recordingProgressed(frames: $0.frames, byteCount: $0.byteCount, dropped: $0.dropped))
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

    /// Lets the recording rest, or go on.
    func pauseRecording(_ isPaused: Bool) {
        let control = control
        // Off the main actor: a frame may be written at this moment, and one more is.
        switches.async { @Sendable in control.pause(isPaused) }
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
        await services.portal?.endSession()
    }
}
