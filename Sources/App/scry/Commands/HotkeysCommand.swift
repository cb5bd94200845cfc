import ArgumentParser
import Desktop
import PortalDesktop

/// `scry hotkeys`: which keys are held, and how a desktop is given one that cannot be.
struct HotkeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hotkeys", abstract: "Shows which hotkeys are held, and how to bind one in the desktop's settings."
    )

    @Flag(help: "Print one JSON object.")
    var json = false

    private struct Record: Encodable {
        struct Key: Encodable {
            var name: String
            var keys: String
            var held: Bool
            @OrNull var problem: String?
        }
        @OrNull var holder: String?
        @OrNull var process: Int32?
        @OrNull var way: String?
        var keys: [Key]
        var desktop: String
        var lines: [String]
    }

    func run() async throws {
        try await running {
            let services = try Services(saves: false)
            services.printWarnings()
            let plan = HotkeyPlan(
                services.configuration.hotkeys, prompts: PromptLibrary(places: services.places).names)
            let state = HotkeyClaim.state(services.places)
            let desktop = KnownDesktop(services.environment)
            let lines = desktop.lines(binding: plan.hotkeys.first?.chord ?? Self.usual, to: Self.command)
            if json {
                let keys = plan.hotkeys.map { hotkey in
                    let found = state?.keys.first { $0.name == hotkey.name }
                    return Record.Key(
                        name: hotkey.name, keys: found?.keys ?? hotkey.chord.description,
                        held: found != nil && found?.problem == nil,
                        problem: found?.problem)
                }
                let record = Record(
                    holder: state?.holder, process: state?.process, way: await way(services, state), keys: keys,
                    desktop: desktop.name, lines: lines)
                return Standard.output(JSONText.line(record) + "\n")
            }
            printKeys(plan, state, Autostart(services.environment))
            Standard.output(Self.sentence(await way(services, state)) + "\n")
            Standard.output("\nTo bind a key in the settings of \(desktop.name) instead:\n\n")
            for line in lines { Standard.output("    \(line)\n") }
        }
    }

    /// What a desktop runs.
    static let command = "scry ask --screen --popup"

    private static let usual = HotkeyChord("Super+Shift+S") ?? HotkeyChord("Print")

    /// Who gives the keys here: "x11", "portal", or nobody.
    private func way(_ services: Services, _ state: HotkeyClaim.State?) async -> String? {
        if let way = state?.way { return way }
        guard Screens.isWayland(services.environment) else {
            return (services.environment["DISPLAY"] ?? "").isEmpty ? nil : "x11"
        }
        return await PortalHotkeys.version(environment: services.environment) == nil ? nil : "portal"
    }

    private static func sentence(_ way: String?) -> String {
        switch way {
        case "x11": "They are taken from the X server (grabs)."
        case "portal":
            "They are given by the desktop's portal (GlobalShortcuts); its settings for shortcuts can change them."
        default: "Nothing here gives keys to programs: no X server, and no GlobalShortcuts portal."
        }
    }

    private func printKeys(_ plan: HotkeyPlan, _ state: HotkeyClaim.State?, _ autostart: Autostart) {
        let width = plan.hotkeys.map(\.chord.description.count).max() ?? 0
        for hotkey in plan.hotkeys {
            let found = state?.keys.first { $0.name == hotkey.name }
            let keys = SafeOutput.line(found?.keys ?? hotkey.chord.description)
            let words =
                switch (found, found?.problem) {
                case (nil, _): "not held"
                case (_, let problem?): problem
                default: "held"
                }
            let padding = String(repeating: " ", count: max(0, width - keys.count))
            Standard.output("\(keys)\(padding)  \(hotkey.name): \(SafeOutput.line(words))\n")
        }
        for problem in plan.problems { Standard.output("\(SafeOutput.line(problem))\n") }
        switch state?.holder {
        case nil:
            Standard.output("Nobody holds them: start scry listen (in every session: \(autostart.words)).\n")
        case "chat": Standard.output("The chat holds them (process \(state?.process ?? 0)).\n")
        default: Standard.output("scry listen holds them (process \(state?.process ?? 0)).\n")
        }
    }
}

/// The desktops whose settings we know how to write.
enum KnownDesktop: String, Sendable, CaseIterable {
    case sway, hyprland, i3, gnome, kde, xfce, other

