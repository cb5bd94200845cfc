import Cells
import Testing

@testable import Terminal

@Suite @MainActor struct RecordingTerminalTests {
    @Test("keeps screens and plays events in order")
    func plays() async {
        let terminal = RecordingTerminal(size: Size(columns: 20, rows: 5))
        terminal.type("hé")
        terminal.press(.enter, .alt)
        terminal.resize(to: Size(columns: 30, rows: 6))
        terminal.show(Screen(size: terminal.size))
        terminal.suspend()
        terminal.resume()
        terminal.close()

        var events: [TerminalEvent] = []
        for await event in terminal.events { events.append(event) }

        #expect(
            events == [
                .key(Key("h")), .key(Key("é")), .key(Key(.enter, .alt)), .resized(Size(columns: 30, rows: 6)),
            ])
        #expect(terminal.screen?.grid.size == Size(columns: 30, rows: 6))
        #expect(terminal.calls == [.suspend, .resume, .close])
    }
}
