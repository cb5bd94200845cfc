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

extension Theme {
    /// The theme of a name; "auto" follows NO_COLOR and the background that the terminal tells in COLORFGBG.
    init(_ name: String, in environment: [String: String]) {
        if environment["NO_COLOR"].map({ !$0.isEmpty }) ?? false {
            self = .monochrome
        } else if name == "auto", let background = environment["COLORFGBG"]?.split(separator: ";").last,
            let number = Int(background), number == 7 || number == 15
        {
            self = .light
        } else {
            self = Theme.named(name) ?? .dark
        }
    }
}
