import Desktop

/// The portal's GlobalShortcuts: keys that the desktop gives away.
struct ShortcutsPortal: Sendable {
    let portal: Portal

    static let interface = "org.freedesktop.portal.GlobalShortcuts"

    /// A key as the desktop gave it.
    struct Shortcut: Sendable, Equatable {
        /// What we called it.
        var name: String
        /// The key in the desktop's words; empty when it has none yet.
        var trigger: String
    }

    /// Which version there is; nil for none.
    ///
    /// - Throws: `BusFailure`.
    func version() async throws -> Int? {
        do {
            return try await portal.properties(of: Self.interface)["version"]?.number
        } catch let failure as BusFailure where failure.isUnknown {
            return nil
        }
    }

    /// Begins a session, which ends with the connection.
    ///
    /// - Throws: `BusFailure`, `Portal.Ending` or `CancellationError`.
    func createSession() async throws -> String {
        let token = "scry\(UInt64.random(in: 1...UInt64.max))"
        let results = try await portal.request(
            Self.interface, "CreateSession", [], options: ["session_handle_token": .string(token)],
            within: Portal.backendPatience)
        guard let session = results["session_handle"]?.text, session.hasPrefix("/") else {
            throw Portal.Ending.senseless("session_handle")
        }
        return session
    }

    /// Asks for keys; the desktop may ask the person, and may give others or none.
    ///
    /// - Throws: `BusFailure`, `Portal.Ending` or `CancellationError`.
    func bind(_ hotkeys: [Hotkey], in session: String) async throws -> [Shortcut] {
        let wishes = hotkeys.map { hotkey in
            BusValue.structure([
                .string(hotkey.name),
                .options([
                    "description": .string(Self.description(of: hotkey)),
                    "preferred_trigger": .string(Self.trigger(hotkey.chord)),
                ]),
            ])
        }
        let results = try await portal.request(
            Self.interface, "BindShortcuts", [.path(session), .array(of: "(sa{sv})", wishes), .string("")], options: [:]
        )
        guard let shortcuts = Self.shortcuts(results["shortcuts"]) else { throw Portal.Ending.senseless("shortcuts") }
        return shortcuts
    }

    /// Reads an `a(sa{sv})`; nil for anything else.
    static func shortcuts(_ value: BusValue?) -> [Shortcut]? {
        value?.members?.compactMap { member in
            guard let parts = member.members, parts.count == 2, let name = parts[0].text else { return nil }
            let trigger = parts[1].options?["trigger_description"]?.text ?? ""
            return Shortcut(name: name, trigger: String(trigger.withoutControls.prefix(80)))
        }
    }

    /// A chord as the shortcuts specification of freedesktop.org writes it, as "LOGO+SHIFT+s".
    static func trigger(_ chord: HotkeyChord) -> String {
        let names: [(HotkeyChord.Modifiers, String)] = [
            (.control, "CTRL"), (.alt, "ALT"), (.shift, "SHIFT"), (.super, "LOGO"),
        ]
        let keys = ["PageUp": "Page_Up", "PageDown": "Page_Down", "Space": "space", "Plus": "plus"]
        let key = keys[chord.key] ?? (chord.key.count == 1 ? chord.key.lowercased() : chord.key)
        return (names.filter { chord.modifiers.contains($0.0) }.map(\.1) + [key]).joined(separator: "+")
    }

    /// What the desktop's settings call it.
    private static func description(of hotkey: Hotkey) -> String {
        switch hotkey.name {
        case "screen": "Ask about the screen"
        case "window": "Ask about a window"
        case "region": "Ask about a region of the screen"
        case "record": "Start or stop a recording of the screen"
        default: "Ask: \(hotkey.name)"
        }
    }
}
