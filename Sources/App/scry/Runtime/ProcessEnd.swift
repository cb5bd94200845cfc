import ArgumentParser
import Glibc

/// The end of the program.
enum ProcessEnd {
    /// Runs a command line to its end, and says what failed.
    static func afterRunning(_ root: any AsyncParsableCommand.Type) async -> Never {
        do {
            var command = try await root.asyncParseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            let status = root.exitCode(for: error)
            let text = root.fullMessage(for: error)
            // Help and the version are what was asked for.
            if !text.isEmpty && status.isSuccess { Standard.output(text + "\n") }
            if !text.isEmpty && !status.isSuccess { Standard.error(text + "\n") }
            leave(status.rawValue)
        }
        leave(ExitCode.success.rawValue)
    }

    /// Ends the program without the handlers and destructors of libraries, and with those of our terminal.
    ///
    /// Theirs put away what other threads are still using: libX11 (1.8) its locks, OpenSSL its tables. Threads that are
    /// closing a display or a connection crash then.
    private static func leave(_ status: Int32) -> Never {
        fflush(nil)
        quick_exit(status)
    }
}
