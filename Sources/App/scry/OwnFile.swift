import Desktop
import Foundation

/// Files that only their owner may read: pictures of a screen are nobody else's business.
enum OwnFile {
    /// Writes a file with mode 0600, replacing what is there.
    ///
    /// - Throws: `CaptureFailure` with the reason.
    static func write(_ bytes: [UInt8], to path: String, creatingFolder: Bool = false) throws {
        if creatingFolder {
            let folder = URL(filePath: path).deletingLastPathComponent()
            try? FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(path) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let failure = failure(path)
                close(descriptor)
                throw failure
            }
            rest = rest.dropFirst(count)
        }
        guard close(descriptor) == 0 else { throw failure(path) }
    }

    private static func failure(_ path: String) -> CaptureFailure {
        CaptureFailure(.notWritten, "\(path) cannot be written: \(String(cString: strerror(errno))).")
    }
}
