import Foundation

/// The small terminal that a hotkey opens.
struct PopupTerminal: Sendable {
    let settings: Configuration.Popup
    let environment: [String: String]

    /// The command that runs a program in it.
    ///
    /// - Throws: `CommandFailure` when there is no terminal.
    func command(running program: [String]) throws -> [String] {
        if let own = settings.terminal, !own.isEmpty {
            let words = own.split(separator: " ").map(String.init)
            guard let name = words.first, let path = path(of: name) else {
                throw CommandFailure(.usage, "[popup] terminal: \(own) is not installed.")
            }
            return [path] + words.dropFirst() + program
        }
        let wanted = [environment["TERMINAL"] ?? "", "x-terminal-emulator"] + Self.known.map(\.name)
        for name in wanted where !name.isEmpty {
            guard let path = path(of: name) else { continue }
            // Debian's name for the terminal is a link; some programs behind it are wrapped.
            let real = URL(filePath: path).resolvingSymlinksInPath().lastPathComponent
            let plain = real.hasSuffix(".wrapper") ? String(real.dropLast(8)) : real
            // These are xterm with a locale of their own.
            let base = ["lxterm", "uxterm", "koi8rxterm"].contains(plain) ? "xterm" : plain
            if let terminal = Self.known.first(where: { $0.name == base }) {
                return [path.hasSuffix(".wrapper") || real == base ? (self.path(of: base) ?? path) : path]
                    + terminal.options(settings) + program
            }
            if name == environment["TERMINAL"] || name == "x-terminal-emulator" { return [path, "-e"] + program }
        }
        throw CommandFailure(
            .usage, "No terminal was found to ask in; name one: [popup] terminal = \"xterm -e\", or set TERMINAL.")
    }

    private func path(of name: String) -> String? {
        name.hasPrefix("/")
            ? access(name, X_OK) == 0 ? name : nil : ChildProgram.path(of: name, in: environment)
    }

    private typealias Terminal = (name: String, options: @Sendable (Configuration.Popup) -> [String])

    /// How each says class, size, and what to run.
    private static let known: [Terminal] = [
        (
            "kitty",
            {
                [
                    "--class", $0.className, "-o", "remember_window_size=no", "-o",
                    "initial_window_width=\($0.columns)c", "-o", "initial_window_height=\($0.rows)c",
                ]
            }
        ),
        (
            "alacritty",
            {
                [
                    "--class", $0.className, "-o", "window.dimensions.columns=\($0.columns)", "-o",
                    "window.dimensions.lines=\($0.rows)", "-e",
                ]
            }
        ),
        ("foot", { ["--app-id=\($0.className)", "--window-size-chars=\($0.columns)x\($0.rows)"] }),
        ("wezterm", { ["start", "--class", $0.className, "--"] }),
        ("ghostty", { ["--class=\($0.className)", "-e"] }),
        ("gnome-terminal", { ["--geometry=\($0.columns)x\($0.rows)", "--"] }),
        ("ptyxis", { _ in ["--new-window", "--"] }),
        ("konsole", { _ in ["-e"] }),
        ("xfce4-terminal", { ["--role=\($0.className)", "--geometry=\($0.columns)x\($0.rows)", "-x"] }),
        ("urxvt", { ["-name", $0.className, "-geometry", "\($0.columns)x\($0.rows)", "-e"] }),
        ("st", { ["-c", $0.className, "-g", "\($0.columns)x\($0.rows)", "-e"] }),
        ("xterm", { ["-class", $0.className, "-geometry", "\($0.columns)x\($0.rows)", "-e"] }),
    ]
}
