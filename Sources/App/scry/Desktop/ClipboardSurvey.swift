import Terminal

/// What the clipboard can do in this session, for `scry doctor`: pasting, copying words, copying pictures.
struct ClipboardSurvey {
    /// What works of one part, or what helps.
    struct Finding: Equatable {
        var isWell: Bool
        var sentence: String
    }

    private let environment: [String: String]
    private let isInstalled: (String) -> Bool

    /// - Parameters:
    ///   - environment: The variables of the session.
    ///   - isInstalled: Whether there is a program of a name.
    init(_ environment: [String: String], isInstalled: @escaping (String) -> Bool) {
        self.environment = environment
        self.isInstalled = isInstalled
    }

    /// Everything, by the names of the parts.
    var findings: [(part: String, finding: Finding)] {
        [("clipboard, pasting", pasting), ("clipboard, text", text), ("clipboard, pictures", pictures)]
    }

    private static let package = "install wl-clipboard (on Debian: apt install wl-clipboard)"

    private var hasWayland: Bool { isSet("WAYLAND_DISPLAY") }
    private var hasX11: Bool { isSet("DISPLAY") }

    /// As `ClipboardReader` does it.
    private var pasting: Finding {
        if hasWayland, isInstalled("wl-paste") { return well("Ctrl+V takes pictures, files and text through wl-paste") }
        if hasX11, !hasWayland { return well("Ctrl+V takes pictures, files and text from the X server") }
        if hasX11 {
            return bad("Ctrl+V sees only what X11 programs copied (through Xwayland); \(Self.package)")
        }
        if hasWayland { return bad("wl-paste is missing; \(Self.package)") }
        return bad("there is no desktop to take it from; paste with the terminal's key, mostly Ctrl+Shift+V")
    }

    /// As `ClipboardWriter` does it: the terminal is told in any case.
    private var text: Finding {
        let limit = CursesTerminal.clipboardLimit / 1000
        let programs = (hasWayland ? ["wl-copy"] : []) + (hasX11 ? ["xclip", "xsel"] : [])
        if let program = programs.first(where: isInstalled) {
            return well("copied by \(program), and by the terminal itself (OSC 52)")
        }
        let advice =
            programs.isEmpty
            ? isSet("TMUX") ? "tmux needs: set -g set-clipboard on" : "over ssh that is the only way"
            : "for longer text, or a terminal without it, install \(hasWayland ? "wl-clipboard" : "xclip")"
        return well("copied by the terminal where it knows OSC 52, \(limit) kB at most; \(advice)")
    }

    /// As `PictureCopier` does it.
    private var pictures: Finding {
        guard hasWayland || hasX11 else {
            return bad("there is no desktop to put them on; run this inside a graphical session")
        }
        guard !Screens.isWayland(environment) else {
            return isInstalled("wl-copy") ? well("copied by wl-copy") : bad("wl-copy is missing; \(Self.package)")
        }
        return well("offered on the X server as long as the chat runs")
    }

    private func isSet(_ name: String) -> Bool { environment[name]?.isEmpty == false }
    private func well(_ sentence: String) -> Finding { Finding(isWell: true, sentence: sentence) }
    private func bad(_ sentence: String) -> Finding { Finding(isWell: false, sentence: sentence) }
}
