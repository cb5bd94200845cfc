public import Conversation
import FoundationEssentials

/// Writes a chat as one page of HTML that looks like the chat and needs nothing else: pictures and style are in it.
///
/// Nothing that an engine or a person wrote can act in it: everything is escaped, answers go through a renderer that lets no
/// HTML of theirs pass, and a content security policy forbids scripts, forms and every address but the page's own data.
public struct ChatPage {
    private let media: any MediaLibrary
    private let renderMarkdown: (String) -> String
    private let nonce: String

    /// - Parameters:
    ///   - media: Has the bytes of pictures.
    ///   - renderMarkdown: Makes HTML of an answer; what it gives is put into the page as it is.
    ///   - nonce: What the page's own style is recognised by; nil makes one up.
    public init(
        media: any MediaLibrary, nonce: String? = nil,
        renderMarkdown: @escaping (String) -> String
    ) {
        self.media = media
        self.nonce = nonce ?? UUID().uuidString.lowercased()
        self.renderMarkdown = renderMarkdown
    }

    /// Writes a chat.
    ///
    /// - Returns: How many pictures are gone.
    public func write(_ conversation: Conversation, to sink: inout some ByteSink) throws(ExchangeFailure) -> Int {
        var missing = 0
        let title = Self.escaped(conversation.title.isEmpty ? "Chat" : conversation.title)
        try sink.write(
            """
            <!DOCTYPE html>
            <html>
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; \
            style-src 'nonce-\(nonce)'; base-uri 'none'; form-action 'none'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <meta name="color-scheme" content="light dark">
            <title>\(title)</title>
            <style nonce="\(nonce)">
            \(Self.style)</style>
            </head>
            <body>
            <header><h1>\(title)</h1>
            <p>\(ChatMarkdown.day(conversation.createdAt)) UTC</p></header>
            <main>

            """)
        for message in conversation.messages { missing += try write(message, to: &sink) }
        try sink.write("</main>\n</body>\n</html>\n")
        return missing
    }

    private func write(_ message: Message, to sink: inout some ByteSink) throws(ExchangeFailure) -> Int {
        var missing = 0
        try sink.write("<section class=\"\(message.role.rawValue)\">\n")
        for part in message.parts {
            switch part {
            case .text(let text) where message.role == .user:
                try sink.write("<div class=\"words\">\(Self.escaped(text))</div>\n")
            case .text(let text):
                try sink.write("<div class=\"answer\">\(renderMarkdown(Self.plain(text)))</div>\n")
            case .reasoning(let reasoning):
                let seconds = reasoning.seconds.map { " for \(ChatMarkdown.seconds($0))" } ?? ""
                try sink.write(
                    "<details><summary>Thought\(seconds)</summary>\n<div class=\"words\">\(Self.escaped(reasoning.text))"
                        + "</div></details>\n")
            case .attachment(let attachment):
                missing += try write(attachment, to: &sink)
            }
        }
        var facts: [String] = []
        if let model = message.model { facts.append(model) }
        if let seconds = message.timing?.total { facts.append(ChatMarkdown.seconds(seconds)) }
        if let tokens = message.usage?.completionTokens { facts.append("\(tokens) tokens") }
        if let note = ChatMarkdown.note(message.outcome) { facts.append(note) }
        if let verdict = message.mark?.verdict { facts.append("marked \(verdict.rawValue)") }
        if let correction = message.mark?.correction {
            try sink.write(
                "<p class=\"label\">Corrected:</p>\n<div class=\"answer\">\(renderMarkdown(Self.plain(correction)))</div>\n"
            )
        }
        if !facts.isEmpty {
            try sink.write("<footer>\(facts.map(Self.escaped).joined(separator: " · "))</footer>\n")
        }
        try sink.write("</section>\n")
        return missing
    }

    private func write(_ attachment: Attachment, to sink: inout some ByteSink) throws(ExchangeFailure) -> Int {
        switch attachment.content {
        case .text(let text):
            try sink.write(
                "<details><summary>\(Self.escaped(attachment.label))</summary>\n<pre>\(Self.escaped(text))</pre></details>\n"
            )
            return 0
        case .picture(let picture):
            let origin = ChatMarkdown.origin(of: attachment)
            return try write(picture, name: attachment.label, caption: "\(attachment.label) · \(origin)", to: &sink)
        case .document(let document):
            var missing = 0
            try sink.write("<p class=\"label\">\(Self.escaped(attachment.label))</p>\n<div class=\"frames\">\n")
            for page in document.pages {
                let name = "page \(page.number)"
                if let picture = page.picture {
                    missing += try write(picture, name: name, caption: name, to: &sink)
                } else if page.form == .text {
                    try sink.write(
                        "<details><summary>\(name)</summary>\n<pre>\(Self.escaped(page.text))</pre></details>\n")
                }
            }
            try sink.write("</div>\n")
            return missing
        case .recording(let recording):
            // The frames are what the engine saw; a whole recording would make the page too heavy to open.
            var missing = 0
            let caption = "\(attachment.label) · \(ChatMarkdown.origin(of: attachment))"
            try sink.write("<p class=\"label\">\(Self.escaped(caption))</p>\n<div class=\"frames\">\n")
            for frame in recording.frames {
                let time = ChatMarkdown.seconds(frame.time)
                missing += try write(frame.picture, name: time, caption: time, to: &sink)
            }
            try sink.write("</div>\n")
            return missing
        }
    }

    private func write(
        _ picture: MediaReference, name: String, caption: String, to sink: inout some ByteSink
    ) throws(ExchangeFailure) -> Int {
        let caption = Self.escaped(caption)
        let types = ["image/png", "image/jpeg", "image/webp", "image/gif"]
        guard types.contains(picture.mediaType), let bytes = try? media.bytes(of: picture) else {
            try sink.write("<p class=\"label\">\(caption): the picture is gone</p>\n")
            return 1
        }
        try sink.write(
            "<figure><img alt=\"\(Self.escaped(name))\" width=\"\(picture.width)\" height=\"\(picture.height)\" ")
        try sink.write("src=\"data:\(picture.mediaType);base64,")
        try sink.write(Array(Data(bytes).base64EncodedData()))
        try sink.write("\"><figcaption>\(caption)</figcaption></figure>\n")
        return 0
    }

    /// Text that is only ever text, in elements and in attributes.
    static func escaped(_ text: String) -> String {
        // By scalars: a sign that a combining character follows is the same sign to a browser.
        var result = ""
        for scalar in plain(text).unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Text without control characters, and without overrides of the writing direction, which make a page say something
    /// else than it seems to.
    private static func plain(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\t", "\n": result.append(scalar)
            case "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}", "\0": result.append("\u{FFFD}")
            default: if scalar.value >= 0x20, !(0x7F...0x9F).contains(scalar.value) { result.append(scalar) }
            }
        }
        return String(result)
    }
}
