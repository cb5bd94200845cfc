import Desktop
import FoundationEssentials

/// org.freedesktop.portal.Screenshot: one picture, in a file.
struct ScreenshotPortal: Sendable {
    let portal: Portal

    static let interface = "org.freedesktop.portal.Screenshot"
    /// Some portals never answer when the backend for their question is missing; people may take their time.
    static let patience = Duration.seconds(120)

    /// The interface's version; nil when there is none.
    func version() async throws -> Int? {
        do {
            return try await portal.properties(of: Self.interface)["version"]?.number
        } catch let failure as BusFailure where failure.isUnknown {
            return nil
        }
    }

    /// Takes a picture and returns the file's bytes; the file is removed.
    ///
    /// - Parameter isInteractive: Whether the person chooses what is in it.
    /// - Throws: `BusFailure`, `Portal.Ending` or `CancellationError`.
    func take(isInteractive: Bool) async throws -> [UInt8] {
        let results = try await portal.request(
            Self.interface, "Screenshot", [.string("")], options: ["interactive": .bool(isInteractive)],
            within: Self.patience)
        guard let path = results["uri"]?.text.flatMap(Self.path(of:)) else { throw Portal.Ending.senseless("uri") }
        // Made for us: nobody else will remove it.
        defer { try? FileManager.default.removeItem(atPath: path) }
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw Portal.Ending.senseless("file")
        }
        return Array(bytes)
    }

    /// The path in a `file:` address; nil for anything else.
    static func path(of address: String) -> String? {
        guard address.hasPrefix("file:///") else { return nil }
        var bytes: [UInt8] = []
        var rest = Array(address.utf8.dropFirst(7))[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16),
                value != 0
            else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
