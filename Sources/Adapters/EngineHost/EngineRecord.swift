import Foundation
import Glibc

/// What the program that runs an engine tells other Scry programs about it, in a file beside the socket.
///
/// The file counts only while the lock is held: whoever wrote it may be gone.
struct EngineRecord: Sendable, Equatable, Codable {
    /// The program that started the engine and will stop it.
    var owner: Int32
    /// The engine's process; nil while it is being installed or started.
    var engine: Int32?
    /// Where it listens; nil while it is being installed or started.
    var endpoint: EngineEndpoint?
    /// When the owner and the engine started, in the kernel's ticks: with them a number names one process.
    var ownerStart: UInt64?
    var engineStart: UInt64?
    /// Whether the owner does nothing else than run the engine, so that it may be ended with it.
    var isKept: Bool?
    /// When the engine answered first, in seconds since 1970.
    var since: Double?

    /// The record of this program, before it has an engine.
    static func own(isKept: Bool) -> EngineRecord {
        EngineRecord(owner: getpid(), ownerStart: ProcessFacts(of: getpid())?.start, isKept: isKept)
    }

    static func read(_ path: String) -> EngineRecord? {
        guard let bytes = FileManager.default.contents(atPath: path) else { return nil }
        return try? JSONDecoder().decode(EngineRecord.self, from: bytes)
    }

    /// Replaces the file in one step, with mode 0600: it may hold a key.
    func write(_ path: String) throws(EngineHostFailure) {
        guard let bytes = try? JSONEncoder().encode(self) else { return }
        try PrivateFile.write(Array(bytes), to: path)
    }
}

/// Files and directories that only their owner can read.
enum PrivateFile {
    /// Writes a file beside the one meant, and renames it.
    static func write(_ bytes: [UInt8], to path: String) throws(EngineHostFailure) {
        // A name of its own: two hosts of one program may write at the same time.
        let fresh = path + ".\(getpid())-\(UInt32.random(in: 0 ... .max)).new"
        let descriptor = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        var written = 0
        while descriptor >= 0 && written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { break }
            written += count
        }
        if descriptor >= 0 { close(descriptor) }
        guard descriptor >= 0, written == bytes.count, rename(fresh, path) == 0 else {
            let why = String(cString: strerror(errno))
            unlink(fresh)
            throw EngineHostFailure(.unwritable, "Scry cannot write \(path): \(why).")
        }
    }

    /// Makes a directory and those above it that are missing, with mode 0700.
    static func makeDirectory(_ path: String) throws(EngineHostFailure) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw EngineHostFailure(
                .unwritable, "Scry cannot make the directory \(path): \(error.localizedDescription)")
        }
    }
}
