import Cells
import Conversation
import FoundationEssentials
import Glibc

/// Prints what a search has found: chat, date and title, the line, the window and the time of the picture; on a terminal
/// with the picture in small beside them.
struct HitPrinter {
    /// How pictures are drawn; nil leaves them out.
    struct Drawing {
        var thumbnails: Thumbnails
        /// Whether the terminal knows all colours, and not only 256.
        var isDirect: Bool
    }

    /// The columns of the terminal; nil where nobody looks, whose lines are as long as they are.
    let columns: Int?
    let drawing: Drawing?

    /// The lines of a hit, each with its line break.
    func text(of hit: SearchHit) -> String {
        let lines = Self.lines(of: hit)
        guard let columns else {
            return lines.enumerated().map { ($0 == 0 ? "" : "    ") + $1.plain + "\n" }.joined()
        }
        let picture = drawing.flatMap { drawing in
            hit.picture.flatMap(drawing.thumbnails.frame(of:)).map {
                BlockPicture($0, columns: min(20, columns / 3), lines: 6, isDirect: drawing.isDirect)
            }
        }
        let margin = picture.map { $0.columns + 2 } ?? 0
        let laid = lines.enumerated().flatMap { index, line in
            let indent = StyledText(index == 0 ? "" : "    ")
            return TextLayout(width: columns - margin, firstPrefix: indent, nextPrefix: "    ").lines(of: line)
        }
        var text = ""
        for row in 0..<max(laid.count, picture?.lines.count ?? 0) {
            let words = row < laid.count ? laid[row].sequences : ""
            let drawn = picture.map { row < $0.lines.count ? $0.lines[row].sequences : "" }
            let isBeside = picture.map { row < $0.lines.count } ?? false
            let gap = isBeside ? "  " : String(repeating: " ", count: margin)
            text += (drawn ?? "") + (words.isEmpty ? "" : gap + words) + "\n"
        }
        return text + (picture == nil ? "" : "\n")
    }

    // MARK: - Private

    private static func lines(of hit: SearchHit) -> [StyledText] {
        let title = hit.title.isEmpty ? "untitled" : SafeOutput.line(hit.title)
        var lines = [StyledText("\(hit.conversation.prefix(8))  \(ListDate.text(hit.date))  \(title)")]
        if hit.place != .title {
            var line = StyledText(place(of: hit))
            for run in hit.snippet.runs {
                line.append(SafeOutput.line(run.text), style: Style(attributes: run.isHit ? .bold : []))
            }
            lines.append(line)
        }
        if let takenAt = hit.takenAt {
            let window = hit.windowTitle.map { SafeOutput.line($0) + ", " } ?? ""
            lines.append(StyledText("picture: \(window)\(ListDate.text(takenAt))", style: Style(attributes: .dim)))
        }
        return lines
    }

    private static func place(of hit: SearchHit) -> String {
        switch hit.place {
        case .words: hit.role == .user ? "you: " : ""
        case .reasoning: "thought: "
        case .screen: "seen: "
        case .title: ""
        }
    }
}

extension HitPrinter {
    /// A printer for what standard output is.
    ///
    /// - Parameter draws: Whether pictures are drawn; nil draws them where a terminal with colours shows them.
    init(services: Services, draws: Bool?) {
        let environment = services.environment
        func has(_ name: String) -> Bool { environment[name].map { !$0.isEmpty } ?? false }
        let isColored = Standard.outputIsTerminal && !has("NO_COLOR") && has("TERM") && environment["TERM"] != "dumb"
        let isDirect = ["truecolor", "24bit"].contains(environment["COLORTERM"] ?? "")
        let isDrawn = draws ?? isColored
        drawing = isDrawn ? Drawing(thumbnails: Thumbnails(media: services.media), isDirect: isDirect) : nil
        var size = winsize()
        let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20
        columns = Standard.outputIsTerminal || isDrawn ? (isKnown ? Int(size.ws_col) - 1 : 79) : nil
    }
}
