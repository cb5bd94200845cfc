/// The desktop's notifications (org.freedesktop.Notifications).
public struct DesktopNotifications: Sendable {
    private let environment: [String: String]

    /// - Parameter environment: read for DBUS_SESSION_BUS_ADDRESS and XDG_RUNTIME_DIR.
    public init(environment: [String: String]) { self.environment = environment }

    private static let interface = "org.freedesktop.Notifications"
    private static let path = "/org/freedesktop/Notifications"

    /// Whether there is a session bus, through which a service could be asked.
    public var canAsk: Bool { (try? Bus(environment: environment)) != nil }

    /// The name of the service that shows notifications; nil when there is none, and none could be started.
    public func service() async -> String? {
        guard let bus = try? Bus(environment: environment),
            let values = try? await bus.call(
                Self.interface, Self.path, Self.interface, "GetServerInformation", within: .seconds(5))
        else { return nil }
        guard case .string(let name) = values.first, !name.isEmpty else { return "a service without a name" }
        return name.withoutControls
    }

    /// Shows a notification.
    ///
    /// - Parameters:
    ///   - title: One line of plain text.
    ///   - body: Plain text; what services take for markup is escaped.
    /// - Throws: an error whose description is a sentence, when there is no session bus or nobody shows notifications.
    public func show(title: String, body: String) async throws {
        let bus = try Bus(environment: environment)
        let escaped = body.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
        _ = try await bus.call(
            Self.interface, Self.path, Self.interface, "Notify",
            [
                .string("Scry"), .uint32(0), .string("scry"), .string(title), .string(escaped), .array(of: "s", []),
                .options(["desktop-entry": .string("io.github.scry.Scry")]), .int32(-1),
            ], within: .seconds(5))
    }
}
