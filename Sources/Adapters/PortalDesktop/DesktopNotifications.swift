/// The desktop's notifications (org.freedesktop.Notifications).
public struct DesktopNotifications: Sendable {
    private let environment: [String: String]

    /// - Parameter environment: read for DBUS_SESSION_BUS_ADDRESS and XDG_RUNTIME_DIR.
    public init(environment: [String: String]) { self.environment = environment }

    /// Shows a notification.
    ///
    /// - Parameters:
    ///   - title: One line of plain text.
    ///   - body: Plain text; what services take for markup is escaped.
    /// - Throws: an error whose description is a sentence, when there is no session bus or nobody shows notifications.
    public func show(title: String, body: String) async throws {
        let service = "org.freedesktop.Notifications"
        let bus = try Bus(environment: environment)
        let escaped = body.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
        _ = try await bus.call(
            service, "/org/freedesktop/Notifications", service, "Notify",
            [
                .string("Scry"), .uint32(0), .string("scry"), .string(title), .string(escaped), .array(of: "s", []),
                .options(["desktop-entry": .string("io.github.scry.Scry")]), .int32(-1),
            ], within: .seconds(5))
    }
}
