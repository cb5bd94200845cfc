import ArgumentParser
import EngineHost
import Glibc

/// `scry engine fetch`: models for the engine that Scry runs itself.
struct EngineFetchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch", abstract: "Lists the models that Scry's own engine can run, and fetches one.",
        discussion: """
            Nothing is fetched before its size and licence were agreed to. Ctrl-C keeps what came, and the next time goes \
            on there. HF_ENDPOINT names a mirror of the model hub.
            """)

    @Argument(help: ArgumentHelp("The model, or the beginning of its name.", valueName: "model"))
    var model: String?

    @Flag(help: "List the models (the default without one).")
    var list = false

    @Flag(name: .shortAndLong, help: "Agree to the size and the licence without being asked.")
    var yes = false

    func run() async throws {
        try await running {
            let services = try Services(saves: false)
            services.printWarnings()
            guard let model, !list else { return Standard.output(Self.listing(ModelStore(services.engineDirectories))) }
            let hasConsent = yes
            try await Deadline.run(seconds: nil) {
                try await CommandFailure.translating {
                    try await Self.fetch(model, hasConsent: hasConsent, services)
                }
            }
        }
    }

    // MARK: - Listing

    private static func listing(_ store: ModelStore) -> String {
        let free = Machine.measured(disk: store.directory)
        var lines: [String] = []
        for entry in store.entries {
            let state =
                if entry.isWhole {
                    "here"
                } else if entry.bytesHere > 0 {
                    "\(ByteCount.text(entry.bytesHere)) of it here"
                } else {
                    entry.memory <= free.freeMemory ? "fits this machine" : "too large for this machine now"
                }
            lines.append("\(entry.name)  (\(state))")
            lines.append("    \(entry.title), \(entry.sees ? "sees pictures" : "cannot see")")
            lines.append(
                "    \(ByteCount.text(entry.bytes)), licence \(entry.license), "
                    + "needs \(ByteCount.text(entry.memory)) of free memory")
        }
        lines.append(
            "This machine has \(ByteCount.text(free.freeMemory)) of memory and \(ByteCount.text(free.freeDisk)) of disk free."
        )
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: - Fetching

    private static func fetch(_ name: String, hasConsent: Bool, _ services: Services) async throws {
        let host = EngineHost(
            directories: services.engineDirectories, settings: services.engineHostSettings, logger: services.logger)
        let offer = try await host.offer(named: name)
        guard !offer.isWhole else {
            return Standard.output("\(offer.name) is here already.\n")
        }
        let rest = offer.bytesHere > 0 ? ", of which \(ByteCount.text(offer.bytesHere)) are here" : ""
        Standard.error(
            SafeOutput.text(
                """
                \(offer.title)
                  from     \(offer.url)
                  size     \(ByteCount.text(offer.bytes))\(rest)
                  licence  \(offer.license)
                  needs    \(ByteCount.text(offer.memory)) of free memory to run\n
                """))
        if Machine.measured(disk: services.places.models).freeMemory < offer.memory {
            Standard.error("This machine has less memory free than that: it will be slow, or not start.\n")
        }
        try host.checkRoom(for: offer)
        if !hasConsent { try await ask(offer) }
        let progress = ProgressLine()
        defer { progress.clear() }
        try await host.fetch(offer) { progress.show($0.step, fraction: $0.fraction) }
        progress.clear()
        Standard.output("\(offer.name) is here; run it with: scry engine start --model \(offer.name)\n")
    }

    private static func ask(_ offer: ModelOffer) async throws {
        guard Standard.inputIsTerminal, Standard.errorIsTerminal else {
            throw CommandFailure(
                .usage,
                "Nobody can be asked here: say --yes to fetch \(ByteCount.text(offer.bytes)) under \(offer.license).")
        }
        Standard.error("Fetch it? [y/N] ")
        let answer = try await typedLine().lowercased()
        guard answer == "y" || answer == "yes" else { throw CommandFailure(.cancelled, "Nothing was fetched.") }
    }

    /// What is typed until Enter; Ctrl-C, which cancels the task, ends the wait.
    private static func typedLine() async throws -> String {
        var line: [UInt8] = []
        while true {
            try Task.checkCancellation()
            var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            guard poll(&input, 1, 0) > 0 else {
                try await Task.sleep(for: .milliseconds(50))
                continue
            }
            var byte: UInt8 = 0
            guard read(STDIN_FILENO, &byte, 1) == 1, byte != 10 else { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
    }
}
