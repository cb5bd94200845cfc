/// Something in the configuration that could not be used: where it is, what is wrong, and what was expected.
struct ConfigurationWarning: Sendable, Equatable, CustomStringConvertible {
    /// The file, or the name of the variable.
    var source: String
    /// The line of the file; nil where it is not known, or where there is none.
    var line: Int?
    /// What is wrong and what was expected, as a sentence.
    var message: String

    /// As "config.toml:3: …", the form that editors can jump to.
    var description: String { "\(source)\(line.map { ":\($0)" } ?? ""): \(message)" }
}
