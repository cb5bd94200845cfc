import Conversation
import Desktop
import FoundationEssentials
import Glibc
import Media
import Session
import TOMLKit
import Terminal

extension Configuration {
    /// Reads the file, if there is one, and the variables that override it.
    ///
    /// - Returns: What is set, with the defaults for the rest, and what could not be used.
    static func load(
        path: String, environment: [String: String]
    ) -> (configuration: Configuration, warnings: [ConfigurationWarning]) {
        guard access(path, F_OK) == 0 else { return parse("", source: path, environment: environment) }
        guard let data = FileManager.default.contents(atPath: path) else {
            var result = parse("", source: path, environment: environment)
            result.warnings.append(
                ConfigurationWarning(
                    source: path, line: nil, message: "the file cannot be read; the defaults are used."))
            return result
        }
        return parse(String(decoding: data, as: UTF8.self), source: path, environment: environment)
    }

    /// Reads the text of a file and the variables that override it.
    static func parse(
        _ text: String, source: String, environment: [String: String]
    ) -> (configuration: Configuration, warnings: [ConfigurationWarning]) {
        let text = normalized(text)
        let document = TOMLDocument(text)
        var reader = ConfigurationReader(source: source, text: text, faults: document.faults)
        var configuration = Configuration()
        configuration.read(document.root, &reader)
        var warnings = reader.warnings
        configuration.override(with: environment, &warnings)
        return (configuration, warnings)
    }

    /// The text as the parser can read it.
    static func normalized(_ text: String) -> String {
        // The parser takes a NUL for the end of the text, and Swift CRLF for one character that is no "\n".
        var text = text.replacing("\0", with: "\u{FFFD}").replacing("\r\n", with: "\n")
        // Editors of other systems leave a byte order mark in front.
        if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
        return text
    }

    // MARK: - The file

    private mutating func read(_ root: TOMLTable, _ reader: inout ConfigurationReader) {
        reader.checkNames(
            in: root, at: [],
            known: [
                "engine", "thinking", "thinking_budget", "thinking_seconds", "stop_repetition", "fold_paste", "theme",
                "theme_dark", "theme_light", "pictures", "engines", "terminal", "capture", "hotkeys", "popup", "keys",
                "documents", "privacy",
            ])
        reader.bool("thinking", in: root, at: [], into: &thinking)
        reader.limit("thinking_budget", in: root, at: [], upTo: 1_000_000, into: &thinkingBudget)
        reader.limit("thinking_seconds", in: root, at: [], upTo: 86_400, into: &thinkingSeconds)
        reader.bool("stop_repetition", in: root, at: [], into: &stopsRepetition)
        reader.limit("fold_paste", in: root, at: [], upTo: 100_000, into: &foldedPasteLines)
        theme = reader.string("theme", in: root, at: [], expected: "\"auto\" or the name of a theme") ?? theme
        let expectedTheme = "the name of a theme; `scry themes` lists them"
        darkTheme = reader.string("theme_dark", in: root, at: [], expected: expectedTheme) ?? darkTheme
        lightTheme = reader.string("theme_light", in: root, at: [], expected: expectedTheme) ?? lightTheme
        pictures = reader.word("pictures", in: root, at: [], as: PictureSetting.self) ?? pictures
        if let table = reader.table("engines", in: root, at: []) { readEngines(table, &reader) }
        if let table = reader.table("terminal", in: root, at: []) { readTerminal(table, &reader) }
        if let table = reader.table("capture", in: root, at: []) { readCapture(table, &reader) }
        if let table = reader.table("hotkeys", in: root, at: []) { readHotkeys(table, &reader) }
        if let table = reader.table("popup", in: root, at: []) { readPopup(table, &reader) }
        if let table = reader.table("keys", in: root, at: []) { readKeys(table, &reader) }
        if let table = reader.table("documents", in: root, at: []) { readDocuments(table, &reader) }
        if let table = reader.table("privacy", in: root, at: []) { readPrivacy(table, &reader) }

        let expected = "\"auto\", \"own\", a URL, or the name of a table [engines.NAME]"
        guard let name = reader.string("engine", in: root, at: [], expected: expected) else { return }
        if let choice = choice(for: name) {
            engine = choice
        } else {
            reader.warn(["engine"], "is \"\(ConfigurationReader.printable(name))\"", expected: expected)
        }
    }

