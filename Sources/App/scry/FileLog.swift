import FoundationEssentials
import Glibc
import Logging
import Synchronization

/// Writes the log to a file that only its owner may read; never to the screen.
///
/// The file is opened with the first line, so that a run that says nothing touches nothing.
struct FileLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level
    private let file: LogFile

    /// A logger that writes to the file; SCRY_LOG sets the level ("debug", "info", …).
    static func logger(at path: String, making makeDirectory: @escaping @Sendable () -> Void) -> Logger {
        let level = ProcessInfo.processInfo.environment["SCRY_LOG"].flatMap(Logger.Level.init(rawValue:)) ?? .notice
        let file = LogFile(path: path, makeDirectory: makeDirectory)
        return Logger(label: "scry") { _ in FileLog(logLevel: level, file: file) }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        let fields = all.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        let line = "\(Date().formatted(.iso8601)) \(event.level) \(event.source): \(event.message)\(fields)\n"
        file.append(line.replacing("\u{1B}", with: "␛"))
    }
}

/// The file behind a log: appended to by one write a line, started anew when it has grown to four megabytes.
private final class LogFile: Sendable {
    private static let limit = 4 << 20

    private let path: String
    private let makeDirectory: @Sendable () -> Void
    private let descriptor = Mutex<Int32>(-1)

    init(path: String, makeDirectory: @escaping @Sendable () -> Void) {
        self.path = path
        self.makeDirectory = makeDirectory
    }

    deinit { descriptor.withLock { if $0 >= 0 { close($0) } } }

    func append(_ line: String) {
        descriptor.withLock { descriptor in
            if descriptor < 0 {
                makeDirectory()
                descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
                var status = stat()
                if descriptor >= 0, fstat(descriptor, &status) == 0, status.st_size > Self.limit {
                    ftruncate(descriptor, 0)
                }
            }
            guard descriptor >= 0 else { return }
            var line = line
            line.withUTF8 { _ = write(descriptor, $0.baseAddress, $0.count) }
        }
    }
}
