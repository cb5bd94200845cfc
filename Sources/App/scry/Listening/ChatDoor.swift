import Dispatch
import FoundationEssentials
import Glibc

/// Where other programs of the same user leave pictures for a running chat: a socket in the runtime directory.
///
/// What may be said is one line of JSON: a picture's header, with its pixels behind, `{"do":"record"}`, or `{"do":"where"}`
/// for nothing but the answer. That is one line that says where the chat's terminal is. The first chat has `chat.sock`; others have names of their own, and the
/// one that was used last gets what comes.
final class ChatDoor: Sendable {
    /// What somebody brings.
    enum Delivery: Sendable {
        case picture(PictureParcel)
        /// The recording key was pressed.
        case toggleRecording
    }

    private enum Message {
        case delivery(Delivery)
        /// Somebody wants the answer alone.
        case question
    }

    /// Something to do without a picture.
    struct Order: Codable, Sendable {
        var `do`: String
    }

    /// What the chat answers.
    struct Answer: Codable, Sendable {
        /// The X11 window of its terminal, as the terminal said.
        var window: UInt64?
        /// A process within the terminal: the chat, or tmux's client.
        var process: Int32
    }

    private let path: String
    private let listener: LocalSocket
    // Dispatch says of its own objects that every thread may use them, only not to Swift.
    private nonisolated(unsafe) let source: any DispatchSourceRead
    private let identity: ino_t

    /// Opens the door; nil where that is impossible, and then the chat does without.
    ///
    /// - Parameters:
    ///   - answer: Says where the terminal is; called on the door's queue for each delivery.
    ///   - receive: Takes what was brought, on the door's queue.
    init?(
        _ places: Places, answering answer: @escaping @Sendable () -> Answer,
        receive: @escaping @Sendable (Delivery) -> Void
    ) {
        guard (try? places.make(places.runtime)) != nil else { return nil }
        let names = [places.chatSocket, places.runtime + "/chat-\(getpid()).sock"]
        guard
            let (path, listener) = names.lazy.compactMap({ name in LocalSocket.listen(at: name).map { (name, $0) } })
                .first
        else { return nil }
        self.path = path
        self.listener = listener
        var status = stat()
        identity = stat(path, &status) == 0 ? status.st_ino : 0
        let queue = DispatchQueue(label: "scry.door")
        let source = DispatchSource.makeReadSource(fileDescriptor: listener.descriptor, queue: queue)
        self.source = source
        source.setEventHandler { @Sendable [listener] in
            guard let visitor = listener.accept() else { return }
            visitor.limitWaiting(seconds: 5)
            guard let message = Self.read(visitor) else { return }
            _ = visitor.send(Array((JSONText.line(answer()) + "\n").utf8))
            if case .delivery(let delivery) = message { receive(delivery) }
        }
        source.resume()
    }

    deinit { close() }

    /// Closes the door; the socket's file goes unless another chat has put its own there.
    func close() {
        guard !source.isCancelled else { return }
        source.cancel()
        var status = stat()
        if stat(path, &status) == 0, status.st_ino == identity { unlink(path) }
    }

    /// Makes this the chat that was used last.
    func touch() { utimes(path, nil) }

    private static func read(_ visitor: LocalSocket) -> Message? {
        guard let line = visitor.readLine(limit: PictureParcel.lineLimit) else { return nil }
        if let header = PictureParcel.header(line) {
            return PictureParcel(header) { visitor.read(into: $0) }.map { .delivery(.picture($0)) }
        }
        switch try? JSONText.decoder.decode(Order.self, from: Data(line)).do {
        case "record": return .delivery(.toggleRecording)
        case "where": return .question
        default: return nil
        }
    }
}

/// Brings something to the chat that runs, if one does.
enum ChatVisit {
    /// Brings a picture or an order; the answer, or nil when no chat runs.
    static func bring(_ bytes: [UInt8], to places: Places) -> (answer: ChatDoor.Answer, process: Int32)? {
        for path in sockets(places) {
            guard let socket = LocalSocket.connect(to: path), let peer = socket.peer, peer.user == getuid() else {
                continue
            }
            socket.limitWaiting(seconds: 5)
            guard socket.send(bytes), let line = socket.readLine(limit: 4096),
                let answer = try? JSONText.decoder.decode(ChatDoor.Answer.self, from: Data(line))
            else { continue }
            return (answer, peer.process)
        }
        return nil
    }

    /// Where the terminal of the chat is that was used last; nil when no chat runs.
    static func place(_ places: Places) -> ChatDoor.Answer? { bring(order("where"), to: places)?.answer }

    /// The bytes of an order.
    static func order(_ name: String) -> [UInt8] { Array((JSONText.line(ChatDoor.Order(do: name)) + "\n").utf8) }

    /// The doors of all chats, the one that was used last first.
    private static func sockets(_ places: Places) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: places.runtime)) ?? []
        return names.filter { $0.hasPrefix("chat") && $0.hasSuffix(".sock") }
            .map { places.runtime + "/" + $0 }
            .map { path -> (path: String, used: Int) in
                var status = stat()
                return (
                    path,
                    stat(path, &status) == 0 ? status.st_mtim.tv_sec * 1000 + status.st_mtim.tv_nsec / 1_000_000 : 0
                )
            }
            .sorted { $0.used > $1.used }
            .map(\.path)
    }
}
