/// Finds the kind of a terminal that takes red, green and blue as they are, where the terminal says that it does.
enum DirectColor {
    /// The name under which terminfo describes such a terminal, if it describes it; nil where 256 colours are all there is.
    static func name(for terminal: String, environment: [String: String]) -> String? {
        let word = environment["COLORTERM"]?.lowercased()
        // What was true of the terminal around it is not true of screen, which takes such colours for something else.
        guard word == "truecolor" || word == "24bit", Multiplexer(environment) != .screen else { return nil }
        let suffixes = ["-256color", "-direct"]
        let family = suffixes.first { terminal.hasSuffix($0) }.map { String(terminal.dropLast($0.count)) } ?? terminal
        return family + "-direct"
    }
}
