import Conversation
import Foundation
import History
import Session
import Terminal

/// Puts text onto the desktop's clipboard, with whichever program for that is there.
///
/// The terminal has been given the text already; this is for terminals that do not pass it on, and for long texts.
struct ClipboardWriter {
    let environment: [String: String]
    let report: @Sendable (SessionEvent) -> Void

    /// Copies a text; tells when there is no way at all to do it.
    func copy(_ text: String) {
        guard let command else {
            let limit = CursesTerminal.clipboardLimit
            guard text.utf8.count > limit else { return }
            return report(
                .noticed(
                    Notice(
                        .problem,
                        "Nothing was copied: terminals take \(limit / 1000) kB, and there is neither wl-copy nor xclip "
                            + "nor xsel. Select less of it, or install one of them.")))
        }
        Task.detached { [report] in
            do {
                try ChildProgram.run(command, input: Data(text.utf8))
            } catch {
                report(
                    .noticed(Notice(.problem, "\(command[0]) did not take the text: it may not be on the clipboard.")))
            }
        }
    }

    private var command: [String]? {
        var candidates: [[String]] = []
        if environment["WAYLAND_DISPLAY"] != nil { candidates.append(["wl-copy"]) }
        if environment["DISPLAY"] != nil {
            candidates += [["xclip", "-selection", "clipboard"], ["xsel", "--clipboard", "--input"]]
        }
        for candidate in candidates {
            if let path = ChildProgram.path(of: candidate[0], in: environment) { return [path] + candidate.dropFirst() }
        }
        return nil
    }
}

/// Shows pictures and videos in the desktop's viewer.
struct MediaViewer {
    let services: Services
    let report: @Sendable (SessionEvent) -> Void

    /// Opens a page, which `Link` has checked to be one.
    func open(link: String) {
        let environment = services.environment
        let hasDesktop = environment["DISPLAY"] != nil || environment["WAYLAND_DISPLAY"] != nil
        guard hasDesktop, let viewer = ChildProgram.path(of: "xdg-open", in: environment) else {
            return report(.noticed(Notice(.information, "There is no desktop to open it; the address is \(link)")))
        }
        Task.detached { [report] in
            do {
                try ChildProgram.run([viewer, link], input: Data())
            } catch {
                report(.noticed(Notice(.problem, "xdg-open does not open it; the address is \(link)")))
            }
        }
    }

    /// Opens a stored picture or video.
    func open(_ media: MediaReference) {
        guard let file = services.media.path(of: media) else {
            return report(.noticed(Notice(.problem, "It is no longer kept.")))
        }
        let environment = services.environment
        let hasDesktop = environment["DISPLAY"] != nil || environment["WAYLAND_DISPLAY"] != nil
        guard hasDesktop, let viewer = ChildProgram.path(of: "xdg-open", in: environment) else {
            return report(.noticed(Notice(.information, "There is no desktop to show it; it is \(file).")))
        }
        Task.detached { [report] in
            do {
                try ChildProgram.run([viewer, file], input: Data())
            } catch {
                report(.noticed(Notice(.problem, "xdg-open shows nothing; the file is \(file).")))
            }
        }
    }
}
