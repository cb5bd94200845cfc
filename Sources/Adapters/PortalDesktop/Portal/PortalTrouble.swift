import Desktop

/// Turns what went wrong with the portal into what people can do about it.
struct PortalTrouble: Sendable {
    /// The desktop's names, as XDG_CURRENT_DESKTOP has them, in small letters.
    let desktops: [String]

    init(environment: [String: String]) {
        desktops = (environment["XDG_CURRENT_DESKTOP"] ?? "").lowercased().split(separator: ":").map { String($0) }
    }

    /// The package with the backend that this desktop needs.
    var backendPackage: String {
        for desktop in desktops {
            switch desktop {
            case "gnome", "ubuntu", "unity", "budgie": return "xdg-desktop-portal-gnome"
            case "kde", "plasma": return "xdg-desktop-portal-kde"
            case "hyprland": return "xdg-desktop-portal-hyprland"
            case "sway", "wlroots", "river", "wayfire", "labwc", "niri", "cosmic": return "xdg-desktop-portal-wlr"
            default: continue
            }
        }
        return "the desktop's own, as xdg-desktop-portal-gnome, -kde or -wlr"
    }

    /// Explains an error of a call or request.
    func explain(_ error: any Error) -> any Error {
        switch error {
        case let failure as BusFailure: explain(failure)
        case let ending as Portal.Ending: explain(ending)
        default: error
        }
    }

    /// No backend can share a screen.
    var noBackend: CaptureFailure {
        CaptureFailure(
            .unsupported,
            "xdg-desktop-portal runs, but nothing behind it can share the screen. Install \(backendPackage), see that"
                + " PipeWire runs and XDG_CURRENT_DESKTOP names the desktop, and log in again.")
    }

    /// The backend is known but does not run.
    var deadBackend: CaptureFailure {
        CaptureFailure(
            .unsupported,
            "The portal's backend for this desktop does not run, so the screen cannot be shared. Start it"
                + " (systemctl --user restart \(backendService) xdg-desktop-portal) or log in again.")
    }

    /// Windows are not to be had.
    var noWindows: CaptureFailure {
        CaptureFailure(
            .unsupported,
            "This desktop's portal shares whole monitors only, not single windows. Take the screen, or a region of it.")
    }

    private var backendService: String {
        backendPackage.hasPrefix("xdg-") ? backendPackage : "xdg-desktop-portal-*"
    }

    private func explain(_ failure: BusFailure) -> CaptureFailure {
        switch failure {
        case .unreachable:
            CaptureFailure(
                .noDesktop,
                "There is no session bus, through which Wayland desktops share their screen. Run this inside the"
                    + " graphical session, or set DBUS_SESSION_BUS_ADDRESS.")
        case .unloadable: CaptureFailure(.unsupported, failure.description)
        case .disconnected:
            CaptureFailure(.gone, "The session bus closed the connection: the desktop has ended.")
        case .late:
            CaptureFailure(
                .noDesktop,
                "The desktop's portal does not answer. Try again, or restart it: systemctl --user restart"
                    + " xdg-desktop-portal.")
        case .refused where failure.isAbsent:
            CaptureFailure(
                .unsupported,
                "xdg-desktop-portal is missing, through which Wayland desktops share their screen. On Debian:"
                    + " apt install xdg-desktop-portal and \(backendPackage).")
        case .refused where failure.isUnknown: noBackend
        case .refused where failure.isOfDeadBackend: deadBackend
        case .refused, .malformed:
            CaptureFailure(.refused, "The desktop's portal refused: \(failure.description.withoutControls)")
        }
    }

    private func explain(_ ending: Portal.Ending) -> CaptureFailure {
        switch ending {
        case .declined: CaptureFailure(.refused, "Sharing the screen was declined.")
        case .failed:
            CaptureFailure(
                .unsupported,
                "The desktop's portal could not share the screen and does not say why; its log may:"
                    + " journalctl --user -u \(backendService). Is \(backendPackage) installed?")
        case .gone:
            CaptureFailure(.gone, "The desktop's portal ended while it was asked. Try again.")
        case .late:
            CaptureFailure(
                .unsupported,
                "The desktop's portal took the question and never answered: its backend hangs, or is missing. Restart it"
                    + " (systemctl --user restart \(backendService) xdg-desktop-portal), or install the one for its"
                    + " dialogs (xdg-desktop-portal-gtk or \(backendPackage)).")
        case .senseless(let part):
            CaptureFailure(
                .unsupported, "The desktop's portal gave an answer that makes no sense: it has no \(part). Update it.")
        }
    }
}
