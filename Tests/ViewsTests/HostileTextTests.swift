import Cells
import Conversation
import FoundationEssentials
import Session
import TestSupport
import Testing
import Views

@Suite struct HostileTextTests {
    private static let attack =
        "\u{1B}[2J\u{1B}]0;owned\u{7}\u{9B}31m \u{202E}evil\u{2066}x\u{2069} \u{0}\u{8}\u{7F}\u{85}\u{2028} \u{FEFF}"
        + "\u{E0041} &#27;[1m &#x202E;flip\u{AD} \r\n\u{1B}P q\u{1B}\\ [a\u{1B}[31m](http://e.org/\u{1B}[0m)"

    private func isClean(_ screen: Screen) -> Bool {
        screen.grid.cells.allSatisfy { cell in
            cell.grapheme.unicodeScalars.allSatisfy { scalar in
                scalar.properties.generalCategory != .control && SafeText.isHarmless(scalar)
            }
        }
    }

    @Test("no control character of anybody reaches a cell")
    func controls() {
        let evil = Self.attack
        var session = session(80, 30)
        session.feed(
            .engineChanged(
                .ready(
                    EngineProfile(
                        name: evil, kind: .vllm, url: "http://127.0.0.1/",
                        models: [ModelProfile(id: evil)]), model: evil)))
        session.feed(.attached(.screenshot(evil)))
        session.feed(.pasted(evil))
        #expect(isClean(session.draw()))
        session.type("<enter>")
        session.feed(.noticed(Notice(.problem, evil)))
        session.reply(
            .reasoning(evil), .answer(evil + "\n\n```\(evil)\n\(evil)\n```\n\n|\(evil)|b|\n|-|-|\n|\(evil)|\(evil)|\n"))
        #expect(isClean(session.draw()))
        session.type("<ctrl-o>")
        #expect(isClean(session.draw()))
        session.feed(.replyFailed(turn: session.state.reply?.turn ?? 0, ReplyFailure(.engineError, evil)))
        #expect(isClean(session.draw()))
        session.feed(.engineChanged(.preparing(step: evil, fraction: 0.5)))
        #expect(isClean(session.draw()))
        session.feed(
            .engineChanged(
                .offering(EngineOffer(name: evil, byteCount: -1, licence: evil, alternative: evil))))
        #expect(isClean(session.draw()))
        session.type("<ctrl-r>")
        let date = Date(timeIntervalSince1970: .greatestFiniteMagnitude)
        session.feed(
            .chatsListed([ChatSummary(id: "1", title: evil, createdAt: date, updatedAt: date, messageCount: -5)]))
        let screen = session.draw()
        #expect(isClean(screen))
        #expect(screen.title?.unicodeScalars.allSatisfy(SafeText.isHarmless) == true)
    }

    @Test("a line of two megabytes is drawn, and growing costs little")
    func longLine() {
        var session = session(80, 24)
        session.type("x<enter>")
        session.reply(.answer(String(repeating: "0123456789", count: 200_000)))
        _ = session.draw()
        let growing = ThreadTime.least(of: 20) {
            session.reply(.answer("more "))
            _ = session.draw()
        }
        print("a line of 2 MB: a token costs \(growing) s")
        #expect(growing < 1)
        // What is the same for ever is said to be so, below it.
        #expect(session.rows().contains { $0.hasSuffix("more") })
    }

    @Test("random bytes are drawn", arguments: 0..<20)
    func randomScalars(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var text = String.UnicodeScalarView()
        for _ in 0..<3_000 {
            let limit: UInt32 = Bool.random(using: &random) ? 0x80 : Bool.random(using: &random) ? 0x3000 : 0x10FFFF
            if let scalar = Unicode.Scalar(UInt32.random(in: 0...limit, using: &random)) { text.append(scalar) }
        }
        var session = session(70, 30)
        session.feed(.pasted(String(text)))
        #expect(isClean(session.draw()))
        session.type("<enter>")
        session.reply(.reasoning(String(text)), .answer(String(text)))
        #expect(isClean(session.draw()))
    }
}
