import Cells
import Foundation
import Testing

@testable import Terminal

@Suite struct DirectColorTests {
    @Test("a terminal that says so has a kind for it, but not within screen")
    func names() {
        func name(_ terminal: String, _ variables: [String: String]) -> String? {
            DirectColor.name(for: terminal, environment: variables.merging(["TERM": terminal]) { $1 })
        }
        for word in ["truecolor", "24bit", "TrueColor"] {
            #expect(name("xterm-256color", ["COLORTERM": word]) == "xterm-direct")
            #expect(name("foot", ["COLORTERM": word]) == "foot-direct")
            #expect(name("xterm-direct", ["COLORTERM": word]) == "xterm-direct")
            #expect(name("tmux-256color", ["COLORTERM": word, "TMUX": "x"]) == "tmux-direct")
            #expect(name("screen-256color", ["COLORTERM": word]) == nil)
            #expect(name("xterm-256color", ["COLORTERM": word, "STY": "1.x"]) == nil)
        }
        for variables in [[:], ["COLORTERM": ""], ["COLORTERM": "yes"], ["COLORTERM": "256"]] {
            #expect(name("xterm-256color", variables) == nil)
        }
    }
}
