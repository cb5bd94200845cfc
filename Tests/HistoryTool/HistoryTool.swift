import FoundationEssentials
import Glibc

/// A program that does with a history what the chat does, for tests that kill it and for benchmarks.
///
///     HistoryTool write DIRECTORY SEED       types, streams, captures and exports until it is killed
///     HistoryTool make DIRECTORY MESSAGES PICTURES SEED
///     HistoryTool measure DIRECTORY
///     HistoryTool check DIRECTORY            says what is wrong, and each message on a line
@main
struct HistoryTool {
    static func main() async throws {
        var arguments = CommandLine.arguments.dropFirst()
        let command = arguments.popFirst()
        guard let directory = arguments.popFirst() else { return usage() }
        let numbers = arguments.compactMap { Int($0) }
        switch (command, numbers.count) {
        case ("write", 1): try await Writing(directory: directory, seed: UInt64(numbers[0])).run()
        case ("make", 3):
            try await Corpus(messages: numbers[0], pictures: numbers[1], seed: UInt64(numbers[2])).make(in: directory)
        case ("check", 0): try await Checking(directory: directory).run()
        case ("measure", 0): try await Measuring(directory: directory).run()
        default: usage()
        }
    }

    static func usage() {
        let words = Array(
            "usage: HistoryTool write DIR SEED | make DIR MESSAGES PICTURES SEED | measure DIR | check DIR\n".utf8)
        _ = words.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
        exit(2)
    }
}
