import Glibc

/// A file that appears whole or not at all, readable by its owner only.
///
/// It is written under another name beside its place, synced, and renamed. What is there already is replaced only where
/// that was asked for, also when it appears in the meantime.
public struct NewFile: ByteSink {
    private let descriptor: Int32
    private let path: String

    /// Writes a file.
    ///
    /// - Parameters:
    ///   - path: Where to; its folder has to be there.
    ///   - replaces: Whether a file that is there is replaced.
    ///   - body: Writes the bytes. When it throws, nothing is left behind.
    /// - Throws: `ExchangeFailure`, `.exists` among them.
    public static func write<Result>(
        _ path: String, replaces: Bool, _ body: (inout NewFile) throws(ExchangeFailure) -> Result
    ) throws(ExchangeFailure) -> Result {
        if let descriptor = try special(path) {
            defer { close(descriptor) }
            var file = NewFile(descriptor: descriptor, path: path)
            return try body(&file)
        }
        // Said before the work is done; what appears in the meantime is found at the end.
        if !replaces { try checkAbsence(path) }
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { String(path[...$0]) } ?? ""
        let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
        guard !name.isEmpty else { throw ExchangeFailure(EISDIR, writing: path) }
        let draft = "\(folder).\(name.prefix(80)).\(getpid())-\(UInt32.random(in: 0 ... .max)).tmp"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw ExchangeFailure(errno, writing: path) }
        defer {
            close(descriptor)
            unlink(draft)
        }
        var file = NewFile(descriptor: descriptor, path: path)
        let result = try body(&file)
        guard fsync(descriptor) == 0 else { throw ExchangeFailure(errno, writing: path) }
        try move(draft, to: path, replaces: replaces)
        return result
    }

    /// A device or a pipe is written to, not replaced; nil for a file, or for nothing.
    private static func special(_ path: String) throws(ExchangeFailure) -> Int32? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG else { return nil }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw ExchangeFailure(EISDIR, writing: path) }
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ExchangeFailure(errno, writing: path) }
        return descriptor
    }

    /// Says that a file is there already, before work is done for nothing.
    public static func checkAbsence(_ path: String) throws(ExchangeFailure) {
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG { throw ExchangeFailure(EEXIST, writing: path) }
    }

    /// Makes a folder, unless it is there.
    public static func makeFolder(_ path: String) throws(ExchangeFailure) {
        if mkdir(path, 0o700) == 0 { return }
        let failed = errno
        var status = stat()
        guard failed == EEXIST, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw ExchangeFailure(
                .notWritten,
                "\(path) cannot be made: \(String(cString: strerror(failed == EEXIST ? ENOTDIR : failed))).")
        }
    }

    /// Writes more bytes.
    public mutating func write(_ bytes: [UInt8]) throws(ExchangeFailure) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { raw -> Int in
                let rest = UnsafeRawBufferPointer(rebasing: raw[written...])
                return Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw ExchangeFailure(errno, writing: path) }
            written += count
        }
    }

    private static func move(_ draft: String, to path: String, replaces: Bool) throws(ExchangeFailure) {
        guard !replaces else {
            guard rename(draft, path) == 0 else { throw ExchangeFailure(errno, writing: path) }
            return
        }
        // A link fails where something is; file systems without links get a rename, and a gap of microseconds.
        if link(draft, path) == 0 { return }
        guard errno != EEXIST, access(path, F_OK) != 0, rename(draft, path) == 0 else {
            throw ExchangeFailure(errno == 0 ? EEXIST : errno, writing: path)
        }
    }
}