    private mutating func readEngines(_ engines: TOMLTable, _ reader: inout ConfigurationReader) {
        for name in engines.keys.sorted() {
            guard let table = reader.table(name, in: engines, at: ["engines"]) else { continue }
            let path = ["engines", name]
            reader.checkNames(in: table, at: path, known: ConfigurationSetting.engine.map(\.name))
            let model = reader.string("model", in: table, at: path, expected: "the name of a model")
            let kind = reader.word("kind", in: table, at: path, as: EngineProfile.Kind.self)
            let variable = readKeyVariable(table, path, &reader)
            let keyFile = readFile(
                "api_key_file", "the file of the key, as \"~/.config/lab.key\"", table, path, &reader)
            var asksKeyring = false
            reader.bool("api_key_keyring", in: table, at: path, into: &asksKeyring)
            let authorities = "the file of a certificate (PEM), as \"/etc/ssl/lab.pem\""
            let certificateFile = readFile("ca_file", authorities, table, path, &reader)
            let expected = "an address, as \"http://127.0.0.1:8000/v1\""
            if table["url"] == nil { reader.warn(path, "has no url", expected: expected) }
            guard let url = reader.string("url", in: table, at: path, expected: expected) else { continue }
            guard Self.isURL(url) else {
                // What was written is not repeated: an address may hold a password.
                reader.warn(
                    path + ["url"], "is no address that begins with http://, https:// or unix:/", expected: expected)
                continue
            }
            guard name != "auto" else {
                reader.warn(path, "has a name that means something else", expected: "another name")
                continue
            }
            self.engines.append(
                Engine(
                    name: name, url: url, model: model, kind: kind, keyVariable: variable, keyFile: keyFile,
                    asksKeyring: asksKeyring, certificateFile: certificateFile))
        }
    }

    private func readFile(
        _ name: String, _ expected: String, _ table: TOMLTable, _ path: [String], _ reader: inout ConfigurationReader
    ) -> String? {
        guard let file = reader.string(name, in: table, at: path, expected: expected) else { return nil }
        guard file.hasPrefix("/") || file.hasPrefix("~/"), !file.hasSuffix("/"), !file.contains(where: \.isNewline)
        else {
            // Whoever pasted the key itself must not find it in a log.
            reader.warn(path + [name], "is no path that begins with / or ~/", expected: expected)
            return nil
        }
        return file
    }

    private func readKeyVariable(_ table: TOMLTable, _ path: [String], _ reader: inout ConfigurationReader) -> String? {
        let expected = "the name of an environment variable, as \"LAB_KEY\", not the key itself"
        guard let name = reader.string("api_key_env", in: table, at: path, expected: expected) else { return nil }
        let isName = name.utf8.allSatisfy {
            $0 == UInt8(ascii: "_") || (65...90).contains($0) || (97...122).contains($0) || (48...57).contains($0)
        }
        guard isName, name.first?.isNumber == false, name.utf8.count <= 64 else {
            // Whoever pasted the key itself must not find it in a log.
            reader.warn(path + ["api_key_env"], "is no such name", expected: expected)
            return nil
        }
        return name
    }

    private mutating func readTerminal(_ table: TOMLTable, _ reader: inout ConfigurationReader) {
        let path = ["terminal"]
        reader.checkNames(in: table, at: path, known: ["fps", "notify", "notify_after", "reduced_motion"])
        reader.integer("fps", in: table, at: path, from: 1...120, into: &terminal.framesPerSecond)
        let notification = reader.word("notify", in: table, at: path, as: Terminal.Notification.self)
        terminal.notification = notification ?? terminal.notification
        reader.integer("notify_after", in: table, at: path, from: 0...86_400, into: &terminal.notifyAfter)
        reader.bool("reduced_motion", in: table, at: path, into: &terminal.reducesMotion)
    }

    private mutating func readCapture(_ table: TOMLTable, _ reader: inout ConfigurationReader) {
        let path = ["capture"]
        reader.checkNames(in: table, at: path, known: ["source", "cursor", "fps", "encoder", "hide_terminal"])
        readSource(table, at: path, &reader)
        reader.bool("cursor", in: table, at: path, into: &capture.cursor)
        reader.integer("fps", in: table, at: path, from: 1...60, into: &capture.framesPerSecond)
        let encoders = [VideoEncoders.automatic] + VideoEncoders.names
        let expected = "one of " + encoders.map { "\"\($0)\"" }.joined(separator: ", ")
        if let name = reader.string("encoder", in: table, at: path, expected: expected) {
            if encoders.contains(name) {
                capture.encoder = name
            } else {
                reader.warn(path + ["encoder"], "is \"\(ConfigurationReader.printable(name))\"", expected: expected)
            }
        }
        reader.bool("hide_terminal", in: table, at: path, into: &capture.hidesTerminal)
    }

    private mutating func readSource(_ table: TOMLTable, at path: [String], _ reader: inout ConfigurationReader) {
        let expected = "one of " + Capture.Source.choices.map { "\"\($0)\"" }.joined(separator: ", ")
        guard let text = reader.string("source", in: table, at: path, expected: expected) else { return }
        if let source = Capture.Source(text) {
            capture.source = source
        } else {
            reader.warn(path + ["source"], "is \"\(ConfigurationReader.printable(text))\"", expected: expected)
        }
    }

