import Conversation
import Dispatch
import Glibc
import History
import Session
import Views

/// The chat without a screen: lines come in, lines go out, and nothing that was printed is ever taken back.
///
/// For screen readers and for terminals that can only print; also over a pipe, where it ends when the input and the last
/// answer have ended.
@MainActor
final class PlainChat {
    private enum Input: Sendable {
        case line(String)
        case inputEnded
        case interrupted
        case session(SessionEvent)
        case secondPassed
        case checkpointDue
    }

    private(set) var state: SessionState
    private var teller: PlainTeller
    private let inbox = Inbox<Input>(framesPerSecond: 10)
    private let isTyped: Bool
    private var isPrompting = false
    private var isRunning = true
    private var hasInput = true
    private var waiting: [String] = []
    private var unfinished = ""
    /// Made when somebody asks for a theme.
    private lazy var looks = Looks(
        services, colorCount: 0,
        report: { [weak self] event in
            // At once: over a pipe, the last line may be the one that asks for a theme.
            MainActor.assumeIsolated { _ = self?.handle(event) }
        }, onChange: {})
    private let services: Services
    private let seconds = SecondsCounter()
    private let checkpoints = CheckpointTimer()

    /// Where effects report what happened.
    nonisolated let report: @Sendable (SessionEvent) -> Void

    init(_ state: SessionState, services: Services) {
        self.state = state
        self.services = services
        let media = services.media
        teller = PlainTeller(state) { media.path(of: $0) }
        isTyped = Standard.inputIsTerminal
        report = { [inbox] event in
            inbox.post(.session(event), event.isPiece ? .piece : .now)
        }
    }

    /// Runs until the person quits or the input has ended.
    func run(performing perform: @escaping @MainActor (SessionEffect, SessionState) -> Void) async {
        let signals = Interrupts.watch { [inbox] in inbox.post(.interrupted) }
        defer { signals.forEach { $0.cancel() } }
        readLines()
        Standard.output("Scry. Write a question and press Enter. /help lists the commands, /quit ends.\n")
        say()
        await inbox.serve { self.take($0, perform) }
    }

    /// Takes what came, and says what there is to say.
    ///
    /// - Returns: Whether the chat goes on.
    private func take(
        _ inputs: [Input], _ perform: @MainActor (SessionEffect, SessionState) -> Void
    ) -> Bool {
        for input in inputs { for effect in take(input) { carryOut(effect, perform) } }
        write(teller.lines(state))
        goOn(perform)
        say()
        guard isRunning else { return false }
        seconds.count(for: state) { [inbox] in inbox.post(.secondPassed) }
        checkpoints.wait(for: state) { [inbox] in inbox.post(.checkpointDue) }
        return true
    }

    private func carryOut(_ effect: SessionEffect, _ perform: @MainActor (SessionEffect, SessionState) -> Void) {
        switch effect {
        case .quit: isRunning = false
        case .listThemes:
            if case .themes = state.overlay {
                write(["There are no colours here; a theme is kept for chats that have a screen."])
            }
            looks.list()
        case .keepTheme(let name): looks.keep(name)
        default: break
        }
        perform(effect, state)
    }

    // MARK: - Input

