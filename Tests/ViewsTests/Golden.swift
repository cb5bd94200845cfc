import Cells
import Conversation
import Session
import TestSupport
import Testing

/// Compares the screen with what it should be; trailing blanks do not count.
func expect(
    _ session: inout ScriptedSession, shows expected: String, sourceLocation: SourceLocation = #_sourceLocation
) {
    let got = session.screen()
    #expect(got == expected, "got:\n\(got)\nexpected:\n\(expected)", sourceLocation: sourceLocation)
}

func session(_ columns: Int, _ rows: Int, engine: EngineProfile? = .seeing) -> ScriptedSession {
    var session = ScriptedSession(size: Size(columns: columns, rows: rows))
    if let engine { session.find(engine) }
    return session
}
