import Conversation
import Desktop
import Documents
import History
import Media
import Session

/// Reads the words in stored pictures, one at a time: another wish takes the place of the one before.
@MainActor
final class PictureTextReader {
    private let services: Services
    private let report: @Sendable (SessionEvent) -> Void
    private var work: Task<Void, Never>?

    init(services: Services, report: @escaping @Sendable (SessionEvent) -> Void) {
        self.services = services
        self.report = report
    }

    /// Reads a picture, or a part of it, and tells what it says.
    func read(_ part: PictureArea?, of media: MediaReference) {
        work?.cancel()
        work = Task.detached { [services, report] in
            do {
                var frame = try StillDecoder().decode(services.media.bytes(of: media))
                if let part { frame = frame.cut(Region(x: part.x, y: part.y, width: part.width, height: part.height)) }
                let text = try await services.recognizer.text(in: frame)
                if !Task.isCancelled { report(.pictureRead(text)) }
            } catch {
                if !Task.isCancelled { report(.noticed(Notice(.problem, CommandFailure(error).description))) }
            }
        }
    }

    /// Stops what is being read.
    func close() { work?.cancel() }
}
