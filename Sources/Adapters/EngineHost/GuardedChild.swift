import Glibc
import Subprocess

/// Runs a command that ends when Scry does, however Scry ends.
///
/// A small shell script stands between the two. It reads a pipe whose other end only Scry has; when Scry is gone, even by
/// SIGKILL, the pipe ends and the script ends the command. (`PR_SET_PDEATHSIG` would not do: it watches the thread that
/// started the child, and threads of a pool come and go.) Script and command are a process group, so that Ctrl-C in Scry's
/// terminal does not reach them and that nothing of them is left behind.
enum GuardedChild {
    /// Where the command's output goes.
    enum Output: Sendable {
        /// To the end of a file.
        case file(String)
        /// To the caller, line by line; standard error is mixed in.
        case lines(@Sendable (String) -> Void)
    }

    /// Runs a command to its end; cancelling the task sends SIGTERM, and SIGKILL three seconds later.
    ///
    /// - Parameters:
    ///   - command: The program, as a path or a name on `PATH`, and its arguments.
    ///   - environment: Changes to this process's environment; nil removes a variable.
    ///   - started: Takes the command's process identifier.
    /// - Returns: The exit status as a shell sees it: 128 and the signal's number for a command that a signal ended.
    static func run(
        _ command: [String], environment: [String: String?] = [:], output: Output,
        started: @escaping @Sendable (Int32) -> Void = { _ in }
    ) async throws(EngineHostFailure) -> Int32 {
        let log: String = if case .file(let path) = output { path } else { "-" }
        var options = PlatformOptions()
        options.processGroupID = 0
        options.teardownSequence = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(3))]
        do {
            let result = try await Subprocess.run(
                .name("sh"), arguments: Arguments(["-c", script, "scry-guard", log] + command),
                environment: .inherit.updating(
                    Dictionary(uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0), $1) })),
                platformOptions: options, input: .inputWriter, output: .sequence, error: .discarded
            ) { execution in
                var isFirst = true
                for try await line in execution.standardOutput.strings() {
                    if isFirst {
                        isFirst = false
                        if let process = Int32(line.trimmingNewline) { started(process) }
                    } else if case .lines(let take) = output {
                        take(line.trimmingNewline)
                    }
                }
            }
            // What ignored the polite signal, or was left behind by a script that was itself killed.
            kill(-result.processIdentifier.value, SIGKILL)
            return switch result.terminationStatus {
            case .exited(let code): code
            case .signaled(let signal): 128 + signal
            }
        } catch is CancellationError {
            throw .stopped
        } catch {
            throw EngineHostFailure(.startFailed, "\(command.first ?? "A program") could not be run: \(error).")
        }
    }

    /// Arguments: where output goes ("-" is the caller), then the command.
    ///
    /// The command's process says its own number, so that this is the first line whatever the command prints.
    static let script = """
        log=$1; shift; umask 077
        exec 3<&0 </dev/null
        if [ "$log" = - ]; then
            sh -c 'echo $$; exec "$@" 2>&1' sh "$@" 3<&- &
        else
            sh -c 'log=$1; shift; echo $$; exec "$@" >>"$log" 2>&1' sh "$log" "$@" 3<&- &
        fi
        child=$!
        (
            while read -r _; do :; done <&3
            kill -TERM "$child"; sleep 3; kill -KILL "$child"
        ) >/dev/null 2>&1 &
        watch=$!
        trap 'kill -TERM "$child" 2>/dev/null' TERM INT HUP
        while wait "$child"; status=$?; kill -0 "$child" 2>/dev/null; do :; done
        kill "$watch" 2>/dev/null
        exit "$status"
        """
}

extension String {
    fileprivate var trimmingNewline: String {
        var line = self[...]
        while let last = line.last, last.isNewline { line.removeLast() }
        return String(line)
    }
}
