import Conversation
import Foundation
import History
import Session
import X11Desktop

/// Puts stored pictures on the desktop's clipboard, where they are as long as the chat runs or until others copy.
@MainActor
final class PictureCopier {
    private let services: Services
    private let report: @Sendable (SessionEvent) -> Void
    private var owner: X11ClipboardOwner?

    init(services: Services, report: @escaping @Sendable (SessionEvent) -> Void) {
        self.services = services
        self.report = report
    }

    /// Copies a picture, and says what came of it.
    func copy(_ media: MediaReference) {
        do {
            let bytes = try services.media.bytes(of: media)
            if Screens.isWayland(services.environment) {
                try copyByProgram(bytes, media.mediaType)
            } else {
                owner = try X11ClipboardOwner(offering: [media.mediaType: bytes], environment: services.environment)
            }
            report(.noticed(Notice(.information, "The picture is on the clipboard.")))
        } catch {
            report(.noticed(Notice(.problem, CommandFailure(error).description)))
        }
    }

    private func copyByProgram(_ bytes: [UInt8], _ type: String) throws {
        guard let program = ChildProgram.path(of: "wl-copy", in: services.environment) else {
            throw CommandFailure(
                .usage,
                "Pictures are copied by wl-copy here, and that is not installed (on Debian: apt install wl-clipboard).")
        }
        try ChildProgram.run([program, "--type", type], input: Data(bytes))
    }
}
