import EngineHost
import Glibc

/// `scry engine start` for the engine that Scry runs itself.
struct EngineKeeping: Sendable {
    let command: EngineStartCommand
    let services: Services

    func run() async throws {
        if command.print {
            return try await CommandFailure.translating { Standard.output(try host().explained().text) }
        }
        if command.detached { return try await keep(telling: true) }
        services.printWarnings()
        if command.foreground { return try await keep(telling: false) }
        try await Deadline.run(seconds: nil) { try await launch() }
    }

    private func host() -> EngineHost {
        var settings = services.engineHostSettings
        settings.wanted = command.model ?? services.configuration.model
        settings.projector = command.mmproj
        settings.contextLength = command.context
        settings.port = command.port
        settings.isKeeper = true
        return EngineHost(directories: services.engineDirectories, settings: settings, logger: services.logger)
    }

    // MARK: - The command that people type

    /// Launches the keeper, and waits until it says that the engine answers.
    private func launch() async throws {
        let directories = services.engineDirectories
        if EngineKeeper.isRunning(in: directories) {
            return try await refuseOther(Self.description(await EngineHost.status(in: directories), directories))
        }
        var arguments = ["engine", "start", "--detached"]
        if let model = command.model { arguments += ["--model", model] }
        if let projector = command.mmproj { arguments += ["--mmproj", projector] }
        if let context = command.context { arguments += ["--context", String(context)] }
        if let port = command.port { arguments += ["--port", String(port)] }
        let keeper = try await CommandFailure.translating { [arguments] in try DetachedProgram.again(arguments) }
        let progress = ProgressLine()
        defer { progress.clear() }
        let isReady = try await withTaskCancellationHandler {
            for await line in keeper.lines() {
                guard let word = EngineKeeper.Word(line) else { continue }
                if let step = word.step { progress.show(step, fraction: word.fraction) }
                if let failure = word.failure {
                    // Waited for: a keeper that is still going would be in the way of the next try.
                    throw CommandFailure(.noEngine, failure)
                }
                if word.isReady == true { return true }
            }
            return false
        } onCancel: {
            kill(keeper.processID, SIGTERM)
        }
        try Task.checkCancellation()
        guard isReady else {
            throw CommandFailure(
                .noEngine, "The program that keeps the engine running ended at once; see \(services.places.logFile).")
        }
        progress.clear()
        let status = await EngineHost.status(in: directories)
        Standard.output(Self.description(status, directories))
        Standard.output(
            "`scry` uses it where no other engine answers, `scry -e own` always; `scry engine stop` ends it.\n")
    }

    /// An engine that is kept running already will do, unless another model was asked for.
    private func refuseOther(_ description: String) async throws {
        guard command.model != nil else { return Standard.output(description) }
        // Sharing what runs starts nothing, and knows what a name means.
        let host = host()
        try await CommandFailure.translating { _ = try await host.start() }
        await host.stop()
        Standard.output(description)
    }

    private static func description(_ status: EngineStatus?, _ directories: EngineDirectories) -> String {
        EngineStatusCommand.text(status, keyFile: directories.keyFile)
    }

    // MARK: - The program that stays

    /// Keeps the engine running until it is stopped.
    private func keep(telling: Bool) async throws {
        // Whoever launched this may be gone before the first word.
        signal(SIGPIPE, SIG_IGN)
        if telling { _ = chdir("/") }
        let directories = services.engineDirectories
        let host = host()
        let progress = telling ? nil : ProgressLine()
        let isQuiet = telling
        let ended: String? = try await Interrupts.cancelling {
            try await CommandFailure.translating {
                try await withTaskCancellationHandler {
                    try await EngineKeeper.run(host, in: directories) { word in
                        if isQuiet { return Self.tell(word) }
                        if let step = word.step { progress?.show(step, fraction: word.fraction) }
                        guard word.isReady == true else { return }
                        progress?.clear()
                        Task {
                            Standard.output(Self.description(await EngineHost.status(in: directories), directories))
                            Standard.output("Ctrl-C ends it.\n")
                        }
                    }
                } onCancel: {
                    Task { await host.stop() }
                }
            }
        }
        progress?.clear()
        guard let ended, !EngineHost.wasStopped(in: directories) else { return }
        throw CommandFailure(.engineFailed, ended)
    }

    private static func tell(_ word: EngineKeeper.Word) {
        Standard.output(word.line + "\n")
        guard word.isReady == true else { return }
        // Nobody reads any more; what came later would fill the pipe, and stop the keeper.
        let nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC)
        if nowhere >= 0 {
            dup2(nowhere, STDOUT_FILENO)
            close(nowhere)
        }
    }
}
