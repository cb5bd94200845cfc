import Conversation
import EngineClient
import FoundationEssentials
import Glibc
import Session

/// A chat without a terminal, for the benchmarks: asks an engine through the client, gives every delta to the session, and
/// says on one line of JSON what that cost.
///
///     SessionTool URL MODEL        URL of an engine whose tokens may be stamps ("@" and nanoseconds of the monotonic clock)
@main
struct SessionTool {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3 else {
            say("usage: SessionTool URL MODEL", on: STDERR_FILENO)
            exit(2)
        }
        let model = ModelProfile(id: arguments[2], contextLength: 65_536)
        let profile = EngineProfile(name: "bench", kind: .vllm, url: arguments[1], models: [model])
        var chat = HeadlessChat(profile: profile, model: arguments[2])
        let figures = try await chat.run(asking: "go")
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        say(String(decoding: try encoder.encode(figures), as: UTF8.self), on: STDOUT_FILENO)
    }

    /// Writes a line, all of it.
    private static func say(_ line: String, on descriptor: Int32) {
        var rest = Array((line + "\n").utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
