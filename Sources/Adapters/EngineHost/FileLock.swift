import Foundation
import Glibc

/// A lock between programs: held while the object lives, given up by the kernel if the program dies.
///
/// Children do not inherit it. The file stays where it is: removing it would let two programs lock two files of one name.
final class FileLock: Sendable {
    private let descriptor: Int32

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit {
        // Closing alone is too late where a child that was just forked has the descriptor until it runs its program.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Takes the lock, or returns nil where another holder has it.
    static func take(_ path: String) throws(EngineHostFailure) -> FileLock? {
        let descriptor = try opened(path)
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return FileLock(descriptor: descriptor) }
        close(descriptor)
        return nil
    }

    /// Waits for the lock, for hours if need be, on a thread of its own and without waking up meanwhile.
    ///
    /// The wait cannot be broken off: a caller that no longer wants the lock drops it when it comes.
    static func wait(for path: String) async throws(EngineHostFailure) -> FileLock {
        let descriptor = try opened(path)
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                while flock(descriptor, LOCK_EX) != 0 && errno == EINTR {}
                continuation.resume()
            }
        }
        return FileLock(descriptor: descriptor)
    }

    private static func opened(_ path: String) throws(EngineHostFailure) -> Int32 {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw EngineHostFailure(.unwritable, "Scry cannot write \(path): \(String(cString: strerror(errno))).")
        }
        return descriptor
    }
}