    private mutating func readHotkeys(_ table: TOMLTable, _ reader: inout ConfigurationReader) {
        let all: [(String, WritableKeyPath<Hotkeys, String?>)] = [
            ("screen", \.screen), ("window", \.window), ("region", \.region), ("record", \.record),
        ]
        reader.checkNames(in: table, at: ["hotkeys"], known: all.map(\.0) + ["prompts"])
        if let prompts = reader.table("prompts", in: table, at: ["hotkeys"]) {
            for name in prompts.keys.sorted() where prompts[name]?.string != "" {
                let path = ["hotkeys", "prompts"]
                hotkeys.prompts[name] = readChord(name, in: prompts, at: path, &reader)
            }
        }
        for (name, key) in all {
            // An empty text switches a hotkey off.
            if table[name]?.string == "" {
                hotkeys[keyPath: key] = nil
                continue
            }
            if let keys = readChord(name, in: table, at: ["hotkeys"], &reader) { hotkeys[keyPath: key] = keys }
        }
    }

    private func readChord(
        _ name: String, in table: TOMLTable, at path: [String], _ reader: inout ConfigurationReader
    ) -> String? {
        let expected = "keys, as \"Super+Shift+S\" or \"Print\", or \"\" for none"
        guard let keys = reader.string(name, in: table, at: path, expected: expected) else { return nil }
        guard HotkeyChord(keys) != nil else {
            reader.warn(path + [name], "is \"\(ConfigurationReader.printable(keys))\"", expected: expected)
            return nil
        }
        return keys
    }

    private mutating func readPopup(_ table: TOMLTable, _ reader: inout ConfigurationReader) {
        let path = ["popup"]
        reader.checkNames(in: table, at: path, known: ["terminal", "class", "columns", "rows"])
        let expected = "a terminal with its options, as \"xterm -e\""
        popup.terminal = reader.string("terminal", in: table, at: path, expected: expected) ?? popup.terminal
        popup.className = reader.string("class", in: table, at: path, expected: "a word") ?? popup.className
        reader.integer("columns", in: table, at: path, from: 20...500, into: &popup.columns)
        reader.integer("rows", in: table, at: path, from: 5...200, into: &popup.rows)
    }

    private mutating func readKeys(_ table: TOMLTable, _ reader: inout ConfigurationReader) {
        reader.checkNames(in: table, at: ["keys"], known: Command.allCases.map(\.rawValue))
        for name in table.keys.sorted() {
            guard let command = Command(rawValue: name) else { continue }
            let expected = "a key, as \"ctrl-t\", or a list of keys"
            guard let keys = reader.strings(name, in: table, at: ["keys"], expected: expected) else { continue }
            bindings.append(Binding(command: command, keys: keys, line: reader.line(of: ["keys", name])))
        }
    }

    private mutating func readDocuments(_ table: TOMLTable, _ reader: inout ConfigurationReader) {
        let path = ["documents"]
        reader.checkNames(in: table, at: path, known: ["languages", "search_pictures"])
        reader.bool("search_pictures", in: table, at: path, into: &readsPictures)
        let expected = "a list of languages as tesseract calls them, as [\"deu\", \"chi_sim\"]"
        guard let names = reader.strings("languages", in: table, at: path, expected: expected) else { return }
        // They become an argument of tesseract's.
        for name in names where name.isEmpty || !name.utf8.allSatisfy({ $0 == 0x5F || Self.isLetterOrDigit($0) }) {
            reader.warn(
                path + ["languages"], "has \"\(ConfigurationReader.printable(name))\"", expected: expected)
            return
        }
        documentLanguages = names
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private mutating func readPrivacy(_ table: TOMLTable, _ reader: inout ConfigurationReader) {
        let path = ["privacy"]
        reader.checkNames(in: table, at: path, known: ["never_capture", "keep_media_days"])
        let names = reader.strings("never_capture", in: table, at: path, expected: "a list of names of applications")
        privacy.neverCapture = names ?? privacy.neverCapture
        reader.integer("keep_media_days", in: table, at: path, from: 0...36_500, into: &privacy.keepMediaDays)
    }

    // MARK: - The environment

    private mutating func override(with environment: [String: String], _ warnings: inout [ConfigurationWarning]) {
        if let name = environment["SCRY_ENGINE"], !name.isEmpty {
            if let choice = choice(for: name) {
                engine = choice
            } else {
                let message =
                    "there is no engine \"\(ConfigurationReader.printable(name))\"; "
                    + "expected \"auto\", \"own\", a URL, or the name of a table [engines.NAME]."
                warnings.append(ConfigurationWarning(source: "SCRY_ENGINE", line: nil, message: message))
            }
        }
        if let name = environment["SCRY_MODEL"], !name.isEmpty { model = name }
    }
}
