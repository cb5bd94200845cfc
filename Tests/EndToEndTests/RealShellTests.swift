import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Completion and the widget in the shells that people have, typed into with Tab and Alt+Q.
    @Suite("Real shells", .timeLimit(.minutes(5)))
    struct RealShellTests {
        @Test(
            "Tab completes engines, models, chats, monitors, windows and prompts",
            arguments: RealShell.Kind.allCases.filter(\.isInstalled))
        func completion(_ kind: RealShell.Kind) async throws {
            let engine = try ScriptedEngine.replying(.reply(answer: "Hi."))
            defer { engine.stop() }
            let display = try XServer(width: 320, height: 240)
            defer { display.stop() }
            let program = try Program(
                engine: nil, display: display,
                configuration: "[engines.laboratory]\nurl = \"\(engine.url)\"\nkind = \"llama-server\"\n")
            let asked = try await program.run("ask", "-e", "laboratory", "--json", "hello")
            let chat = try #require(asked.json["chat"] as? String, "\(asked)")
            let displays = try await program.run("displays", "--json")
            let monitor = try #require(
                (displays.json["displays"] as? [[String: Any]])?.first?["name"] as? String, "\(displays)")

            let shell = try await RealShell(kind, program)
            defer { shell.close() }
            for (typed, word) in [
                ("ask -e labo", "laboratory"), ("ask -m ti", "tiny"),
                ("ask -C \(chat.prefix(4))", String(chat.prefix(8))),
                ("chats show \(chat.prefix(4))", String(chat.prefix(8))),
                ("ask --monitor \(monitor.prefix(2))", monitor),
                ("ask --window act", "active"), ("ask -p explain-e", "explain-error"), ("chats expo", "export"),
            ] {
                try await shell.type("scry " + typed)
                try await shell.press("Tab")
                let words = typed.split(separator: " ").dropLast().joined(separator: " ")
                try await shell.wait(for: "scry \(words) \(NSRegularExpression.escapedPattern(for: word))")
                // Away with the line, and with everything that stands there.
                try await shell.press("C-u", "C-l")
                try await shell.wait(without: word)
            }
        }

        @Test(
            "Alt+Q asks about what the terminal shows, and scry_ask_last about a command",
            arguments: RealShell.Kind.allCases.filter(\.isInstalled))
        func widget(_ kind: RealShell.Kind) async throws {
            let engine = try ScriptedEngine.replying(
                .reply(answer: "It ran dry."), .reply(answer: "Fill it up."), .reply(answer: "It kept its promise."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let shell = try await RealShell(kind, program)
            defer { shell.close() }
            try await shell.run("source \(Program.package)/Packaging/widget.\(kind.rawValue)")
            try await shell.run("echo pump error 17")
            try await shell.wait(for: "\npump error 17")
            try await shell.press("M-q")
            try await shell.wait(for: "It ran dry\\.")
            let seen = try #require(ChatCall.all(engine).first?.words)
            #expect(seen.contains("pump error 17") && seen.contains("error"), "\(seen)")

            try await shell.wait(for: "It ran dry\\.(.|\n)*% $")
            try await shell.type("what's \"next\"?")
            try await shell.press("M-q")
            try await shell.wait(for: "Fill it up\\.")
            #expect(ChatCall.all(engine).last?.words.hasSuffix("what's \"next\"?") == true)

            try await shell.wait(for: "Fill it up\\.(.|\n)*% $")
            try await shell.run("scry_ask_last sh -c 'echo kaput; exit 3'")
            try await shell.wait(for: "It kept its promise\\.(.|\n)*% $")
            let told = try #require(ChatCall.all(engine).last?.words)
            #expect(told.contains("kaput\n[exit status 3]"), "\(told)")
            try await shell.run(kind == .fish ? "echo status $status" : "echo status $?")
            try await shell.wait(for: "\nstatus 3")
        }
    }
}

