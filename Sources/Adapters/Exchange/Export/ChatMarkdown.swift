public import Conversation
import FoundationEssentials

/// Writes a chat as Markdown that people read, with its pictures in a folder beside it.
public struct ChatMarkdown {
    /// Where pictures are put, and how the text gets there; nil leaves them out and says so in their place.
    private var folder: MediaFolder?
    private let folderLink: String

    /// - Parameters:
    ///   - folder: The folder of pictures; nil for none.
    ///   - folderLink: The folder's path as the text names it.
    public init(folder: MediaFolder?, folderLink: String) {
        self.folder = folder
        self.folderLink = folderLink
    }

    /// Writes a chat.
    ///
    /// - Returns: How many pictures are gone.
    public mutating func write(_ conversation: Conversation, to sink: inout some ByteSink) throws(ExchangeFailure)
        -> Int
    {
        var missing = 0
        let title = conversation.title.isEmpty ? "Chat" : conversation.title
        try sink.write("# \(Self.escaped(title))\n\n")
        try sink.write("*\(Self.day(conversation.createdAt)) · Scry chat \(conversation.id)*\n")
        for message in conversation.messages {
            try sink.write("\n## \(message.role == .user ? "You" : Self.escaped(message.model ?? "Engine"))\n")
            for part in message.parts {
                switch part {
                case .text(let text):
                    // A person's words are no Markdown: what they typed is what is read.
                    try sink.write("\n" + (message.role == .user ? Self.escapedLines(text) : Self.closed(text)) + "\n")
                case .reasoning(let reasoning):
                    let seconds = reasoning.seconds.map { " for \(Self.seconds($0))" } ?? ""
                    try sink.write("\n> *Thought\(seconds)*\n>\n" + Self.quoted(reasoning.text))
                case .attachment(let attachment):
                    missing += try write(attachment, to: &sink)
                }
            }
            if let correction = message.mark?.correction {
                try sink.write("\n*Corrected:*\n\n\(Self.closed(correction))\n")
            }
            if let note = Self.note(message.outcome) { try sink.write("\n*\(Self.escaped(note))*\n") }
        }
        return missing
    }

    private mutating func write(_ attachment: Attachment, to sink: inout some ByteSink) throws(ExchangeFailure) -> Int {
        let label = Self.escaped(attachment.label)
        switch attachment.content {
        case .text(let text):
            try sink.write("\n**\(label)**\n\n" + Self.fenced(text))
            return 0
        case .picture(let picture):
            let missing = try write(picture, label: attachment.label, to: &sink)
            try sink.write("\n*\(Self.escaped(Self.origin(of: attachment)))*\n")
            return missing
        case .document(let document):
            let count = document.pageCount == 1 ? "1 page" : "\(document.pageCount) pages"
            try sink.write("\n**\(label)** (\(count))\n")
            var missing = 0
            for page in document.pages where page.picture != nil || page.form == .text {
                if let picture = page.picture {
                    missing += try write(picture, label: "page \(page.number)", to: &sink)
                } else {
                    try sink.write("\nPage \(page.number):\n\n" + Self.fenced(page.text))
                }
            }
            if let name = try folder?.add(document.file) {
                try sink.write("\n[the document](<\(folderLink)/\(name)>)\n")
            }
            return missing
        case .recording(let recording):
            try sink.write("\n**\(label)** (\(Self.seconds(recording.seconds)))\n")
            try sink.write("\n*\(Self.escaped(Self.origin(of: attachment)))*\n")
            var missing = 0
            for frame in recording.frames {
                missing += try write(frame.picture, label: "at \(Self.seconds(frame.time))", to: &sink)
            }
            if let video = recording.video, let name = try folder?.add(video) {
                try sink.write("\n[the recording](<\(folderLink)/\(name)>)\n")
            }
            return missing
        }
    }

    private mutating func write(
        _ picture: MediaReference, label: String, to sink: inout some ByteSink
    ) throws(ExchangeFailure) -> Int {
        if let name = try folder?.add(picture) {
            try sink.write("\n![\(Self.escaped(label))](<\(folderLink)/\(name)>)\n")
            return 0
        }
        let state = folder == nil ? "" : ", which is gone"
        try sink.write("\n*\(Self.escaped(label)): a picture of \(picture.width)×\(picture.height) pixels\(state)*\n")
        return folder == nil ? 0 : 1
    }

    // MARK: - Text

    static func note(_ outcome: Message.Outcome) -> String? {
        switch outcome {
        case .complete: nil
        case .stopped: "Stopped."
        case .cutByLength: "Cut by the token limit."
        case .streaming, .queued, .interrupted: "Unfinished."
        case .failed(let sentence): sentence
        }
    }

    /// What was captured when: the window's title, if there is one, and the time.
    static func origin(of attachment: Attachment) -> String {
        let words = attachment.windowTitle?.split(whereSeparator: \.isWhitespace).joined(separator: " ") ?? ""
        return (words.isEmpty ? "" : words + " · ") + day(attachment.takenAt) + " UTC"
    }

    static func day(_ date: Date) -> String { String(date.formatted(.iso8601).prefix(16)).replacing("T", with: " ") }

    static func seconds(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e9 else { return "? s" }
        return value < 10 ? "\((value * 10).rounded() / 10) s" : "\(Int(value.rounded())) s"
    }

    /// A line whose signs mean nothing to Markdown.
    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            if "\\`*_{}[]<>#|~&!$".contains(character) { result.append("\\") }
            result.append(character.isNewline ? " " : character)
        }
        return result
    }

    /// A person's lines: breaks stay breaks, and no line becomes a list, a heading or code.
    private static func escapedLines(_ text: String) -> String {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { line in
            let indent = line.prefix { $0 == " " || $0 == "\t" }
            var rest = escaped(String(line.dropFirst(indent.count)))
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            if let first = rest.first, "-+=".contains(first) { rest = "\\" + rest }
            if !digits.isEmpty, let mark = rest.dropFirst(digits.count).first, mark == "." || mark == ")" {
                rest = digits + "\\" + rest.dropFirst(digits.count)
            }
            let blanks = String(repeating: "\u{A0}", count: min(40, indent.reduce(0) { $0 + ($1 == "\t" ? 4 : 1) }))
            return rest.isEmpty ? "" : blanks + rest
        }.joined(separator: "\\\n").replacing("\\\n\\\n", with: "\n\n").replacing("\n\\\n", with: "\n\n")
    }

    /// An answer with its code closed, so that one that was cut does not swallow what follows.
    private static func closed(_ markdown: String) -> String {
        let open = CodeBlocks.unclosedFence(in: markdown)
        return open.map { markdown + (markdown.hasSuffix("\n") ? "" : "\n") + $0 } ?? markdown
    }

    private static func quoted(_ text: String) -> String {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .map { $0.isEmpty ? ">\n" : "> \($0)\n" }.joined()
    }

    private static func fenced(_ text: String) -> String {
        var longest = 2
        for run in text.split(whereSeparator: { $0 != "`" }) { longest = max(longest, run.count) }
        let fence = String(repeating: "`", count: longest + 1)
        return "\(fence)\n\(text)\(text.hasSuffix("\n") ? "" : "\n")\(fence)\n"
    }
}
