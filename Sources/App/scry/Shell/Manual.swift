import ArgumentParser
import Session
import Views

/// The manual, as roff for man(1); made from the tables that the program itself goes by.
struct Manual {
    /// The pages that there are, as "NAME.SECTION".
    static let pages = ["scry.1", "scry-keys.7", "scry-config.5"]

    private var text: String

    private init(_ name: String, _ section: Int, _ summary: String) {
        text = ".TH \(name.uppercased()) \(section) \"\" \"scry \(Scry.configuration.version)\" \"Scry\"\n"
        heading("NAME")
        text += "\(Self.escaped(name)) \\- \(Self.escaped(summary))\n"
    }

    /// A page; nil when there is none of this name.
    static func page(_ name: String) throws -> String? {
        switch name {
        case "scry.1": try program()
        case "scry-keys.7": keys()
        case "scry-config.5": settings()
        default: nil
        }
    }

    // MARK: - scry(1)

    private static func program() throws -> String {
        let table = try HelpTable.load().command
        var page = Manual("scry", 1, "looks at the screen when you ask it to, and answers")
        page.heading("SYNOPSIS")
        page.text += ".B scry\n[\\fIcommand\\fR] [\\fIoptions\\fR]\n"
        page.heading("DESCRIPTION")
        page.paragraph(
            "Alone, scry opens the chat in the terminal: questions go to an engine on this machine, or one that you name, with "
                + "pictures and recordings of the screen where you ask for them. The keys are in scry-keys(7), the settings in "
                + "scry-config(5). With a command it works for scripts:")
        for command in table.subcommands ?? [] where command.shouldDisplay ?? true {
            page.add(command, under: "scry")
        }
        page.heading("FILES")
        page.item("~/.config/scry/config.toml", "The settings, scry-config(5).")
        page.item("~/.config/scry/prompts/*.md", "Your own prompts, for scry ask -p.")
        page.item("~/.local/share/scry/history.sqlite, media/", "The chats, and their pictures and recordings.")
        page.item("~/.local/state/scry/scry.log", "The log. Keys, questions and pictures never get into it.")
        page.heading("ENVIRONMENT")
        page.item(
            "SCRY_ENGINE, SCRY_MODEL, SCRY_API_KEY", "The engine, the model and the key, before what is configured.")
        page.item("SCRY_PROBE", "Addresses that are asked for engines, with commas between them.")
        page.item("XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_STATE_HOME, XDG_CACHE_HOME, XDG_RUNTIME_DIR", "Move the files.")
        page.item("NO_COLOR", "No colours.")
        page.heading("SEE ALSO")
        page.text += "scry-keys(7), scry-config(5)\n"
        return page.text
    }

    private mutating func add(_ command: HelpTable.Command, under parent: String) {
        let name = "\(parent) \(command.commandName)"
        heading(name)
        if let abstract = command.abstract { paragraph(abstract) }
        let arguments = (command.arguments ?? []).filter { $0.shouldDisplay && !$0.isCommon }
        for argument in arguments {
            let value = argument.takesValue ? " \(argument.valueName ?? "value")" : ""
            var help = argument.abstract ?? ""
            if let values = argument.allValues, !values.isEmpty { help += " One of \(values.joined(separator: ", "))." }
            if let standard = argument.defaultValue, argument.takesValue { help += " (default: \(standard))" }
            item(argument.title + value, help)
        }
        if let discussion = command.discussion, !discussion.isEmpty { verbatim(discussion) }
        for child in command.subcommands ?? [] where (child.shouldDisplay ?? true) && child.commandName != "help" {
            add(child, under: name)
        }
    }

    // MARK: - scry-keys(7) and scry-config(5)

    private static func keys() -> String {
        var page = Manual("scry-keys", 7, "the keys of the chat")
        page.heading("DESCRIPTION")
        page.paragraph(
            "Every key can be changed below [keys] in scry-config(5), by the name in parentheses; scry keys lists "
                + "them as they are configured.")
        for topic in Command.Topic.allCases {
            page.heading(topic.rawValue)
            for command in Command.allCases where command.description.topic == topic {
                let about = command.description
                let slash = about.slash.map { ", /\($0)" } ?? ""
                let keys = about.keys.isEmpty ? "no key" : about.keys.joined(separator: ", ")
                page.item(keys + slash, "\(about.help) (\(command.rawValue))")
            }
        }
        page.heading("SEE ALSO")
        page.text += "scry(1), scry-config(5)\n"
        return page.text
    }

    private static func settings() -> String {
        var page = Manual("scry-config", 5, "the settings of scry")
        page.heading("DESCRIPTION")
        page.paragraph(
            "~/.config/scry/config.toml is TOML. A line that is wrong is reported with its number, and everything else still "
                + "counts; scry config check lists what is wrong, scry config shows what is in effect.")
        var table: String?
        for setting in ConfigurationSetting.all {
            if setting.table != table { page.heading(setting.table.isEmpty ? "Top of the file" : "[\(setting.table)]") }
            table = setting.table
            let standard = setting.value(Configuration()).map { " The default is \($0)." } ?? ""
            page.item("\(setting.name) = \(setting.values)", setting.help + standard)
        }
        page.heading("[engines.NAME]")
        page.paragraph("An engine that engine = \"NAME\" and -e NAME mean.")
        for (name, help) in ConfigurationSetting.engine { page.item(name, help) }
        page.heading("[keys]")
        page.paragraph(
            "The name of a command from scry-keys(7) with a key or a list of keys: toggle-thinking = \"ctrl-t\". An empty list "
                + "leaves it without a key.")
        page.heading("SEE ALSO")
        page.text += "scry(1), scry-keys(7)\n"
        return page.text
    }

    // MARK: - roff

    private mutating func heading(_ title: String) {
        text += ".SH \"\(Self.escaped(title).replacing("\"", with: "\\(dq"))\"\n"
    }

    private mutating func paragraph(_ words: String) { text += ".PP\n\(Self.lines(words))\n" }

    private mutating func item(_ title: String, _ help: String) {
        text += ".TP\n\\fB\(Self.escaped(title))\\fR\n\(Self.lines(help.isEmpty ? " " : help))\n"
    }

    private mutating func verbatim(_ words: String) { text += ".PP\n.nf\n\(Self.lines(words))\n.fi\n" }

    private static func lines(_ words: String) -> String {
        words.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let line = escaped(String(line))
            // A line that begins so would be taken for a request.
            return line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" + line : line.isEmpty ? ".sp" : line
        }.joined(separator: "\n")
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\e").replacing("-", with: "\\-").replacing("…", with: "...")
    }
}
