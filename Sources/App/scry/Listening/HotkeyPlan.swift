import Desktop

/// The hotkeys that are configured, and what is wrong with the rest.
struct HotkeyPlan: Sendable {
    /// What a hotkey does.
    enum Purpose: Sendable, Equatable {
        /// A picture into the chat.
        case picture(CaptureTarget)
        /// Starts or stops a recording.
        case record
        /// A prompt that is asked at once.
        case prompt(String)
    }

    private(set) var hotkeys: [Hotkey] = []
    /// Sentences about entries that cannot be used.
    private(set) var problems: [String] = []
    private var purposes: [String: Purpose] = [:]

    /// Reads the configuration.
    ///
    /// - Parameter prompts: The names of the prompts that there are.
    init(_ settings: Configuration.Hotkeys, prompts: [String]) {
        add("screen", settings.screen, .picture(.screen))
        add("window", settings.window, .picture(.activeWindow))
        add("region", settings.region, .picture(.chosenRegion))
        add("record", settings.record, .record)
        for (name, keys) in settings.prompts.sorted(by: { $0.key < $1.key }) {
            guard prompts.contains(name) else {
                problems.append("[hotkeys.prompts] \(name): there is no such prompt; scry prompts lists them.")
                continue
            }
            add(name, keys, .prompt(name))
        }
    }

    /// What a hotkey of this plan does.
    func purpose(of hotkey: Hotkey) -> Purpose? { purposes[hotkey.name] }

    private mutating func add(_ name: String, _ keys: String?, _ purpose: Purpose) {
        // A prompt may be called "screen": its hotkey then has a name of its own.
        let name = purposes[name] == nil ? name : "prompt \(name)"
        guard let keys, let chord = HotkeyChord(keys) else { return }
        hotkeys.append(Hotkey(name: name, chord: chord))
        purposes[name] = purpose
    }
}
