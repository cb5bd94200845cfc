import Glibc

/// Makes directories and files that only their owner may read.
enum PrivateFile {
    /// Makes a directory and those above it, 0700, leaving alone what is there.
    static func makeDirectory(_ path: String) throws(HistoryFailure) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        let parent = directory(of: path)
        guard errno == ENOENT, parent != path else {
            throw HistoryFailure(errno, doing: "make the directory", at: path)
        }
        try makeDirectory(parent)
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw HistoryFailure(errno, doing: "make the directory", at: path)
        }
    }

    /// Makes an empty file, 0600, leaving alone one that is there.
    ///
    /// SQLite gives its side files the mode of the database, so this is enough for all of them.
    static func make(_ path: String) throws(HistoryFailure) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw HistoryFailure(errno, doing: "write", at: path) }
        close(descriptor)
    }

    /// Writes a file that is there either whole or not at all, whenever the power goes.
    ///
    /// The bytes go to a temporary file beside it first, which is removed when anything fails.
    static func write(_ bytes: [UInt8], to path: String) throws(HistoryFailure) {
        let temporary = "\(path).\(getpid())-\(UInt32.random(in: 0 ... .max)).tmp"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw HistoryFailure(errno, doing: "write", at: path) }
        var failed = writeAll(bytes, to: descriptor)
        if failed == 0, fsync(descriptor) != 0 { failed = errno }
        if close(descriptor) != 0, failed == 0 { failed = errno }
        if failed == 0, rename(temporary, path) != 0 { failed = errno }
        guard failed == 0 else {
            unlink(temporary)
            throw HistoryFailure(failed, doing: "write", at: path)
        }
    }

    /// Reads a file piece by piece, and returns 0 or the error number.
    static func read(_ path: String, _ receive: (UnsafeRawBufferPointer) -> Void) -> Int32 {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        return withUnsafeTemporaryAllocation(byteCount: 1 << 18, alignment: 16) { buffer in
            while true {
                let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                if count > 0 {
                    receive(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                } else if count == 0 {
                    return 0
                } else if errno != EINTR {
                    return errno
                }
            }
        }
    }

    /// The size of a file in bytes and when it was last written, in seconds since 1970; nil when it is not there.
    static func status(_ path: String) -> (byteCount: Int, modified: Double)? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return (Int(status.st_size), Double(status.st_mtim.tv_sec))
    }

    /// The names in a directory, in no order; none when it cannot be read.
    static func names(in directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// The directory that a path is in.
    static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    // MARK: - Private

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        bytes.withUnsafeBytes { buffer in
            var written = 0
            while written < buffer.count {
                let count = Glibc.write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
                if count >= 0 {
                    written += count
                } else if errno != EINTR {
                    return errno
                }
            }
            return 0
        }
    }
}
