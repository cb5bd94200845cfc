import Cells
import Conversation
import Session

/// The line about what the keys do now, when they do something else than writing a question.
struct ModeLine {
    /// The line.
    let text: StyledText
    /// The column of the cursor, where something is typed into the line.
    let cursor: Int?

    /// Says what there is to say; nil while a question is written.
    init?(_ state: SessionState, width: Int, context: ViewContext) {
        let theme = context.theme
        if let find = state.find, find.isTyping || state.reading == nil {
            (text, cursor) = Self.find(find, width: width, context)
        } else if let reading = state.reading {
            text = Self.hints(Self.reading(reading, state, context), width: width, theme)
            cursor = nil
        } else if let editing = state.editing {
            var words = StyledText(
                editing.isCorrection ? "✎ correcting the answer" : "✎ asking in other words", style: theme.notice)
            let verbs = editing.isCorrection ? "keeps it" : "sends it as a new branch"
            let rest = Self.hints(
                [([.send], verbs), ([.cancel], "leaves it as it was")], width: width - words.columns - 3, theme, context
            )
            words.append(" · ", style: theme.dim)
            words.append(rest)
            (text, cursor) = (words, nil)
        } else {
            return nil
        }
    }

    // MARK: - Finding

    private static func find(_ find: Find, width: Int, _ context: ViewContext) -> (StyledText, Int?) {
        let theme = context.theme
        var count = ""
        if !find.query.isEmpty {
            count = find.hits.isEmpty ? "not found" : "\(find.current + 1) of \(find.hits.count)"
        }
        // The end of what is typed is what is being written.
        var query = SafeText.singleLine(find.query)[...]
        while DisplayWidth.columns(of: String(query)) > max(4, width - 24) { query.removeFirst() }
        var text = StyledText("find: ", style: theme.prompt)
        text.append(String(query), style: theme.composer)
        let cursor = text.columns
        text.append("   " + count, style: find.hits.isEmpty ? theme.problem : theme.notice)
        text.append(count.isEmpty ? "" : "   ", style: theme.dim)
        text.append(
            hints(
                [([.send], "next"), ([.newLine], "before"), ([.cancel], "closes"), ([.read], "reads there")],
                width: width - text.columns, theme, context))
        return (text, cursor)
    }

    // MARK: - Reading

    private typealias Hint = (keys: [Command], verb: String)

    private static func reading(_ reading: Reading, _ state: SessionState, _ context: ViewContext) -> [(String, String)]
    {
        let message = state.conversation.messages.first { $0.id == reading.message }
        var hints: [Hint]
        if reading.asksToDelete {
            hints = [([.copyMessage], "deletes"), ([.cancel], "keeps it")]
        } else if reading.selection != nil {
            hints = [
                ([.nextMessage, .previousMessage], "lines"), ([.copyMessage], "copies"), ([.cancel], "lets go"),
            ]
        } else {
            hints = [([.nextMessage, .previousMessage], "message"), ([.copyMessage], "copy"), ([.read], "back")]
            if state.find != nil { hints.append(([.findNext, .findPrevious], "found")) }
            if message.map({ state.variants[$0.id] != nil }) == true {
                hints.append(([.previousVariant, .nextVariant], "version"))
            }
            if message?.role == .assistant {
                hints += [
                    ([.copyCode], "code"), ([.selectLines], "lines"), ([.regenerate], "again"),
                    ([.markGood, .markBad], "mark"), ([.editMessage], "correct"), ([.foldHere], "reasoning"),
                ]
            } else {
                hints += [([.editMessage], "edit"), ([.selectLines], "lines"), ([.regenerate], "ask again")]
            }
            hints += [
                ([.deleteMessage], "delete"), ([.halfPageDown, .halfPageUp], "half page"),
                ([.firstMessage, .lastMessage], "ends"),
            ]
        }
        return labels(hints, context)
    }

    private static func labels(_ hints: [Hint], _ context: ViewContext) -> [(String, String)] {
        hints.compactMap { keys, verb in
            let labels = keys.map { context.keymap.label(for: $0) }.filter { !$0.isEmpty }
            return labels.isEmpty ? nil : (labels.joined(separator: " "), verb)
        }
    }

    private static func hints(_ hints: [Hint], width: Int, _ theme: Theme, _ context: ViewContext) -> StyledText {
        Self.hints(labels(hints, context), width: width, theme)
    }

    /// As many hints as there is room for, the first ones first.
    private static func hints(_ hints: [(String, String)], width: Int, _ theme: Theme) -> StyledText {
        var text = StyledText()
        for (key, verb) in hints {
            var next = text
            if !text.isEmpty { next.append(" · ", style: theme.dim) }
            next.append(key, style: theme.key)
            next.append(" " + verb, style: theme.dim)
            guard next.columns <= width else { break }
            text = next
        }
        return text
    }
}

extension Editing {
    fileprivate var isCorrection: Bool { if case .correction = self { true } else { false } }
}
