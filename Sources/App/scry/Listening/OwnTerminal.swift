import Foundation

/// The terminal in which this program runs.
enum OwnTerminal {
    /// Where it is, for whoever looks for its window.
    static func place(_ environment: [String: String]) -> ChatDoor.Answer {
        // Within tmux the variables are of the terminal in which its server was started, long ago perhaps.
        if let tmux = environment["TMUX"], !tmux.isEmpty {
            return ChatDoor.Answer(window: nil, process: tmuxClient(environment) ?? getpid())
        }
        return ChatDoor.Answer(window: environment["WINDOWID"].flatMap { UInt64($0) }, process: getpid())
    }

    private static func tmuxClient(_ environment: [String: String]) -> Int32? {
        guard let tmux = ChildProgram.path(of: "tmux", in: environment) else { return nil }
        let words = [tmux, "display-message", "-p"] + (environment["TMUX_PANE"].map { ["-t", $0] } ?? [])
        guard let output = try? ChildProgram.read(words + ["#{client_pid}"], environment, limit: 100) else {
            return nil
        }
        return Int32(String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
    }
}
