/// What stands between the program and the terminal that is seen, as far as pictures are concerned.
enum Multiplexer {
    case none, tmux, screen

    /// The variables say it; where they got lost on the way, as through ssh, the terminal's type does.
    init(_ environment: [String: String]) {
        func has(_ name: String) -> Bool { !(environment[name] ?? "").isEmpty }
        let terminal = environment["TERM"] ?? ""
        if has("TMUX") || terminal.hasPrefix("tmux") {
            self = .tmux
        } else if has("STY") || terminal.hasPrefix("screen") {
            self = .screen
        } else {
            self = .none
        }
    }
}
