import Dispatch
import FoundationEssentials
import Glibc

/// Asks an engine on this machine one small question over HTTP.
///
/// It knows as much of HTTP as llama.cpp's server needs for `/health`, `/props` and `/v1/models`: bodies with a length, or
/// up to the end of the connection. Conversations go through `EngineClient`.
struct LocalRequest: Sendable {
    /// What came back.
    struct Answer: Sendable, Equatable {
        var status: Int
        var body: [UInt8]
    }

    var endpoint: EngineEndpoint
    var path: String
    /// Seconds that the engine may be silent.
    var patience = 2

    /// The most that is read.
    private static let longestAnswer = 4 << 20

    /// Asks, and returns nil where nothing answers.
    func answer() async -> Answer? {
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "engine.request").async { @Sendable in continuation.resume(returning: ask()) }
        }
    }

    private func ask() -> Answer? {
        guard let descriptor = endpoint.connected(patience: patience) else { return nil }
        defer { close(descriptor) }
        var request = "GET \(path) HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nConnection: close\r\n"
        if let key = endpoint.key { request += "Authorization: Bearer \(key)\r\n" }
        request += "\r\n"
        guard Self.send(Array(request.utf8), to: descriptor) else { return nil }
        var received: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65536)
        while received.count < Self.longestAnswer {
            let count = read(descriptor, &block, block.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { break }
            received += block[..<count]
            if let answer = Self.parsed(received, isWhole: false) { return answer }
        }
        return Self.parsed(received, isWhole: true)
    }

    private static func send(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Reads an answer out of what was received; nil where it is not one, or not all of it yet.
    ///
    /// - Parameter isWhole: Whether the connection has ended, which ends a body that has no length.
    static func parsed(_ received: [UInt8], isWhole: Bool) -> Answer? {
        guard let split = received.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: received[..<split.lowerBound], as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else { return nil }
        let body = received[split.upperBound...]
        for line in lines.dropFirst() {
            let halves = line.split(separator: ":", maxSplits: 1)
            guard halves.count == 2, halves[0].lowercased() == "content-length" else { continue }
            guard let length = Int(halves[1].drop { $0 == " " }), length >= 0 else { return nil }
            return body.count < length ? nil : Answer(status: status, body: Array(body.prefix(length)))
        }
        return isWhole ? Answer(status: status, body: Array(body)) : nil
    }
}
