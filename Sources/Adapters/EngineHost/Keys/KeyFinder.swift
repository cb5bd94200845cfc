public import Conversation
internal import Glibc
internal import Subprocess

/// Looks for the key of an engine: in a variable, in a file that nobody else can read, in the desktop's keyring.
///
/// The first source that has a key counts. Keys are kept nowhere.
public struct KeyFinder: Sendable {
    /// The variables of the environment.
    private let environment: [String: String]
    /// The program that asks the keyring, with what comes before its arguments.
    var secretTool = ["secret-tool"]
    /// How long the keyring may take: it may ask the person for its password.
    var patience = Duration.seconds(30)

    private static let longestKey = 16 * 1024

    /// Makes a finder.
    public init(environment: [String: String]) { self.environment = environment }

    /// Looks in some places, in their order.
    ///
    /// - Throws: `ReplyFailure` with kind `.unauthorized` when a file is there and cannot be used.
    public func find(_ sources: [KeySource]) async throws(ReplyFailure) -> FoundKey? {
        for source in sources {
            let value: String? =
                switch source {
                case .variable(let name): environment[name]
                case .file(let path): try read(path)
                case .keyring(let engine): await ask(for: engine)
                }
            guard let key = value?.trimmedKey, !key.isEmpty else { continue }
            return FoundKey(value: key, source: source)
        }
        return nil
    }

    // MARK: - Files

    private func read(_ path: String) throws(ReplyFailure) -> String? {
        let path = expanded(path)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw ReplyFailure(
                .unauthorized, "The key's file \(path) cannot be read (\(String(cString: strerror(errno)))).")
        }
        defer { close(descriptor) }
        // What is open is asked, so that nobody can put another file into its place meanwhile.
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            throw ReplyFailure(.unauthorized, "The key's file \(path) is no plain file.")
        }
        guard facts.st_mode & 0o077 == 0 else {
            throw ReplyFailure(
                .unauthorized, "Others can read the key's file \(path), so that it is not used; run: chmod 600 \(path)")
        }
        guard facts.st_uid == geteuid() else {
            throw ReplyFailure(
                .unauthorized, "The key's file \(path) belongs to somebody else, so that it is not used.")
        }
        var bytes = [UInt8](repeating: 0, count: Self.longestKey + 1)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        guard count >= 0, count <= Self.longestKey else {
            throw ReplyFailure(.unauthorized, "The key's file \(path) holds no key: it is too long, or cannot be read.")
        }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    private func expanded(_ path: String) -> String {
        guard path.hasPrefix("~/"), let home = environment["HOME"] else { return path }
        return home + path.dropFirst()
    }

    // MARK: - The keyring

    /// Asks the desktop's keyring; nil when it has no key, does not answer in time, or is not there.
    private func ask(for engine: String) async -> String? {
        guard let program = secretTool.first else { return nil }
        let arguments = secretTool.dropFirst() + ["lookup", "service", "scry", "engine", engine]
        return await withTaskGroup(of: String?.self) { group in
            group.addTask {
                var options = PlatformOptions()
                options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .milliseconds(500))]
                let result = try? await Subprocess.run(
                    .name(program), arguments: Arguments(Array(arguments)),
                    platformOptions: options, output: .string(limit: Self.longestKey), error: .discarded)
                guard let result, result.terminationStatus.isSuccess else { return nil }
                return result.standardOutput
            }
            group.addTask {
                try? await Task.sleep(for: patience)
                return nil
            }
            let first = await group.next() ?? nil
            // Ends the program, when it was the clock that was first.
            group.cancelAll()
            return first
        }
    }
}

extension String {
    /// Without white space at either end.
    fileprivate var trimmedKey: String {
        var text = self[...]
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
