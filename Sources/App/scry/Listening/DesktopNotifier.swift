import Foundation
import PortalDesktop

/// Tells the person something where no terminal is in sight.
struct DesktopNotifier: Sendable {
    private let environment: [String: String]

    init(_ environment: [String: String]) { self.environment = environment }

    /// Shows a notification of the desktop's; without a service for that, of notify-send's; whether it was shown.
    @discardableResult
    func tell(_ title: String, _ body: String) async -> Bool {
        let title = SafeOutput.line(title)
        let body = Self.shortened(SafeOutput.text(body))
        do {
            try await DesktopNotifications(environment: environment).show(title: title, body: body)
            return true
        } catch {
            guard let program = ChildProgram.path(of: "notify-send", in: environment) else { return false }
            return (try? ChildProgram.read([program, "--app-name=Scry", "--", title, body], environment, limit: 1000))
                != nil
        }
    }

    /// Notifications are small: what is longer is cut at a word.
    static func shortened(_ text: String, limit: Int = 700) -> String {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard text.count > limit else { return text }
        let cut = text.prefix(limit)
        let end = cut.lastIndex { $0.isWhitespace } ?? cut.endIndex
        return cut[..<end] + " …"
    }
}
