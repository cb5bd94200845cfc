import Conversation

extension Message {
    /// The same message under another name.
    func named(_ name: String) -> Message {
        Message(
            id: name, role: role, parts: parts, createdAt: createdAt, outcome: outcome, engine: engine, model: model,
            usage: usage, timing: timing, mark: mark)
    }

    /// Adds the parts of a later piece of the same answer.
    mutating func join(_ parts: [Part]) {
        for part in parts {
            if case .text(let text) = part, let last = self.parts.indices.last, case .text(let whole) = self.parts[last]
            {
                self.parts[last] = .text(whole + "\n\n" + text)
            } else {
                self.parts.append(part)
            }
        }
    }
}

extension Lossy {
    init(_ value: Value) { self.value = value }
}

extension String {
    /// Its first line, at most 200 characters, as for a title.
    var firstLine: String {
        String((split(whereSeparator: \.isNewline).first ?? "").prefix(200))
    }
}
