/// A command line of which every part says why it is there.
public struct ExplainedCommand: Sendable, Equatable {
    /// A flag and its value, or a value alone.
    struct Part: Sendable, Equatable {
        var words: [String]
        /// Why; nil where it speaks for itself.
        var why: String?
    }

    /// What is good to know before it is run, a sentence each.
    public var notes: [String] = []
    /// Changes to the environment.
    var environment: [(name: String, value: String, why: String)] = []
    /// The program and what comes with it, as "vllm serve".
    var program: [String]
    var parts: [Part] = []

    init(_ program: String...) {
        self.program = program
    }

    mutating func add(_ words: String..., because why: String? = nil) {
        parts.append(Part(words: words, why: why))
    }

    /// The words to run.
    public var words: [String] { program + parts.flatMap(\.words) }

    /// The variables to run it with.
    public var variables: [String: String] {
        Dictionary(environment.map { ($0.name, $0.value) }) { $1 }
    }

    /// What a person can read, and paste into a shell: a comment a flag, then the command.
    public var text: String {
        var lines = notes.map { "# \($0)" }
        let reasons =
            environment.map { ("\($0.name)=\(Self.quoted($0.value))", $0.why) }
            + parts.compactMap { part in
                part.why.map { (part.words.map(Self.quoted).joined(separator: " "), $0) }
            }
        let width = min(48, reasons.map(\.0.count).max() ?? 0)
        for (words, why) in reasons {
            lines.append("# \(words)\(String(repeating: " ", count: max(0, width - words.count)))  \(why)")
        }
        var command = environment.map { "\($0.name)=\(Self.quoted($0.value)) " }.joined()
        command += program.map(Self.quoted).joined(separator: " ")
        for part in parts { command += " \\\n    " + part.words.map(Self.quoted).joined(separator: " ") }
        return (lines + [command]).joined(separator: "\n") + "\n"
    }

    /// A word as a POSIX shell has to see it.
    static func quoted(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: ","), UInt8(ascii: "+"):
                true
            default: false
            }
        }
        if isPlain && !word.isEmpty { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    /// Compares what would be run, and what is said of it.
    public static func == (one: ExplainedCommand, other: ExplainedCommand) -> Bool {
        one.text == other.text && one.words == other.words
    }
}