    /// Finds out which one this session has.
    init(_ environment: [String: String]) {
        func isSet(_ name: String) -> Bool { !(environment[name] ?? "").isEmpty }
        let names = ["XDG_CURRENT_DESKTOP", "XDG_SESSION_DESKTOP", "DESKTOP_SESSION"]
            .compactMap { environment[$0]?.lowercased() }.joined(separator: ":")
        let found: Self? =
            if isSet("SWAYSOCK") { .sway } else if isSet("HYPRLAND_INSTANCE_SIGNATURE") {
                .hyprland
            } else if isSet("I3SOCK") {
                .i3
            } else { nil }
        let named: [(String, Self)] = [
            ("sway", .sway), ("hyprland", .hyprland), ("i3", .i3), ("gnome", .gnome), ("unity", .gnome), ("kde", .kde),
            ("plasma", .kde), ("xfce", .xfce),
        ]
        self = found ?? named.first { names.contains($0.0) }?.1 ?? .other
    }

    /// What it is called.
    var name: String {
        switch self {
        case .sway, .i3: rawValue
        case .hyprland: "Hyprland"
        case .gnome: "GNOME"
        case .kde: "KDE Plasma"
        case .xfce: "Xfce"
        case .other: "your desktop"
        }
    }

    /// The lines that bind a key, where to write them said before.
    func lines(binding chord: HotkeyChord?, to command: String) -> [String] {
        guard let chord else { return [command] }
        let key = chord.key.count == 1 ? chord.key.lowercased() : chord.key
        switch self {
        case .sway: return ["# ~/.config/sway/config", "bindsym \(joined(chord, "+", key)) exec \(command)"]
        case .i3:
            return ["# ~/.config/i3/config", "bindsym \(joined(chord, "+", key)) exec --no-startup-id \(command)"]
        case .hyprland:
            let modifiers = Self.modifiers(of: chord, super: "SUPER", control: "CTRL", alt: "ALT", shift: "SHIFT")
            return [
                "# ~/.config/hypr/hyprland.conf",
                "bind = \(modifiers.joined(separator: " ")), \(chord.key), exec, \(command)",
            ]
        case .gnome:
            let path = "/org/gnome/settings-daemon/plugins/media-keys/custom-keybindings/scry/"
            let schema = "org.gnome.settings-daemon.plugins.media-keys"
            let entry = "gsettings set \(schema).custom-keybinding:\(path)"
            return [
                "\(entry) name Scry", "\(entry) command '\(command)'", "\(entry) binding '\(bracketed(chord, key))'",
                "gsettings set \(schema) custom-keybindings \"['\(path)']\"   # with the others that are there already",
            ]
        case .kde:
            return [
                "System Settings, Keyboard, Shortcuts, Add New, Command or Script:", command,
                "and the shortcut \(joined(chord, "+", key, super: "Meta"))",
            ]
        case .xfce:
            return [
                "xfconf-query -c xfce4-keyboard-shortcuts -n -t string "
                    + "-p '/commands/custom/\(bracketed(chord, key))' -s '\(command)'"
            ]
        case .other: return ["the key \(chord) runs: \(command)"]
        }
    }

    private func joined(_ chord: HotkeyChord, _ separator: String, _ key: String, super: String = "Mod4") -> String {
        let modifiers = Self.modifiers(
            of: chord, super: self == .kde ? `super` : "Mod4", control: "Ctrl", alt: self == .kde ? "Alt" : "Mod1",
            shift: "Shift")
        return (modifiers + [self == .kde ? chord.key : key]).joined(separator: separator)
    }

    /// GTK's way of writing.
    private func bracketed(_ chord: HotkeyChord, _ key: String) -> String {
        Self.modifiers(of: chord, super: "<Super>", control: "<Control>", alt: "<Alt>", shift: "<Shift>").joined() + key
    }

    private static func modifiers(
        of chord: HotkeyChord, super: String, control: String, alt: String, shift: String
    ) -> [String] {
        let names: [(HotkeyChord.Modifiers, String)] = [
            (.super, `super`), (.control, control), (.alt, alt), (.shift, shift),
        ]
        return names.filter { chord.modifiers.contains($0.0) }.map(\.1)
    }
}
