import FoundationEssentials
import Glibc

/// What the portal gave us to bring back what a person once chose to share, kept in a file that only they can read.
///
/// A token is good for one start, which brings the next; so the newest is stored at once, in place of the one before.
struct RestoreTokens: Sendable {
    /// The file: a line for each kind of thing that is shared, as "monitor 1f7d…".
    let path: String

    /// Files that are longer are not ours.
    private static let limit = 4096

    /// The token for a kind; nil when there is none.
    func token(for kind: String) -> String? { Self.parse(contents())[kind] }

    /// Keeps a token, or forgets it.
    ///
    /// - Returns: Whether that worked; if not, the person is asked again next time.
    @discardableResult
    func store(_ token: String?, for kind: String) -> Bool {
        var tokens = Self.parse(contents())
        if let token, !Self.isPlausible(token) { return false }
        tokens[kind] = token
        let lines = tokens.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }
        return write(Array(lines.joined().utf8))
    }

    /// Whether a text can be a token: short, printable, in one word.
    static func isPlausible(_ token: String) -> Bool {
        (1...256).contains(token.utf8.count) && token.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// Reads the lines that make sense.
    static func parse(_ bytes: [UInt8]) -> [String: String] {
        guard let text = String(validating: bytes, as: UTF8.self) else { return [:] }
        var tokens: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", omittingEmptySubsequences: false).map { String($0) }
            guard words.count == 2, words.allSatisfy(isPlausible) else { continue }
            tokens[words[0]] = words[1]
        }
        return tokens
    }

    // MARK: - The file

    private func contents() -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: Self.limit + 1)
        var count = 0
        while count < bytes.count {
            let found = bytes.withUnsafeMutableBytes { read(file, $0.baseAddress.map { $0 + count }, $0.count - count) }
            if found < 0, errno == EINTR { continue }
            guard found > 0 else { break }
            count += found
        }
        return count <= Self.limit ? Array(bytes.prefix(count)) : []
    }

    /// Replaces the file in one step: half a token would be none.
    private func write(_ bytes: [UInt8]) -> Bool {
        if let slash = path.lastIndex(of: "/") {
            try? FileManager.default.createDirectory(
                atPath: String(path[..<slash]), withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        }
        let new = "\(path).\(getpid())"
        unlink(new)
        let file = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { return false }
        let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
        let isComplete = count == bytes.count && fsync(file) == 0
        guard close(file) == 0, isComplete, rename(new, path) == 0 else {
            unlink(new)
            return false
        }
        return true
    }
}
