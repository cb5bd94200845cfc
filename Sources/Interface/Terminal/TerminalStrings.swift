import CNcurses
import Cells
import FoundationEssentials

/// The sequences around curses: modes that it does not know, asked for on entry and taken back on exit.
struct TerminalStrings {
    /// Goes to the alternate screen; asks for pastes in brackets, mouse, focus reports, and keys that can be told apart.
    let enter: String
    /// Asks what the terminal can do.
    let query: String
    /// Gives everything back, in the order that a crash can afford.
    let reset: String
    /// Makes the cursor visible and invisible.
    let showCursor: String
    let hideCursor: String
    /// Whether it was asked what it can do.
    var isAsked: Bool { !query.isEmpty }
    /// Whether a window title can be set.
    let hasTitle: Bool

    /// Hold a picture back until it is complete, and let it go.
    static let beginSynchronized = "\u{1B}[?2026h"
    static let endSynchronized = "\u{1B}[?2026l"
    /// Keys in the kitty protocol where the old codes are ambiguous.
    static let pushKeyboard = "\u{1B}[>1u"

    /// Asks for the colour behind the words; what does not know it says nothing.
    static let askBackground = "\u{1B}]11;?\u{1B}\\"

    /// Reads the terminfo entry that curses has loaded.
    ///
    /// - Parameter pictures: What is asked about pictures.
    init(terminal name: String, pictures: String) {
        // The Linux console takes some of these for other commands, and can do none of them.
        let isConsole = name.hasPrefix("linux") || name.hasPrefix("vt")
        let otherKeys = name.hasPrefix("xterm") || name.hasPrefix("tmux")
        hasTitle = !isConsole
        showCursor = Self.string("cnorm")
        hideCursor = Self.string("civis")
        // Pastes in brackets, mouse (two), focus, and word of a change between dark and light.
        let modes = ["2004", "1002", "1006", "1004", "2031"]
        let extras = "\u{1B}[22;2t" + modes.map { "\u{1B}[?\($0)h" }.joined() + (otherKeys ? "\u{1B}[>4;1m" : "")
        enter = Self.string("smcup") + (isConsole ? "" : extras)
        query = isConsole ? "" : "\u{1B}[?u\u{1B}[?2026$p" + Self.askBackground + pictures
        let leaveScreen = Self.string("rmcup")
        reset =
            (isConsole
                ? ""
                : Self.endSynchronized + "\u{1B}[<u" + (otherKeys ? "\u{1B}[>4m" : "")
                    + modes.reversed().map { "\u{1B}[?\($0)l" }.joined())
            + Self.string("sgr0") + "\u{1B}[r" + showCursor
            + (leaveScreen.isEmpty ? "\u{1B}[999;1H\r\n" : leaveScreen) + (isConsole ? "" : "\u{1B}[23;2t")
    }

    /// The sequence that sets the window title.
    static func title(_ text: String) -> String {
        "\u{1B}]2;\(String(SafeText.singleLine(text).prefix(200)))\u{07}"
    }

    /// The sequence that puts a text onto the clipboard; its bytes are encoded, so nothing in it is a command.
    static func copying(_ text: String) -> String {
        "\u{1B}]52;c;\(Data(text.utf8).base64EncodedString())\u{07}"
    }

    /// The sequence that calls somebody; what it says is cut to one line without controls.
    static func alert(_ alert: TerminalAlert) -> String {
        func words(_ text: String) -> String { String(SafeText.singleLine(text).prefix(200)) }
        switch alert {
        case .bell: return "\u{07}"
        case .notification(let text): return "\u{1B}]9;\(words(text))\u{1B}\\"
        case .titledNotification(let title, let text):
            // The title ends at a semicolon.
            let title = words(title).replacing(";", with: ",")
            return "\u{1B}]777;notify;\(title);\(words(text))\u{1B}\\"
        }
    }

    /// The sequence with which a link begins, or ends where there is none; its target is printable ASCII.
    ///
    /// Pieces of one link have the same number, so that a terminal shows them as one.
    static func link(_ link: Link?) -> String {
        guard let link else { return "\u{1B}]8;;\u{1B}\\" }
        return "\u{1B}]8;id=\(link.id);\(link.target)\u{1B}\\"
    }

    /// A string of the terminal with numbers filled in; empty when it has none.
    static func filled(_ name: String, _ first: Int32, _ second: Int32 = 0) -> String {
        cncurses_filled(name, first, second).map { withoutPadding(String(cString: $0)) } ?? ""
    }

    // Padding such as $<5> is for terminals made of tubes.
    static func string(_ name: String) -> String {
        cncurses_string(name).map { withoutPadding(String(cString: $0)) } ?? ""
    }

    private static func withoutPadding(_ text: String) -> String {
        var text = text
        while let start = text.firstRange(of: "$<"), let end = text[start.upperBound...].firstIndex(of: ">") {
            text.removeSubrange(start.lowerBound...end)
        }
        return text
    }
}
