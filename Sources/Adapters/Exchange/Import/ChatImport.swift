public import Conversation
public import FoundationEssentials

/// Reads chats that were exported: by Scry itself, from ChatGPT, from Open WebUI.
///
///     let chats = try ChatImport(media: intake).read(path)
///
/// What the file is shows in its content. What cannot be understood is left out and counted; only a file of which nothing is
/// understood is a failure.
public struct ChatImport {
    /// Whose export it is.
    public enum Origin: String, Sendable {
        case scry = "Scry"
        case chatGPT = "ChatGPT"
        case openWebUI = "Open WebUI"
    }

    /// What a file has.
    public struct Result: Sendable, Equatable {
        /// Whose export it is.
        public var origin: Origin
        /// The chats, with at least one message each.
        public var conversations: [Conversation] = []
        /// All messages of the chats that have more than are shown, by the chat's id.
        public var branches: [Conversation.ID: [BranchedMessage]] = [:]
        /// Lines, chats and messages that were not understood.
        public var skipped = 0
        /// Pictures and recordings that are not in the export, or cannot be read.
        public var missingMedia = 0
    }

    let media: any MediaIntake
    /// The largest file that is read.
    private static let limit = 4 << 30

    /// - Parameter media: Takes pictures and recordings.
    public init(media: any MediaIntake) {
        self.media = media
    }

    /// Reads a file, or the `conversations.json` in a folder that an export was unpacked to, which may be in several pieces.
    public func read(_ path: String) throws(ExchangeFailure) -> Result {
        let (files, folder) = Self.locate(path)
        var whole: Result?
        for file in files {
            let result = try read(file: file, folder: folder)
            guard var sum = whole else {
                whole = result
                continue
            }
            sum.conversations += result.conversations
            sum.branches.merge(result.branches) { $1 }
            sum.skipped += result.skipped
            sum.missingMedia += result.missingMedia
            whole = sum
        }
        if let whole { return whole }
        return try read(file: path, folder: folder)
    }

    private func read(file: String, folder: String?) throws(ExchangeFailure) -> Result {
        let data: Data
        do {
            // Mapped: an export may be larger than what ought to be in memory at once.
            data = try Data(contentsOf: URL(filePath: file), options: .mappedIfSafe)
        } catch {
            throw ExchangeFailure(.notRead, "\(file) cannot be read; check that it is there and that it is yours.")
        }
        guard data.count < Self.limit else {
            throw ExchangeFailure(.notRead, "\(file) is larger than 4 GiB, which is no export of chats.")
        }
        return try read(data, named: file, folder: folder)
    }

    /// Reads the bytes of a file.
    ///
    /// - Parameter folder: Where the pictures of a ChatGPT export are; nil for none.
    public func read(_ data: Data, named name: String, folder: String? = nil) throws(ExchangeFailure) -> Result {
        let head = data.prefix(4)
        if head.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            throw ExchangeFailure(
                .notUnderstood, "\(name) is a zip archive: unpack it (unzip \(name) -d export) and import the folder.")
        }
        if let result = ChatLinesReader(media: media).read(data) { return checked(result, name) }
        if let result = OpenWebUIReader(media: media).read(data) { return checked(result, name) }
        if let result = ChatGPTReader(media: media, folder: folder).read(data) { return checked(result, name) }
        throw ExchangeFailure(
            .notUnderstood,
            "\(name) is no export that Scry understands: it takes its own JSONL, ChatGPT's conversations.json and "
                + "Open WebUI's JSON.")
    }

    private func checked(_ result: Result, _ name: String) -> Result {
        var result = result
        let whole = result.conversations.filter { !$0.messages.isEmpty }
        result.skipped += result.conversations.count - whole.count
        result.conversations = whole
        return result
    }

    private static func locate(_ path: String) -> (files: [String], folder: String?) {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
            return ([path], folder)
        }
        // conversations.json, or conversations-000.json and so on where it is long.
        let files = names.filter { $0.hasPrefix("conversations") && $0.hasSuffix(".json") }.sorted()
        return (files.map { path + "/" + $0 }, path)
    }
}

/// A value of foreign JSON that may be of another kind than expected; nil then.
struct Lossy<Value: Decodable>: Decodable {
    var value: Value?

    init(from decoder: any Decoder) throws {
        value = try? decoder.singleValueContainer().decode(Value.self)
    }
}

extension KeyedDecodingContainer {
    /// The value of a key, or nil when it is missing or of another kind.
    func lossy<Value: Decodable>(_ type: Value.Type, _ key: Key) -> Value? {
        (try? decodeIfPresent(Lossy<Value>.self, forKey: key))?.value
    }
}

/// Times of foreign files, which may be anything.
enum ForeignTime {
    /// The date of seconds since 1970, or of milliseconds or nanoseconds where the number is too large for seconds.
    static func date(_ number: Double?) -> Date? {
        guard var seconds = number, seconds.isFinite, seconds > 0 else { return nil }
        while seconds > 1e11 { seconds /= 1000 }
        return Date(timeIntervalSince1970: seconds)
    }
}
