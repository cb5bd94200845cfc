import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("The end of the program", .timeLimit(.minutes(2)))
    struct EndTests {
        /// libX11 frees its locks then, and crashes threads that are still using a display.
        @Test(
            "no library is put away while threads may use it, and what was printed is whole",
            arguments: ["scry --version | cat", "scry --help", "scry --nonsense", "scry hotkeys", "scry ask hello"])
        func libraries(_ line: String) async throws {
            let display = try XServer(width: 320, height: 240)
            defer { display.stop() }
            let program = try Program(display: display)
            let line = line.replacingOccurrences(of: "scry ", with: "\"$scry\" ")
            let plain = try await program.shell("set -o pipefail; \(line)")
            let traced = try await program.shell(
                "export LD_DEBUG=files LD_DEBUG_OUTPUT=\"$HOME/trace\"; set -o pipefail; \(line)")
            #expect(traced.status == plain.status && traced.output == plain.output)
            #expect(!(plain.output + plain.error).isEmpty)
            let trace = try await program.shell("grep -h 'calling.*libX11' \"$HOME\"/trace.*")
            #expect(trace.output.contains("calling init"))
            #expect(!trace.output.contains("calling fini"), "\(trace.output)")
        }
    }
}
