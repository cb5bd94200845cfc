import Conversation
import Exchange
import FoundationEssentials
import Synchronization
import Views

/// Prints an answer as it arrives: the answer to standard output, the reasoning to standard error, or JSON.
final class AnswerPrinter: Sendable {
    private let style: Style
    private let hidesReasoning: Bool
    private let isQuiet: Bool
    /// Where the answer goes; nil for standard output.
    private let path: String?
    private let part: Part
    private let progress: Mutex<Progress>

    /// How the answer is printed.
    enum Style: Sendable {
        /// As it came.
        case plain
        /// Markdown drawn for a terminal.
        case terminal
        /// One object at the end.
        case json
        /// One object an event.
        case jsonLines
        /// At the end, when it is known what of it is wanted.
        case late
    }

    /// What of the answer is printed.
    private enum Part {
        case whole
        case code
        case json
    }

    private struct Progress {
        var wroteReasoning = false
        /// Whether standard error is in the middle of a line of reasoning.
        var isInReasoning = false
        var endsWithNewline = true
        var markdown: MarkdownPrinter?
        /// What goes to the file.
        var written = ""
    }

    init(command: AskCommand, theme: Theme) {
        hidesReasoning = command.hideReasoning || command.quiet
        isQuiet = command.quiet
        path = command.output.flatMap { $0 == "-" ? nil : $0 }
        part = command.extract ? .code : command.schema == nil ? .whole : .json
        if command.json {
            style = .json
        } else if command.jsonl {
            style = .jsonLines
        } else if part != .whole {
            style = .late
        } else if Standard.outputIsTerminal && !command.raw && path == nil {
            style = .terminal
        } else {
            style = .plain
        }
        var progress = Progress()
        if case .terminal = style { progress.markdown = MarkdownPrinter(theme: theme) }
        self.progress = Mutex(progress)
    }

    /// Prints a piece of the reply.
    func print(_ delta: ReplyDelta) {
        if case .retrying(_, let pause, let reason) = delta {
            return note("\(reason); asking again in \(Int(pause.rounded(.up))) s")
        }
        switch style {
        case .json: break
        case .jsonLines: printLine(delta)
        case .plain, .terminal, .late: progress.withLock { printText(delta, &$0) }
        }
    }

    /// Ends the line, so that the shell's prompt begins on a new one.
    func end() {
        progress.withLock { progress in
            if let rest = progress.markdown?.finish() { Standard.output(rest) }
            progress.markdown = nil
            if !progress.endsWithNewline {
                write("\n", &progress)
                progress.endsWithNewline = true
            }
        }
    }

    /// Tells on standard error what happens to the answer, unless nothing but errors is wanted there.
    func note(_ sentence: String) {
        guard !isQuiet else { return }
        progress.withLock { progress in
            let start = progress.isInReasoning ? "\n" : ""
            progress.isInReasoning = false
            Standard.error("\(start)scry: \(SafeOutput.text(sentence))\n")
        }
    }

    /// Says that the answer was not as wanted and comes again.
    func retry() {
        if case .jsonLines = style { printLine(Line(event: "retry")) }
    }

    private func write(_ text: String, _ progress: inout Progress) {
        if path == nil { Standard.output(text) } else { progress.written += text }
    }

    // MARK: - Text

    private func printText(_ delta: ReplyDelta, _ progress: inout Progress) {
        switch delta {
        case .reasoning(let text) where !hidesReasoning:
            progress.wroteReasoning = true
            progress.isInReasoning = !text.hasSuffix("\n")
            let safe = Standard.errorIsTerminal ? SafeOutput.text(text) : text
            Standard.error(Standard.errorIsTerminal ? "\u{1B}[2m\(safe)\u{1B}[22m" : safe)
        case .answer(let text):
            if progress.wroteReasoning {
                Standard.error(progress.isInReasoning ? "\n\n" : "\n")
                progress.wroteReasoning = false
                progress.isInReasoning = false
            }
            if case .late = style { return }
            if progress.markdown != nil {
                if let ready = progress.markdown?.append(text) { Standard.output(ready) }
            } else {
                write(path == nil && Standard.outputIsTerminal ? SafeOutput.text(text) : text, &progress)
                progress.endsWithNewline = text.hasSuffix("\n")
            }
        default: break
        }
    }

    // MARK: - JSON

    private struct Line: Encodable {
        var event: String
        var text: String?
        var usage: UsageRecord?
        var finish_reason: String?
    }

    private func printLine(_ delta: ReplyDelta) {
        let line: Line
        switch delta {
        case .reasoning(let text): line = Line(event: "reasoning", text: text)
        case .answer(let text): line = Line(event: "answer", text: text)
        case .usage(let usage): line = Line(event: "usage", usage: UsageRecord(usage))
        case .finished(let reason): line = Line(event: "end", finish_reason: reason.name)
        case .prefill, .retrying, .model: return
        }
        printLine(line)
    }

    private func printLine(_ line: Line) { progress.withLock { write(JSONText.line(line) + "\n", &$0) } }

    /// Prints what can be told at the end only, and ends the output.
    ///
    /// Of a reply that failed or was cancelled, what came is printed; when nothing came, nothing is.
    ///
    /// - Throws: `ExchangeFailure` when the file cannot be written.
    func finish(_ end: AnswerStream.End, chat: String?, attachments: [Attachment], engine: FoundEngine) throws {
        finishOutput(end, chat: chat, attachments: attachments, engine: engine)
        let text = progress.withLock(\.written)
        guard let path, !text.isEmpty else { return }
        try NewFile.write(path, replaces: true) { file throws(ExchangeFailure) in try file.write(Array(text.utf8)) }
    }

    private func finishOutput(
        _ end: AnswerStream.End, chat: String?, attachments: [Attachment], engine: FoundEngine
    ) {
        let answer = end.answer
        let hasNothing = end.error != nil && answer.parts.isEmpty
        if case .jsonLines = style, end.error != nil || end.reason == .repetition, !hasNothing {
            printLine(.finished(end.reason))
        }
        // Half of a script is not what a shell behind the pipe should get.
        if case .late = style, end.error == nil, !end.isCut { printPart(of: answer.text) }
        guard case .json = style else { return self.end() }
        if hasNothing { return }
        let record = AnswerRecord(
            answer: answer.text, reasoning: answer.reasoning?.text ?? "", engine: engine.profile.name,
            model: answer.model ?? engine.model, finish_reason: end.reason.name,
            usage: answer.usage.map(UsageRecord.init),
            timing: AnswerRecord.Timing(
                first_token_ms: answer.timing?.firstToken.map { Int($0 * 1000) },
                total_ms: answer.timing?.total.map { Int($0 * 1000) }),
            attachments: attachments.flatMap(AnswerRecord.Medium.list), chat: chat)
        progress.withLock { write(JSONText.line(record) + "\n", &$0) }
    }

    private func printPart(of answer: String) {
        guard let text = part == .code ? CodeBlocks.first(in: answer) : JSONSchema.json(in: answer), !text.isEmpty
        else {
            return
        }
        progress.withLock { progress in
            write(path == nil && Standard.outputIsTerminal ? SafeOutput.text(text) : text, &progress)
            progress.endsWithNewline = text.hasSuffix("\n")
        }
    }
}
