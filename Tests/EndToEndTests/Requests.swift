import Foundation
import TestSupport

/// What was asked of a scripted engine, as far as a test looks at it.
struct ChatCall {
    /// A part of a message: words, or the bytes of a picture.
    enum Part: Equatable {
        case text(String)
        case picture(Data)
    }

    let json: [String: Any]
    /// The request's body as it came.
    let body: String

    /// The posts to the chat, in their order; what is only counted is none.
    static func all(_ engine: ScriptedEngine) -> [ChatCall] {
        engine.requests.filter { $0.method == "POST" && $0.path.hasSuffix("/chat/completions") }.compactMap { request in
            (try? JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any]).map {
                ChatCall(json: $0, body: request.text)
            }
        }
    }

    /// Who said something, and the words alone.
    struct Turn: Equatable {
        var role: String
        var text: String
    }

    /// What was said so far.
    var messages: [Turn] {
        (json["messages"] as? [[String: Any]] ?? []).map { message in
            let parts = message["content"] as? [[String: Any]] ?? []
            let text =
                message["content"] as? String ?? parts.compactMap { $0["text"] as? String }.joined(separator: " ")
            return Turn(role: message["role"] as? String ?? "", text: text)
        }
    }

    /// The parts of the last message.
    var parts: [Part] {
        guard let messages = json["messages"] as? [[String: Any]], let content = messages.last?["content"] else {
            return []
        }
        if let text = content as? String { return [.text(text)] }
        return (content as? [[String: Any]] ?? []).compactMap { part in
            if let text = part["text"] as? String { return .text(text) }
            guard let image = part["image_url"] as? [String: Any], let url = image["url"] as? String,
                let comma = url.firstIndex(of: ","), let bytes = Data(base64Encoded: String(url[comma...].dropFirst()))
            else { return nil }
            return .picture(bytes)
        }
    }

    /// The words of the last message.
    var words: String {
        parts.compactMap { if case .text(let text) = $0 { text } else { nil } }.joined(separator: " ")
    }

    /// The pictures of the last message.
    var pictures: [Data] { parts.compactMap { if case .picture(let bytes) = $0 { bytes } else { nil } } }
}

/// Reads the text of a picture with tesseract, as the check of what an engine got.
func recognized(_ picture: Data) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["tesseract", "stdin", "stdout", "--psm", "6"]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: picture)
    try input.fileHandleForWriting.close()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: text, as: UTF8.self)
}
