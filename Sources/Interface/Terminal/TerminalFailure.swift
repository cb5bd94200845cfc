public import Cells

/// Why a terminal cannot be used.
public enum TerminalFailure: Error, Hashable, CustomStringConvertible {
    /// Standard input or output leads elsewhere.
    case notATerminal
    /// TERM is not set, or says that nothing but text can be shown.
    case dumb(name: String)
    /// No description of the terminal is installed.
    case unknown(name: String)
    /// No locale with UTF-8 is installed.
    case noUnicode
    /// There is not even room for a prompt.
    case tooSmall(Size)
    /// The system refused; `code` is an `errno`.
    case system(doing: String, code: Int32)

    /// A sentence for people.
    public var description: String {
        switch self {
        case .notATerminal:
            "The chat needs a terminal, but input or output is redirected; use `scry ask` in scripts and pipes."
        case .dumb(let name):
            name.isEmpty
                ? "The chat cannot tell which terminal this is, because TERM is not set; set it, for example to xterm-256color."
                : "The chat cannot draw on a terminal of type “\(name)”; use `scry ask`, or another terminal."
        case .unknown(let name):
            "The terminal type “\(name)” is not known here; install its terminfo entry or set TERM to xterm-256color."
        case .noUnicode:
            "The terminal cannot be used because no UTF-8 locale is installed; set LC_ALL to C.UTF-8."
        case .tooSmall(let size):
            "The terminal has only \(size.columns)×\(size.rows) cells; make its window larger."
        case .system(let action, let code):
            "The terminal cannot be used because \(action) failed (error \(code)); start again in another terminal."
        }
    }
}
