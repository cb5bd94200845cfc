import FoundationEssentials
import Glibc

/// Keeps an engine running after the command that started it has ended.
///
/// The keeper is a program of its own: the same one, in a session of its own. It owns the engine as a chat would, shares
/// that of a chat which came first, and then starts one when that ends.
public enum EngineKeeper {
    /// What a keeper tells the program that launched it, as a line of JSON.
    public struct Word: Sendable, Equatable, Codable {
        /// What is being done.
        public var step: String?
        /// How much of it is done, from 0 to 1.
        public var fraction: Double?
        /// Whether the engine answers.
        public var isReady: Bool?
        /// Why it does not.
        public var failure: String?
        /// Whether it does not because of the model that was asked for.
        public var isAboutModel: Bool?

        /// Reads a line.
        public init?(_ line: String) {
            guard let word = try? JSONDecoder().decode(Word.self, from: Data(line.utf8)) else { return nil }
            self = word
        }

        init() {}

        /// The line, without its end.
        public var line: String {
            (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
        }
    }

    /// Whether a keeper runs already.
    public static func isRunning(in directories: EngineDirectories) -> Bool {
        guard access(directories.keeperLock, F_OK) == 0 else { return false }
        guard let lock = try? FileLock.take(directories.keeperLock) else { return true }
        return withExtendedLifetime(lock) { false }
    }

    /// Keeps the host's engine running until it is stopped or given up, or until the task is cancelled.
    ///
    /// - Returns: The sentence that says how it ended; nil when the task was cancelled.
    public static func run(
        _ host: EngineHost, in directories: EngineDirectories, tell: @escaping @Sendable (Word) -> Void
    ) async throws(EngineHostFailure) -> String? {
        try PrivateFile.makeDirectory(directories.runtime)
        guard let lock = try FileLock.take(directories.keeperLock) else {
            throw EngineHostFailure(.startFailed, "Scry's own engine is kept running already; see scry engine status.")
        }
        defer { withExtendedLifetime(lock) {} }
        do {
            _ = try await host.start { progress in
                var word = Word()
                word.step = progress.step
                word.fraction = progress.fraction
                tell(word)
            }
        } catch {
            var word = Word()
            word.failure = error.message
            word.isAboutModel = error.kind == .modelMissing || error.kind == .unsuitable
            tell(word)
            throw error
        }
        var word = Word()
        word.isReady = true
        tell(word)
        var sentence: String?
        for await event in host.events {
            if case .died(let how) = event {
                sentence = how
                break
            }
        }
        await host.stop()
        return sentence
    }
}
