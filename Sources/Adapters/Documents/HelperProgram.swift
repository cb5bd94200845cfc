import Subprocess

/// A program of somebody else that reads foreign files: it gets so much memory and time, and no more.
struct HelperProgram: Sendable {
    /// What it is called.
    var name: String
    /// The package that has it, as people install it.
    var package: String
    /// What it is needed for, as the subject of a sentence: "A PDF".
    var purpose: String
    /// The most memory that it may ask for, in bytes.
    var memory = 2 << 30
    /// The most processor time that it may use, in seconds.
    var seconds = 60
    /// How long it may take, however busy the machine is, in seconds; nil for four times the processor time.
    var patience: Int?
    /// Whether it gets only the processor time that nothing else wants; it may take long then.
    var isIdle = false

    /// Runs it and returns what it printed; the environment is ours, with what is given here changed.
    ///
    /// - Parameter input: What it gets on its standard input.
    /// - Throws: `DocumentFailure` when it is missing, fails, or prints more than `limit` bytes.
    func run(
        _ arguments: [String], limit: Int, environment: [Environment.Key: String?] = [:], input: [UInt8] = []
    ) async throws(DocumentFailure) -> [UInt8] {
        // prlimit belongs to every Linux system; where it is not, the program runs without bounds of its own.
        let bounds = ["--as=\(memory)", "--cpu=\(seconds)", "--core=0", name]
        do {
            // nice belongs to every system, too.
            guard isIdle else { return try await run("prlimit", bounds + arguments, limit, environment, input) }
            return try await run("nice", ["-n", "19", "prlimit"] + bounds + arguments, limit, environment, input)
        } catch let error as SubprocessError where error.code == .executableNotFound {
            do {
                return try await run(name, arguments, limit, environment, input)
            } catch let error as SubprocessError where error.code == .executableNotFound {
                throw missing
            } catch {
                throw failure(of: error)
            }
        } catch {
            throw failure(of: error)
        }
    }

    private func run(
        _ program: String, _ arguments: [String], _ limit: Int, _ environment: [Environment.Key: String?],
        _ input: [UInt8]
    ) async throws -> [UInt8] {
        let patience = Duration.seconds((patience ?? 4 * seconds) * (isIdle ? 5 : 1))
        return try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
            group.addTask { try await output(of: program, arguments, limit, environment, input) }
            group.addTask {
                try await Task.sleep(for: patience)
                return nil
            }
            // Ends the program with all that it started, or the clock.
            defer { group.cancelAll() }
            guard let output = try await group.next() ?? nil else { throw stopped }
            return output
        }
    }

    private func output(
        of program: String, _ arguments: [String], _ limit: Int, _ environment: [Environment.Key: String?],
        _ input: [UInt8]
    ) async throws -> [UInt8] {
        var options = PlatformOptions()
        // Some start others that do the work; in a group of their own they end together.
        options.processGroupID = 0
        options.teardownSequence = [
            .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: .milliseconds(300))
        ]
        let result = try await Subprocess.run(
            .name(program), arguments: Arguments(arguments), environment: .inherit.updating(environment),
            platformOptions: options, input: .array(input), output: .bytes(limit: limit),
            error: .string(limit: 1 << 16))
        if result.terminationStatus.isSuccess { return result.standardOutput }
        if case .signaled = result.terminationStatus { throw stopped }
        // What prlimit says when it finds no such program.
        if case .exited(127) = result.terminationStatus { throw missing }
        throw Complaint(text: result.standardError, status: "\(result.terminationStatus)")
    }

    /// What the program said when it failed.
    struct Complaint: Error {
        var text: String
        var status: String
        var lastLine: String {
            text.split(whereSeparator: \.isNewline).last.map(String.init) ?? "it ended with \(status)"
        }
    }

    private var stopped: Complaint {
        Complaint(text: "\(name) was stopped, it took too long or too much memory.", status: "")
    }

    private var missing: DocumentFailure {
        DocumentFailure(
            .toolMissing, "\(purpose) is read by \(name), which is not installed; install \(package).")
    }

    private func failure(of error: any Error) -> DocumentFailure {
        switch error {
        case let failure as DocumentFailure: failure
        case let complaint as Complaint: DocumentFailure(.toolFailed, complaint.lastLine)
        default: DocumentFailure(.toolFailed, "\(name) could not be run: \(error).")
        }
    }
}
