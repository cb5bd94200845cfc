import Cells
import CNcurses
import Glibc

/// Asks the terminal what it can do with pictures, for a program that does not draw on it.
public enum PictureProbe {
    /// What `CursesTerminal` would find out; waits half a second at most, and gives the terminal back as it was.
    ///
    /// - Parameter usesColor: As for `CursesTerminal.open`.
    /// - Returns: nil where standard input or output is no terminal.
    public static func ability(
        setting: PictureSetting, usesColor: Bool, environment: [String: String]
    ) -> PictureAbility? {
        guard isatty(0) == 1, isatty(1) == 1 else { return nil }
        let name = environment["TERM"] ?? ""
        let isAsked = !name.isEmpty && name != "dumb" && !name.hasPrefix("linux") && setting != .none
        var answers = GraphicsAnswers()
        if isAsked { answers = ask(environment) }
        return PictureAbility(
            setting: setting, answers: answers, isOver: true, cell: PixelSize(cellOf: 1),
            colors: usesColor ? colors(of: name) : 0, environment: environment)
    }

    private static func colors(of name: String) -> Int {
        var status: Int32 = 0
        guard setupterm(name, 1, &status) != ERR else { return 0 }
        return Int(max(0, tigetnum("colors")))
    }

    private static func ask(_ environment: [String: String]) -> GraphicsAnswers {
        var old = termios()
        guard tcgetattr(0, &old) == 0 else { return GraphicsAnswers() }
        var raw = old
        cfmakeraw(&raw)
        guard tcsetattr(0, TCSADRAIN, &raw) == 0 else { return GraphicsAnswers() }
        // What is still under way is not to end up in the shell.
        defer { tcsetattr(0, TCSAFLUSH, &old) }
        TerminalModes.write(Array(GraphicsAnswers.query(environment: environment).utf8), to: 1)
        var decoder = KeyDecoder()
        let end = ContinuousClock.now + .milliseconds(500)
        let isTmux = Multiplexer(environment) == .tmux
        var buffer = [UInt8](repeating: 0, count: 1_024)
        while !decoder.graphics.isComplete || (isTmux && !decoder.graphics.hasPlaceholders) {
            let left = (end - ContinuousClock.now) / .milliseconds(1)
            var wait = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
            guard left >= 1, poll(&wait, 1, Int32(left)) > 0 else { break }
            let count = read(0, &buffer, buffer.count)
            guard count > 0 else { break }
            _ = decoder.feed(buffer[..<count])
        }
        return decoder.graphics
    }
}
