import Session
import Views

extension Configuration {
    /// The keys, with what the person changed.
    var keymap: Keymap {
        let overrides = bindings.map {
            ($0.command.rawValue, $0.keys.isEmpty ? "none" : $0.keys.joined(separator: " "))
        }
        return Keymap(overrides: Dictionary(overrides) { $1 })
    }
}

extension Configuration {
    /// Settings that are read and have no effect yet, a sentence each: nobody is to rely on them by mistake.
    var unheeded: [String] {
        let settings: [(isSet: Bool, name: String)] = [
            (capture.hidesTerminal, "[capture] hide_terminal")
        ]
        return settings.filter(\.isSet).map { "\($0.name) is set, and this version does nothing with it yet." }
    }
}
