import ArgumentParser
import FoundationEssentials

/// The command line as the argument parser knows it: the one table that the manual is made from.
struct HelpTable: Decodable {
    struct Command: Decodable {
        var commandName: String
        var abstract: String?
        var discussion: String?
        var shouldDisplay: Bool?
        var defaultSubcommand: String?
        var subcommands: [Command]?
        var arguments: [Argument]?
    }

    struct Argument: Decodable {
        struct Name: Decodable {
            var kind: String
            var name: String
        }
        var kind: String
        var shouldDisplay: Bool
        var sectionTitle: String?
        var isOptional: Bool
        var isRepeating: Bool
        var names: [Name]?
        var valueName: String?
        var defaultValue: String?
        var allValues: [String]?
        var abstract: String?
    }

    var command: Command

    /// The table of the program.
    static func load() throws -> HelpTable {
        try JSONDecoder().decode(HelpTable.self, from: Data(Scry._dumpHelp().utf8))
    }
}

extension HelpTable.Argument {
    /// "-e, --engine" or "words".
    var title: String {
        let names = (names ?? []).sorted { $0.kind == "short" && $1.kind != "short" }
        if names.isEmpty { return "<\(valueName ?? "value")>" }
        return names.map { ($0.kind == "long" ? "--" : "-") + $0.name }.joined(separator: ", ")
    }

    /// Whether a value follows the name.
    var takesValue: Bool { kind == "option" }

    /// Whether it is one of those that every command has.
    var isCommon: Bool { (names ?? []).contains { $0.name == "help" || $0.name == "version" } }
}
