import Foundation

/// Runs one parser of foreign bytes under libFuzzer: `FuzzTool TARGET [libFuzzer's options] [corpus]…`.
///
/// `Scripts/fuzz` builds and runs it; nothing else does.
@main
enum FuzzTool {
    /// A parser: crashes when a promise of its own is broken.
    typealias Target = @Sendable ([UInt8]) -> Void

    /// The variable that names the target for programs that the fuzzer starts.
    private static let variable = "FUZZ_TARGET"

    // Written once, before the fuzzer runs, on the same thread.
    nonisolated(unsafe) static var target: Target = { _ in }

    static func main() {
        var arguments = CommandLine.arguments
        // libFuzzer starts the program anew to merge corpora, with its own arguments alone.
        if arguments.count > 1, targets[arguments[1]] != nil { setenv(variable, arguments.remove(at: 1), 1) }
        guard let name = getenv(variable), let chosen = targets[String(cString: name)] else {
            FileHandle.standardError.write(Data((targets.keys.sorted().joined(separator: "\n") + "\n").utf8))
            exit(64)
        }
        target = chosen
        var count = Int32(arguments.count)
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        let status = pointers.withUnsafeMutableBufferPointer { buffer -> Int32 in
            var start = buffer.baseAddress
            return withUnsafeMutablePointer(to: &start) { place in
                runFuzzer(&count, place) { bytes, size in
                    FuzzTool.target(Array(UnsafeBufferPointer(start: bytes, count: size)))
                    return 0
                }
            }
        }
        exit(status)
    }
}

/// libFuzzer's own entrance, for programs with a `main` of their own.
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32
