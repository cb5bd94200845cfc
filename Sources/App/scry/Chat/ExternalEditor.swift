import Cells
import Foundation
import Glibc

/// The person's own editor, for a text that is longer than a composer is comfortable for.
struct ExternalEditor: Sendable {
    /// Why what was written is as it was.
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    let environment: [String: String]

    /// The longest text that is taken back, in bytes.
    private static let limit = 8 << 20

    /// Lets the person edit a text; the terminal must be the editor's meanwhile.
    ///
    /// The file that it is in can be read by the person alone, and is gone afterwards with all that the editor has put
    /// beside it.
    ///
    /// - Throws: `Failure`.
    func edit(_ text: String) async throws -> String {
        guard let command else {
            throw Failure(description: "There is no editor: set VISUAL or EDITOR, as in EDITOR=nano.")
        }
        let folder = try makeFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = folder + "/message.md"
        let words = text.isEmpty || text.hasSuffix("\n") ? text : text + "\n"
        guard
            FileManager.default.createFile(
                atPath: file, contents: Data(words.utf8), attributes: [.posixPermissions: 0o600])
        else { throw Failure(description: "The text could not be written to \(folder); it stays here.") }
        let status = await Self.run(command, file, environment)
        guard status == 0 else {
            let what = status < 0 ? "could not be started" : "failed with \(status)"
            throw Failure(description: "Your editor (\(command)) \(what); what was written stays as it was.")
        }
        guard let size = (try? FileManager.default.attributesOfItem(atPath: file))?[.size] as? Int,
            let bytes = FileManager.default.contents(atPath: file)
        else { throw Failure(description: "The file is gone that the editor was given; what was written stays.") }
        guard size <= Self.limit else {
            throw Failure(description: "The text has become longer than \(Self.limit >> 20) MB; attach it as a file.")
        }
        var edited = SafeText.sanitized(String(decoding: bytes, as: UTF8.self))
        // Editors end the last line.
        if edited.hasSuffix("\n"), !text.hasSuffix("\n") { edited.removeLast() }
        return edited
    }

    private var command: String? {
        for name in ["VISUAL", "EDITOR"] {
            if let command = environment[name], !command.allSatisfy(\.isWhitespace) { return command }
        }
        return ["editor", "nano", "vim", "vi"].first { ChildProgram.path(of: $0, in: environment) != nil }
    }

    private func makeFolder() throws -> String {
        let places = ["XDG_RUNTIME_DIR", "TMPDIR"].compactMap { environment[$0] }.filter { !$0.isEmpty } + ["/tmp"]
        for place in places {
            var template = Array("\(place)/scry-edit-XXXXXX".utf8CString)
            if mkdtemp(&template) != nil { return String(decoding: template.dropLast().map(UInt8.init), as: UTF8.self) }
        }
        throw Failure(description: "There is no place for the editor's file: \(places[0]) cannot be written to.")
    }

    // MARK: - The child

    /// The editor's exit status; 127 or less than nought when it could not be started.
    private static func run(_ command: String, _ file: String, _ environment: [String: String]) async -> Int32 {
        await withCheckedContinuation { continuation in
            // A thread of its own: an editor may stay open for hours, and the pool has few threads.
            Thread.detachNewThread {
                continuation.resume(returning: Self.wait(for: Self.spawn(command, file, environment)))
            }
        }
    }

    private static func spawn(_ command: String, _ file: String, _ environment: [String: String]) -> pid_t? {
        // The shell takes "code --wait" apart, as it does for git.
        let words = ["/bin/sh", "-c", "exec " + command + " \"$@\"", command, file]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in arguments + variables { free(pointer) } }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // In our group, so that Ctrl+Z in the editor stops both; with signals as a shell would give them.
        var (all, none) = (sigset_t(), sigset_t())
        sigfillset(&all)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        var files = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&files)
        defer { posix_spawn_file_actions_destroy(&files) }
        posix_spawn_file_actions_adddup2(&files, 1, 2)
        var child: pid_t = 0
        return posix_spawn(&child, "/bin/sh", &files, &attributes, &arguments, &variables) == 0 ? child : nil
    }

    private static func wait(for child: pid_t?) -> Int32 {
        guard let child else { return -1 }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 { if errno != EINTR { return -1 } }
        // What WIFEXITED and WEXITSTATUS do, which Swift does not see.
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }
}
