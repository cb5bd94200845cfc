import Glibc

/// What has `scry listen` run in every session: the service, where that is installed and systemd runs, else the desktop.
enum Autostart: Equatable {
    case systemd
    case desktop(KnownDesktop)

    /// Finds out what there is here.
    ///
    /// - Parameter systemd: the folder that is there where systemd runs the system.
    init(_ environment: [String: String], systemd: String = "/run/systemd/system") {
        let home = environment["HOME"] ?? ""
        let folders = ["/etc", "/usr/local/lib", "/usr/local/share", "/usr/lib", "/usr/share"]
        let own = [
            environment["XDG_CONFIG_HOME"] ?? home + "/.config", environment["XDG_DATA_HOME"] ?? home + "/.local/share",
        ]
        let isInstalled = (folders + own).contains { access($0 + "/systemd/user/scry-listen.service", R_OK) == 0 }
        self = isInstalled && access(systemd, F_OK) == 0 ? .systemd : .desktop(KnownDesktop(environment))
    }

    /// What to do, in the middle of a sentence.
    var words: String {
        switch self {
        case .systemd: "systemctl --user enable --now scry-listen"
        case .desktop(.sway): "exec scry listen in ~/.config/sway/config"
        case .desktop(.i3): "exec --no-startup-id scry listen in ~/.config/i3/config"
        case .desktop(.hyprland): "exec-once = scry listen in ~/.config/hypr/hyprland.conf"
        case .desktop(.gnome), .desktop(.kde), .desktop(.xfce), .desktop(.other):
            "scry listen among the programs that \(desktopName) starts with each session, in ~/.config/autostart"
        }
    }

    private var desktopName: String {
        if case .desktop(let desktop) = self { desktop.name } else { "the desktop" }
    }
}
