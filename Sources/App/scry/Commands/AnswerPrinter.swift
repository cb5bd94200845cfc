import Conversation
import FoundationEssentials
import Synchronization
import Views

/// Prints an answer as it arrives: the answer to standard output, the reasoning to standard error, or JSON.
final class AnswerPrinter: Sendable {
    private let style: Style
    private let hidesReasoning: Bool
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
    }

    private struct Progress {
        var wroteReasoning = false
        var endsWithNewline = true
        var markdown: MarkdownPrinter?
    }

    init(command: AskCommand, theme: Theme) {
        hidesReasoning = command.hideReasoning
        if command.json {
            style = .json
        } else if command.jsonl {
            style = .jsonLines
        } else if Standard.outputIsTerminal && !command.raw {
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
        switch style {
        case .json: break
        case .jsonLines: printLine(delta)
        case .plain, .terminal: progress.withLock { printText(delta, &$0) }
        }
    }

    /// Ends the line, so that the shell's prompt begins on a new one.
    func end() {
        progress.withLock { progress in
            if let rest = progress.markdown?.finish() { Standard.output(rest) }
            progress.markdown = nil
            if !progress.endsWithNewline {
                Standard.output("\n")
                progress.endsWithNewline = true
            }
        }
    }

    // MARK: - Text

    private func printText(_ delta: ReplyDelta, _ progress: inout Progress) {
        switch delta {
        case .reasoning(let text) where !hidesReasoning:
            progress.wroteReasoning = true
            let safe = Standard.errorIsTerminal ? SafeOutput.text(text) : text
            Standard.error(Standard.errorIsTerminal ? "\u{1B}[2m\(safe)\u{1B}[22m" : safe)
        case .answer(let text):
            if progress.wroteReasoning {
                Standard.error("\n\n")
                progress.wroteReasoning = false
            }
            if progress.markdown != nil {
                if let ready = progress.markdown?.append(text) { Standard.output(ready) }
            } else {
                Standard.output(Standard.outputIsTerminal ? SafeOutput.text(text) : text)
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
        Standard.output(JSONText.line(line) + "\n")
    }

    /// Prints what only `--json` prints, and ends the output.
    ///
    /// Of a reply that failed or was cancelled, what came is printed; when nothing came, nothing is.
    func finish(_ end: AnswerStream.End, chat: String?, attachments: [Attachment], engine: FoundEngine) {
        let answer = end.answer
        let hasNothing = end.error != nil && answer.parts.isEmpty
        if case .jsonLines = style, end.error != nil, !hasNothing {
            printLine(.finished(end.reason))
        }
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
        Standard.output(JSONText.line(record) + "\n")
    }
}
