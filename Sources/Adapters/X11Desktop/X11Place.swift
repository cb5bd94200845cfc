import Desktop

/// Which X server is meant, and whether looking at it makes sense.
struct X11Place: Sendable {
    /// The display's name, as ":0"; nil when there is none.
    let displayName: String?
    /// Why not to try, known before connecting.
    let refusal: CaptureFailure?
    /// Whether X11 is what people see, whatever the server looks like.
    private let isTrusted: Bool

    /// Finds out.
    ///
    /// - Parameter displayName: the server; nil for the one that the environment names.
    init(displayName: String?, environment: [String: String]) {
        func value(_ name: String) -> String? {
            guard let value = environment[name], !value.isEmpty else { return nil }
            return value
        }
        self.displayName = displayName ?? value("DISPLAY")
        isTrusted = value("XDG_SESSION_TYPE") == "x11"
        if displayName == nil, !isTrusted, value("WAYLAND_DISPLAY") != nil {
            refusal = Self.wayland
        } else if self.displayName == nil {
            refusal = CaptureFailure(
                .noDesktop,
                "There is no desktop to capture: DISPLAY is not set. Run this inside a graphical session, or set DISPLAY."
            )
        } else {
            refusal = nil
        }
    }

    /// The failure of connecting.
    var unreachable: CaptureFailure {
        CaptureFailure(
            .noDesktop,
            "The X server “\(displayName ?? "")” cannot be reached: it does not run or does not let this user in."
                + " Check DISPLAY and XAUTHORITY.")
    }

    /// Why not to capture a server that turned out to be Xwayland; nil when the environment says that all is well.
    var xwaylandRefusal: CaptureFailure? { isTrusted ? nil : Self.wayland }

    private static let wayland = CaptureFailure(
        .unsupported,
        "This is a Wayland session, where capturing through X11 gives black pictures. Capture through the desktop's portal"
            + " (--source portal), or set XDG_SESSION_TYPE=x11 if this is an X11 session.")
}
