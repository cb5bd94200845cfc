import CX11
import Desktop

/// What a target turned out to be.
enum X11Subject {
    /// A part of the root: its label, and its monitor's name if it is one.
    case area(Region, label: String, monitor: String?)
    /// A window: its label.
    case window(XID, label: String)

    /// What a chip shows.
    var label: String {
        switch self {
        case .area(_, let label, _), .window(_, let label): label
        }
    }

    /// The words for it within a sentence.
    var words: String {
        switch self {
        case .area(_, _, let monitor?): "the monitor \(monitor)"
        case .area: "the screen"
        case .window(_, let label): "the window “\(label)”"
        }
    }
}

extension X11Connection {
    /// Whether somebody composes the screen out of the windows.
    var hasCompositor: Bool { XGetSelectionOwner(display, atom("_NET_WM_CM_S\(screen)")) != 0 }

    /// Finds what a target names.
    ///
    /// - Throws: `CaptureFailure` when there is no such thing, `X11Fault` when the server does not answer.
    func find(_ target: CaptureTarget) throws -> X11Subject {
        switch target {
        case .screen:
            return .area(try rootRegion(), label: "screen", monitor: nil)
        case .focusedMonitor:
            return try monitorWithPointer()
        case .monitor(let name):
            return try monitor(name)
        case .region(let region):
            let root = try rootRegion()
            let visible = region.intersection(root)
            guard !visible.isEmpty else {
                throw CaptureFailure(
                    .noTarget,
                    "The region \(region) lies outside of the desktop, which is \(root.width)x\(root.height).")
            }
            return .area(visible, label: visible.description, monitor: nil)
        case .activeWindow:
            let client = try activeClient()
            guard client != 0 else {
                throw CaptureFailure(
                    .noTarget, "No window has the focus. Click on one, or choose a window or the whole screen.")
            }
            return try window(client)
        case .window(let id):
            return try window(XID(id))
        case .chosenRegion, .lastRegion:
            throw CaptureFailure.mustChoose
        }
    }

    // MARK: - Monitors

    private func monitorWithPointer() throws -> X11Subject {
        let monitors = try monitors()
        let root = try rootRegion()
        let point = try pointer().map { Region(x: $0.x, y: $0.y, width: 1, height: 1) }
        let found =
            monitors.first { monitor in point.map { !monitor.region.intersection($0).isEmpty } ?? false }
            ?? monitors.first(where: \.isPrimary) ?? monitors.first
        guard let found else { return .area(root, label: "screen", monitor: nil) }
        return .area(found.region.intersection(root), label: found.name, monitor: found.name)
    }

    private func monitor(_ name: String) throws -> X11Subject {
        let monitors = try monitors()
        guard let found = monitors.first(where: { $0.name == name }) else {
            let names = monitors.map(\.name).joined(separator: ", ")
            throw CaptureFailure(.noTarget, "There is no monitor “\(name.withoutControls)”. There is: \(names).")
        }
        return .area(found.region.intersection(try rootRegion()), label: found.name, monitor: found.name)
    }

    // MARK: - Windows

    private func window(_ client: XID) throws -> X11Subject {
        guard let attributes = attributes(of: client), attributes.class == InputOutput, client != root else {
            try throwIfLost()
            throw CaptureFailure(
                .noTarget, "There is no window with the id 0x\(String(client, radix: 16)); it may have been closed.")
        }
        let classes = strings("WM_CLASS", of: client)
        let names = [title(of: client), (classes.dropFirst().first ?? classes.first ?? "").withoutControls]
        let label = names.first { !$0.isEmpty } ?? "0x\(String(client, radix: 16))"
        guard attributes.map_state == IsViewable else {
            throw CaptureFailure(
                .noTarget,
                "The window “\(label)” is minimised or on another desktop, so there is nothing to see. Show it and try again."
            )
        }
        return .window(client, label: label)
    }

    /// A window's attributes; nil when there is no such window.
    func attributes(of window: XID) -> XWindowAttributes? {
        var attributes = XWindowAttributes()
        return tolerated { XGetWindowAttributes(display, window, &attributes) } != 0 ? attributes : nil
    }
}
