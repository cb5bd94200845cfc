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
