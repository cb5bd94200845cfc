import FoundationEssentials
import Glibc
import Views

/// Finds themes by name: the person's own, the installed ones, and those inside the program, so that it needs none of them.
///
/// Reading never fails: what is wrong is reported, and the rest of the theme is used.
struct ThemeLibrary: Sendable {
    /// A theme that can be chosen.
    struct Entry: Sendable, Equatable {
        var name: String
        /// Its file; nil for one inside the program.
        var path: String?
        var about: String
        var ground: ThemeSheet.Ground
    }

    /// A theme ready for use.
    struct Loaded: Sendable {
        var name: String
        var theme: Theme
        var ground: ThemeSheet.Ground
        /// Every file that it was made of, or would be: a change of one of them changes it.
        var files: [String]
        var warnings: [ConfigurationWarning]
    }

    /// What the others are made of, which is no theme by itself.
    static let foundation = "base"

    /// The folders, the first ones first.
    let folders: [String]
    /// Reads the theme of a name inside the program.
    private let embedded: [String: [UInt8]]

    /// Looks at the places of the person, of the data directories, and beside the program.
    init(places: Places, environment: [String: String]) {
        let variable = environment["XDG_DATA_DIRS"].flatMap { $0.isEmpty ? nil : $0 } ?? "/usr/local/share:/usr/share"
        let shared = variable.split(separator: ":").map(String.init).filter { $0.hasPrefix("/") }
        var folders = [places.themes, places.data + "/themes"] + shared.map { $0 + "/scry/themes" }
        if let beside = Self.besideProgram { folders.append(beside) }
        var seen: Set<String> = []
        self.init(folders: folders.filter { seen.insert($0).inserted })
    }

    /// Looks into these folders, and then into the program.
    init(folders: [String], embedded: [String: [UInt8]] = EmbeddedThemes.all) {
        self.folders = folders
        self.embedded = embedded
    }

    /// `PREFIX/share/scry/themes`, where the program is `PREFIX/bin/scry`.
    private static var besideProgram: String? {
        guard let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else {
            return nil
        }
        let parts = program.split(separator: "/")
        guard parts.count >= 2, parts[parts.count - 2] == "bin" else { return nil }
        return "/" + (parts.dropLast(2) + ["share", "scry", "themes"]).joined(separator: "/")
    }

    // MARK: - Listing

    /// The themes that can be chosen, by name.
    func entries() -> [Entry] {
        var names = Set(embedded.keys)
        for folder in folders {
            let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            for file in files where file.hasSuffix(".toml") && !file.hasPrefix(".") {
                names.insert(String(file.dropLast(5)))
            }
        }
        return names.subtracting([Self.foundation]).filter(Self.isName).sorted().map { name in
            let chain = chain(of: name)
            let sheets = chain.links.map(\.file.sheet)
            return Entry(
                name: name, path: chain.links.first?.path, about: sheets.first?.about ?? "",
                ground: sheets.lazy.compactMap(\.ground).first ?? .any)
        }
    }

    /// Whether a theme of this name is anywhere.
    func has(_ name: String) -> Bool { name != Self.foundation && find(name, after: nil) != nil }

    /// The file of a theme, as it is; nil when there is none of this name.
    func text(of name: String) -> String? {
        find(name, after: nil).map { SafeOutput.text(String(decoding: $0.bytes, as: UTF8.self)) }
    }

    // MARK: - Loading

    /// Makes a theme; nil when there is none of this name.
    func load(_ name: String) -> Loaded? {
        let chain = chain(of: name)
        guard !chain.links.isEmpty else { return nil }
        var warnings = chain.links.flatMap(\.file.warnings) + chain.warnings
        for index in chain.links.indices {
            let link = chain.links[index]
            for unknown in Theme.unknownNames(in: chain.links[index...].map(\.file.sheet)) {
                warnings.append(
                    ConfigurationWarning(
                        source: link.source, line: link.file.line(of: unknown.role),
                        message:
                            "\"\(unknown.role)\" uses \"\(ConfigurationReader.printable(unknown.name))\", which no "
                            + "palette has; expected a name of [palette], or a colour as \"#7db4ff\"."))
            }
        }
        let sheets = chain.links.map(\.file.sheet)
        return Loaded(
            name: name, theme: Theme(sheets: sheets), ground: sheets.lazy.compactMap(\.ground).first ?? .any,
            files: chain.links.compactMap(\.path), warnings: warnings)
    }

    private struct Link {
        var name: String
        var path: String?
        var file: ThemeFile
        var source: String { path ?? "\(name).toml (built in)" }
    }

    /// A theme and what it inherits from, itself first.
    private func chain(of name: String) -> (links: [Link], warnings: [ConfigurationWarning]) {
        var links: [Link] = []
        var wanted: String? = name
        while let name = wanted {
            // A theme may carry on the one of its own name that lies in a later place.
            let earlier = links.last { $0.name == name }
            guard links.count < 16, earlier?.path != nil || earlier == nil, let found = find(name, after: earlier?.path)
            else {
                guard let child = links.last else { return ([], []) }
                let problem =
                    earlier == nil
                    ? "there is no theme \"\(ConfigurationReader.printable(name))\"" : "it inherits from itself"
                let warning = ConfigurationWarning(
                    source: child.source, line: nil,
                    message: "\(problem); expected the name of another theme after \"inherits\".")
                return (links, [warning])
            }
            let text = String(decoding: found.bytes, as: UTF8.self)
            let path = found.path
            links.append(
                Link(name: name, path: path, file: ThemeFile(text, source: path ?? "\(name).toml (built in)")))
            wanted = links[links.count - 1].file.inherits
        }
        return (links, [])
    }

    /// The first file of a name, or the first one after another; after all of them the one inside the program.
    private func find(_ name: String, after path: String?) -> (path: String?, bytes: [UInt8])? {
        guard Self.isName(name) else { return nil }
        var isPast = path == nil
        for folder in folders {
            let file = "\(folder)/\(name).toml"
            if isPast, let data = FileManager.default.contents(atPath: file) { return (file, [UInt8](data)) }
            if file == path { isPast = true }
        }
        return embedded[name].map { (nil, $0) }
    }

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 64 && !name.hasPrefix(".")
            && name.unicodeScalars.allSatisfy { $0 != "/" && $0.value >= 0x20 && $0.value != 0x7F }
    }
}