/// A shell in a terminal of its own, with Scry's completion.
final class RealShell: Sendable {
    enum Kind: String, CaseIterable, CustomTestStringConvertible {
        case bash
        case zsh
        case fish

        var isInstalled: Bool { isProgramInstalled(rawValue) && isProgramInstalled("tmux") }
        var testDescription: String { rawValue }
    }

    private let socket: String

    init(_ kind: Kind, _ program: Program) async throws {
        let home = program.home
        socket = home + "/run/tmux-\(UInt32.random(in: 0 ..< .max))"
        try FileManager.default.createDirectory(atPath: home + "/bin", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: home + "/bin/scry", withDestinationPath: Program.path)
        let script = try await program.run("--generate-completion-script", kind.rawValue).output
        try script.write(toFile: home + "/bin/_scry", atomically: true, encoding: .utf8)
        try "set -g status off\nset -s escape-time 0\n".write(
            toFile: home + "/tmux.conf", atomically: true, encoding: .utf8)
        var environment = program.environment
        environment["PATH"] = home + "/bin:" + (environment["PATH"] ?? "/usr/bin:/bin")
        environment["TERM"] = "tmux-256color"
        let variables = environment.map { "\($0.key)=\($0.value)" }
        let shell =
            switch kind {
            case .bash: ["bash", "--norc", "--noprofile", "-i"]
            case .zsh: ["zsh", "-f", "-i"]
            case .fish: ["fish", "--no-config", "-i"]
            }
        // What tmux says of itself is all that comes from outside.
        let start = #"exec env -i TMUX="$TMUX" TMUX_PANE="$TMUX_PANE" "$@""#
        try await tmux(
            ["-f", home + "/tmux.conf", "new-session", "-d", "-x", "100", "-y", "30", "--", "sh", "-c", start, "sh"]
                + variables + shell)
        switch kind {
        case .bash:
            try await run("PS1='% '; source \(home)/bin/_scry; echo ready")
        case .zsh:
            try await run(
                "PS1='%% '; unsetopt prompt_cr prompt_sp; fpath=(\(home)/bin $fpath); autoload -Uz compinit; "
                    + "compinit -u -d \(home)/dump; echo ready")
        case .fish:
            try await run("function fish_prompt; echo '% '; end; source \(home)/bin/_scry; echo ready")
        }
        try await wait(for: "\nready")
        try await press("C-l")
        try await wait(without: "ready")
    }

    deinit { close() }

    func close() { _ = try? capture(["tmux", "-S", socket, "kill-server"]) }

    func type(_ text: String) async throws { try await tmux(["send-keys", "-l", "--", text]) }

    func press(_ keys: String...) async throws { try await tmux(["send-keys"] + keys) }

    /// Runs a line.
    func run(_ line: String) async throws {
        try await type(line)
        try await press("Enter")
    }

    func wait(for pattern: String, _ location: SourceLocation = #_sourceLocation) async throws {
        try await wait("\(pattern)", location) { try $0.contains(Regex(pattern)) }
    }

    func wait(without text: String, _ location: SourceLocation = #_sourceLocation) async throws {
        try await wait("no \(text)", location) { !$0.contains(text) }
    }

    private func wait(
        _ what: String, _ location: SourceLocation, _ isThere: (String) throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        var last = ""
        while ContinuousClock.now < deadline {
            // Blank lines below, and the blanks that a terminal fills its lines with, are nothing that a shell wrote.
            last = try await tmux(["capture-pane", "-p"])
            while last.hasSuffix("\n") { last.removeLast() }
            if try isThere("\n" + last + (last.hasSuffix("%") ? " " : "")) { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("\(what) did not come:\n\(last)", sourceLocation: location)
        throw Missing(description: what)
    }

    @discardableResult
    private func tmux(_ arguments: [String]) async throws -> String {
        let socket = socket
        return try await onThread { try capture(["tmux", "-u", "-S", socket] + arguments) }
    }
}