    /// Reads lines on a thread of its own, since a descriptor that others share must not be made non-blocking.
    private func readLines() {
        let inbox = inbox
        let thread = DispatchQueue(label: "plain.input")
        thread.async { @Sendable in
            var bytes: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = read(STDIN_FILENO, &chunk, chunk.count)
                if count < 0, errno == EINTR || errno == EAGAIN { continue }
                guard count > 0 else { break }
                for byte in chunk[..<count] {
                    guard byte == 0x0A else {
                        bytes.append(byte)
                        continue
                    }
                    inbox.post(.line(String(decoding: bytes, as: UTF8.self)))
                    bytes.removeAll()
                }
            }
            if !bytes.isEmpty { inbox.post(.line(String(decoding: bytes, as: UTF8.self))) }
            inbox.post(.inputEnded)
        }
    }

    private func take(_ input: Input) -> [SessionEffect] {
        switch input {
        case .session(let event): return handle(event)
        case .secondPassed, .checkpointDue: return handle(.ticked)
        case .interrupted: return handle(.command(.interrupt))
        case .inputEnded:
            hasInput = false
            return []
        case .line(let line):
            isPrompting = false
            waiting.append(line.hasSuffix("\r") ? String(line.dropLast()) : line)
            return []
        }
    }

    /// Takes the lines that wait, one for each answer, and ends after the last one.
    private func goOn(_ perform: @MainActor (SessionEffect, SessionState) -> Void) {
        while !waiting.isEmpty, isTyped || isReady {
            let line = waiting.removeFirst()
            if !isTyped { write(["You: " + SafeOutput.line(line)]) }
            for effect in take(line: line) { carryOut(effect, perform) }
            write(teller.lines(state))
        }
        // A problem that no waiting mends ends it as well.
        if !hasInput, waiting.isEmpty, isReady || isHopeless { isRunning = false }
    }

    /// Whether nothing is under way that the next line had better wait for.
    private var isReady: Bool {
        guard case .ready = state.engine else { return isHopeless }
        let isWaiting = state.conversation.messages.contains { $0.outcome == .queued }
        return state.reply == nil && !isWaiting && state.pendingAttachments == 0 && !isListPending
    }

    private var isListPending: Bool { state.overlay != nil && PlainTeller.choices(state).isEmpty }

    private var isHopeless: Bool { if case .unavailable = state.engine { true } else { false } }

    private func take(line: String) -> [SessionEffect] {
        if case .offering = state.engine, ["y", "n"].contains(line.lowercased()) {
            return handle(.command(line.lowercased() == "y" ? .send : .cancel))
        }
        if state.overlay != nil { return choose(line) }
        // A backslash at the end goes on in the next line.
        if line.hasSuffix("\\"), !line.hasPrefix("/") {
            unfinished += line.dropLast() + "\n"
            return []
        }
        let words = unfinished + line
        unfinished = ""
        guard words.contains(where: { !$0.isWhitespace }) || !state.composer.attachments.isEmpty else { return [] }
        if let sentence = help(for: words) {
            write(sentence)
            return []
        }
        return handle(.typed(words)) + handle(.command(.send)) + tellFound()
    }

    /// Says where the words are that were looked for, and ends the search.
    private func tellFound() -> [SessionEffect] {
        guard state.find != nil else { return [] }
        write(PlainFinds.lines(state))
        return handle(.command(.cancel))
    }

    /// Chooses from the list that is open.
    private func choose(_ line: String) -> [SessionEffect] {
        let choices = PlainTeller.choices(state)
        guard let number = Int(line.filter { !$0.isWhitespace }), choices.indices.contains(number - 1) else {
            return line.allSatisfy(\.isWhitespace) ? handle(.command(.cancel)) : handle(.typed(line))
        }
        var effects: [SessionEffect] = []
        for _ in choices { effects += handle(.command(.moveUp)) }
        for _ in 0..<(number - 1) { effects += handle(.command(.moveDown)) }
        return effects + handle(.command(.send))
    }

    /// What is said of commands that need a screen, and of all of them.
    private func help(for words: String) -> [String]? {
        guard words.hasPrefix("/"), let name = words.dropFirst().split(separator: " ").first,
            let command = Command(slash: name)
        else { return nil }
        if command == .help {
            return Command.allCases.compactMap { command in
                guard let slash = command.description.slash, !Self.screenCommands.contains(command) else { return nil }
                let argument = command.description.argument.map { " " + $0 } ?? ""
                return "/\(slash)\(argument): \(command.description.help)."
            } + ["Ctrl+C stops an answer. A backslash at the end of a line goes on in the next one."]
        }
        return Self.screenCommands.contains(command) ? ["/\(name) needs a screen."] : nil
    }

    private static let screenCommands: Set<Command> = [.foldReasoning]

    private func handle(_ event: SessionEvent) -> [SessionEffect] { state.handle(event, at: .now) }

    // MARK: - Output

    private func say() {
        write(teller.lines(state))
        guard isTyped, isRunning, !isPrompting, state.reply == nil, hasInput else { return }
        guard state.overlay != nil || isReady || isOffering else { return }
        Standard.output(state.overlay == nil ? "You: " : "Number: ")
        isPrompting = true
    }

    private var isOffering: Bool { if case .offering = state.engine { true } else { false } }

    private func write(_ lines: [String]) {
        guard !lines.isEmpty else { return }
        // What comes while somebody types begins on a line of its own.
        Standard.output((isPrompting ? "\n" : "") + lines.joined(separator: "\n") + "\n")
        isPrompting = false
    }
}

extension PlainChat {
    /// Whether the chat has to do without a screen: because somebody asked for that, or because there is none.
    nonisolated static func isWanted(_ environment: [String: String]) -> Bool {
        let isAccessible = environment["ACCESSIBLE"].map { !$0.isEmpty && $0 != "0" } ?? false
        let terminal = environment["TERM"] ?? ""
        return isAccessible || terminal.isEmpty || terminal == "dumb"
    }
}
