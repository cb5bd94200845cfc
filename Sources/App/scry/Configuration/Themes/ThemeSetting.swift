import FoundationEssentials
import Glibc

/// Writes the chosen theme into config.toml, and leaves everything else there as it is.
enum ThemeSetting {
    /// Replaces the line of the setting, or puts it at the top.
    ///
    /// - Throws: What keeps the file from being written.
    static func write(_ name: String, to path: String, making makeFolder: () throws -> Void) throws {
        try makeFolder()
        // A link to a file elsewhere stays one.
        let target = URL(filePath: path).resolvingSymlinksInPath().path
        let old = FileManager.default.contents(atPath: target).map { String(decoding: $0, as: UTF8.self) } ?? ""
        let new = changed(old, to: name)
        guard new != old else { return }
        // Beside it first, so that a full disk leaves the old file whole.
        let temporary = target + ".new"
        try OwnFile.write(Array(new.utf8), to: temporary)
        let attributes = try? FileManager.default.attributesOfItem(atPath: target)
        if let mode = attributes?[.posixPermissions] {
            try? FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: temporary)
        }
        guard rename(temporary, target) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(temporary)
            throw CommandFailure(.usage, "\(path) cannot be written (\(reason)).")
        }
    }

    /// The text with another theme in it.
    static func changed(_ text: String, to name: String) -> String {
        let setting = "theme = \(TOMLText.string(name))"
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if let line = TOMLLines(text).line(of: ["theme"]), lines.indices.contains(line - 1) {
            let comment = comment(of: lines[line - 1])
            lines[line - 1] = setting + (comment.isEmpty ? "" : "  " + comment)
            return lines.joined(separator: "\n")
        }
        return setting + "\n" + text
    }

    /// What stands behind the value of a line that is a text in quotes.
    private static func comment(of line: String) -> String {
        var quote: Character?
        for index in line.indices {
            let character = line[index]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character == "#" {
                return String(line[index...])
            }
        }
        return ""
    }
}
