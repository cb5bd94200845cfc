import Cells
import Conversation
import FoundationEssentials
import Session
import TestSupport
import Testing
import Views

@Suite struct OverlayTests {
    @Test("help lists every key and slash command")
    func help() {
        var session = session(80, 200)
        session.type("<f1>")
        let screen = session.screen()
        for command in Command.allCases {
            if !command.description.keys.isEmpty { #expect(screen.contains(session.keymap.label(for: command))) }
            #expect(screen.contains(command.description.help))
            if let slash = command.description.slash { #expect(screen.contains("/" + slash)) }
        }
        #expect(session.draw().cursor == nil)
        session.size = Size(columns: 60, rows: 12)
        expect(
            &session,
            shows: """
                ╭─ Keys ───────────────────────────────────────────────────╮
                │ Asking                                                   │
                │  Enter                      send; queued while an answer │
                │                             streams                      │
                │  Alt+Enter, Ctrl+J, Shift…  new line                     │
                │  Ctrl+T                     thinking mode on or off      │
                │  Ctrl+O                     fold or unfold the reasoning │
                │  Ctrl+G                     end the thinking and answer  │
                │                             now                          │
                │  Alt+C                      go on with an answer that    │
                ╰─ ↑ ↓ scroll · Esc closes ────────────────────────────────╯
                 vllm · GLM-4.5V · thinking on
                """)
        session.type("" + String(repeating: "<pagedown>", count: 24))
        #expect(session.rows()[9].contains("/quit"))
    }

    @Test("old chats are listed with date, title and number of messages")
    func chats() {
        var session = session(64, 12)
        session.type("<ctrl-r>")
        #expect(session.screen().contains("reading …"))
        session.feed(.chatsListed([]))
        #expect(session.screen().contains("no earlier chats"))
        session.feed(
            .chatsListed(
                (1...20).map { number in
                    ChatSummary(
                        id: "\(number)", title: number == 2 ? "" : "Chat number \(number)",
                        createdAt: Date(timeIntervalSince1970: 0),
                        updatedAt: Date(timeIntervalSince1970: 1_763_800_000 - Double(number) * 90_000),
                        messageCount: number)
                }))
        session.type("<down><down>")
        expect(
            &session,
            shows: """
                ╭─ Earlier chats ──────────────────────────────────────────────╮
                │ /                                     letters search in them │
                │   2025-11-21 07:26  Chat number 1                  1 message │
                │   2025-11-20 06:26  untitled                      2 messages │
                │ › 2025-11-19 05:26  Chat number 3                 3 messages │
                │   2025-11-18 04:26  Chat number 4                 4 messages │
                │   2025-11-17 03:26  Chat number 5                 5 messages │
                │   2025-11-16 02:26  Chat number 6                 6 messages │
                │   2025-11-15 01:26  Chat number 7                 7 messages │
                │   2025-11-14 00:26  Chat number 8                 8 messages │
                ╰─ Enter opens · Esc closes ───────────────────────────────────╯
                 vllm · GLM-4.5V · thinking on
                """)
        #expect(session.attributes(row: 4).contains("rrrr"))
    }
}
