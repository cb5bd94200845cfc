import Testing

@testable import scry

/// What the doctor says of the clipboard, by session and by what is installed.
@Suite struct ClipboardSurveyTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var environment: [String: String]
        var programs: Set<String>
        /// Pasting, text, pictures: a plus or minus for well or not, and words of the sentence.
        var expected: [String]

        var testDescription: String { "\(environment.keys.sorted()) with \(programs.sorted())" }
    }

    static let cases = [
        Case(
            environment: ["DISPLAY": ":0"], programs: [],
            expected: ["+from the X server", "+install xclip", "+as long as the chat runs"]),
        Case(
            environment: ["DISPLAY": ":0"], programs: ["xsel", "wl-copy", "wl-paste"],
            expected: ["+from the X server", "+copied by xsel", "+as long as the chat runs"]),
        Case(
            environment: ["WAYLAND_DISPLAY": "wayland-0"], programs: ["wl-copy", "wl-paste"],
            expected: ["+wl-paste", "+copied by wl-copy", "+copied by wl-copy"]),
        Case(
            environment: ["WAYLAND_DISPLAY": "wayland-0"], programs: [],
            expected: ["-apt install wl-clipboard", "+install wl-clipboard", "-apt install wl-clipboard"]),
        Case(
            environment: ["WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":1"], programs: ["xclip"],
            expected: ["-only what X11 programs copied", "+copied by xclip", "-wl-copy is missing"]),
        Case(
            environment: [:], programs: ["xclip", "wl-copy", "wl-paste"],
            expected: ["-Ctrl+Shift+V", "+OSC 52, 100 kB at most; over ssh", "-inside a graphical session"]),
        Case(
            environment: ["TMUX": "/tmp/x,1,0", "DISPLAY": ""], programs: [],
            expected: ["-Ctrl+Shift+V", "+set -g set-clipboard on", "-inside a graphical session"]),
    ]

    @Test("says what works and what helps", arguments: cases)
    func findings(example: Case) {
        let findings = ClipboardSurvey(example.environment, isInstalled: example.programs.contains).findings

        #expect(findings.count == example.expected.count)
        for ((part, finding), expected) in zip(findings, example.expected) {
            #expect(finding.isWell == expected.hasPrefix("+"), "\(part): \(finding.sentence)")
            #expect(finding.sentence.contains(expected.dropFirst()), "\(part): \(finding.sentence)")
        }
    }
}
