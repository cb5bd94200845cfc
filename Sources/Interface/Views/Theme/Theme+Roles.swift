public import Cells

extension Theme {
    /// The parts of the screen by the names that theme files give them.
    ///
    /// The one table of roles: files are read, checked and documented with it.
    public static let roles: [(name: String, style: any WritableKeyPath<Theme, Style> & Sendable)] = [
        ("surface", \.surface),
        ("text", \.text),
        ("dim", \.dim),
        ("user-bar", \.userBar),
        ("user-text", \.userText),
        ("reasoning", \.reasoning),
        ("reasoning-heading", \.reasoningHeading),
        ("chip", \.chip),
        ("chip-pending", \.chipPending),
        ("recording", \.recording),
        ("scroll-chip", \.scrollChip),
        ("heading", \.heading),
        ("code", \.code),
        ("code-block", \.codeBlock),
        ("code-bar", \.codeBar),
        ("quote-bar", \.quoteBar),
        ("quote", \.quote),
        ("marker", \.marker),
        ("link", \.link),
        ("line", \.line),
        ("html", \.html),
        ("syntax-keyword", \.syntaxKeyword),
        ("syntax-string", \.syntaxString),
        ("syntax-comment", \.syntaxComment),
        ("syntax-number", \.syntaxNumber),
        ("syntax-type", \.syntaxType),
        ("syntax-function", \.syntaxFunction),
        ("syntax-name", \.syntaxName),
        ("syntax-meta", \.syntaxMeta),
        ("syntax-symbol", \.syntaxSymbol),
        ("syntax-added", \.syntaxAdded),
        ("syntax-removed", \.syntaxRemoved),
        ("notice", \.notice),
        ("problem", \.problem),
        ("progress", \.progress),
        ("composer", \.composer),
        ("prompt", \.prompt),
        ("separator", \.separator),
        ("status", \.status),
        ("status-strong", \.statusStrong),
        ("status-warning", \.statusWarning),
        ("frame", \.frame),
        ("title", \.title),
        ("key", \.key),
        ("selection", \.selection),
        ("chosen-bar", \.chosenBar),
        ("current-hit", \.currentHit),
        ("hit", \.hit),
    ]

    /// The role of a name.
    static func role(_ name: String) -> WritableKeyPath<Theme, Style>? { roles.first { $0.name == name }?.style }
}
