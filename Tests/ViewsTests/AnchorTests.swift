import Cells
import Conversation
import FoundationEssentials
import Session
import TestSupport
import Testing
import Views

/// What the reader looks at stays where it is.
@Suite struct AnchorTests {
    /// Text of every kind, in which every word is another one.
    private static func words(_ random: inout SeededRandom, _ counter: inout Int) -> String {
        func word() -> String {
            counter += 1
            return "w\(counter)x"
        }
        func sentence(_ count: Int) -> String { (0..<count).map { _ in word() }.joined(separator: " ") }
        switch Int.random(in: 0..<7, using: &random) {
        case 0: return sentence(Int.random(in: 20..<60, using: &random)) + "\n\n"
        case 1: return "- \(sentence(12))\n- \(sentence(25))\n  - \(sentence(9))\n\n"
        case 2: return "```swift\n\(sentence(4))\n\(sentence(30))\n\n\(word())\n```\n\n"
        case 3: return "## \(sentence(14))\n\n"
        case 4: return "> \(sentence(30))\n\n"
        case 5: return "| \(word()) | \(word()) |\n|---|---|\n| \(word()) | \(word()) |\n| \(word()) | \(word()) |\n\n"
        default: return "\(sentence(7))\n\(sentence(8))\n\(sentence(9))\n\n"
        }
    }

    /// The first word on the screen.
    private static func firstWord(_ row: String) -> String? {
        var word = ""
        for character in row {
            if character == "w" {
                word = "w"
            } else if !word.isEmpty {
                if character.isNumber {
                    word.append(character)
                } else if character == "x", word.count > 1 {
                    return word + "x"
                } else {
                    word = ""
                }
            }
        }
        return nil
    }

    @Test("whatever streams, scrolls, folds and is resized, the line at the top stays in place", arguments: 0..<25)
    func place(_ seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        var counter = 0
        var session = session(80, 24)
        session.type("question<enter>")
        session.reply(.reasoning((0..<8).map { _ in Self.words(&random, &counter) }.joined()))
        session.reply(.answer((0..<20).map { _ in Self.words(&random, &counter) }.joined()))
        let widths = [80, 61, 43, 120, 97]
        for _ in 0..<60 {
            session.type(["<pageup>", "<shift-up>", "<shift-down>", "<pagedown>"].randomElement(using: &random) ?? "")
            guard session.state.scroll != .following, let word = Self.firstWord(session.rows()[0]) else { continue }
            guard case .anchored(_, let point) = session.state.scroll else { continue }
            let home = session.size
            let action = Int.random(in: 0..<4, using: &random)
            switch action {
            case 0: session.reply(.answer(Self.words(&random, &counter)))
            case 1:
                // What is read is not folded away.
                guard point.section == .words else { continue }
                session.type("<ctrl-o>")
            case 2: session.size.columns = widths.randomElement(using: &random) ?? 80
            default: session.size.rows = [12, 24, 40].randomElement(using: &random) ?? 24
            }
            let rows = session.rows()
            // Where the end of the chat is reached, the screen is full rather than half empty.
            let isAtEnd = !session.screen().contains("new line") && !session.screen().contains("lines · ")
            if isAtEnd {
                #expect(rows.contains { $0.contains(word) } || action == 2, "\(word) after \(action)")
            } else if action == 2 {
                // The same line of the source, which may begin a word or two earlier now.
                // Code is broken in the middle of words.
                let top = (rows[0] + rows[1]).filter { $0.isLetter || $0.isNumber }
                #expect(top.contains(word), "\(word) after \(action): \(rows.prefix(3))")
            } else {
                #expect(rows[0].contains(word), "\(word) after \(action): \(rows[0])")
            }
            if action == 2 {
                session.size = home
                #expect(isAtEnd || session.rows()[0].contains(word), "\(word) at its old width")
            }
        }
    }

    @Test("thoughts that are being read do not fold by themselves")
    func readThoughts() {
        var session = session(60, 14)
        session.type("think<enter>")
        session.reply(.reasoning((1...60).map { "thought \($0)\n\n" }.joined()))
        session.type("<pageup><pageup>")
        let row = session.rows()[1]
        session.reply(.answer("The answer."))
        #expect(session.rows()[1] == row)
        session.type("<ctrl-end>")
        #expect(session.screen().contains("▸ thought"))
    }
}
