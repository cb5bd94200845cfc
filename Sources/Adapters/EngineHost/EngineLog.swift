import Foundation
import Glibc

/// The file that takes what an engine prints.
struct EngineLog: Sendable {
    var path: String

    /// Begins a new log, and keeps the one of the run before.
    func rotate() throws(EngineHostFailure) {
        if access(path, F_OK) == 0 { rename(path, path + ".1") }
        try PrivateFile.write([], to: path)
    }

    /// The line that most likely says why the engine ended: the last one that speaks of an error, else the last.
    var complaint: String? {
        let lines = lastLines
        let telling = lines.last { line in
            ["error", "failed", "cannot", "unable"].contains { line.lowercased().contains($0) }
        }
        return (telling ?? lines.last).map { String($0.prefix(300)) }
    }

    /// What the engine said last.
    var lastLine: String? { lastLines.last.map { String($0.prefix(300)) } }

    private var lastLines: [String] {
        guard let file = FileHandle(forReadingAtPath: path) else { return [] }
        defer { try? file.close() }
        let size = (try? file.seekToEnd()) ?? 0
        try? file.seek(toOffset: size > 16384 ? size - 16384 : 0)
        let text = String(decoding: (try? file.readToEnd()) ?? Data(), as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
    }
}
