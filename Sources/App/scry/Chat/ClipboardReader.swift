import Foundation
import X11Desktop

/// Reads the desktop's clipboard: a picture, else files, else text.
///
/// It blocks while the program that owns the clipboard sends.
struct ClipboardReader: Sendable {
    /// What was on the clipboard.
    enum Content: Sendable, Equatable {
        case picture([UInt8])
        /// Text, or the addresses of files, one a line.
        case text(String)
        case files(String)
    }

    private let environment: [String: String]

    init(_ environment: [String: String]) { self.environment = environment }

    private static let pictureTypes = ["image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp", "image/tiff"]
    private static let fileTypes = ["text/uri-list"]
    private static let textTypes = [
        "UTF8_STRING", "text/plain;charset=utf-8", "text/plain;charset=UTF-8", "text/plain", "STRING", "TEXT",
    ]

    /// Reads what is there.
    ///
    /// - Throws: `CommandFailure` or `CaptureFailure`, when there is no clipboard, or nothing on it.
    func read() throws -> Content {
        let types = Self.pictureTypes + Self.fileTypes + Self.textTypes
        let found: (type: String, bytes: [UInt8])?
        if isSet("WAYLAND_DISPLAY"), let program = ChildProgram.path(of: "wl-paste", in: environment) {
            found = try readWayland(program, types)
        } else if isSet("DISPLAY") {
            found = try X11Clipboard(displayName: environment["DISPLAY"]).read(types).map { ($0.type, $0.bytes) }
        } else {
            let advice =
                isSet("WAYLAND_DISPLAY")
                ? "Install wl-clipboard, so that it can be read" : "Paste with your terminal's key, mostly Ctrl+Shift+V"
            throw CommandFailure(.captureFailed, "There is no clipboard that can be read here. \(advice).")
        }
        guard let found, !found.bytes.isEmpty else {
            throw CommandFailure(.captureFailed, "There is neither a picture nor text on the clipboard.")
        }
        if Self.pictureTypes.contains(found.type) { return .picture(found.bytes) }
        let text = found.type == "STRING" ? Self.latin(found.bytes) : String(decoding: found.bytes, as: UTF8.self)
        guard Self.fileTypes.contains(found.type) else { return .text(text) }
        let addresses = text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("#") }
        return .files(addresses.joined(separator: "\n"))
    }

    private func isSet(_ name: String) -> Bool { environment[name]?.isEmpty == false }

    private static func latin(_ bytes: [UInt8]) -> String {
        String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }

    private func readWayland(_ program: String, _ types: [String]) throws -> (type: String, bytes: [UInt8])? {
        let limit = X11Clipboard.limit
        // It ends with 1 when the clipboard is empty.
        guard let list = try? ChildProgram.read([program, "--list-types"], environment, limit: 64 << 10) else {
            return nil
        }
        let offered = String(decoding: list, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
        guard let type = types.first(where: offered.contains) else { return nil }
        do {
            return (type, try ChildProgram.read([program, "--no-newline", "--type", type], environment, limit: limit))
        } catch {
            throw CommandFailure(
                .captureFailed, "wl-paste did not bring what is on the clipboard; save it to a file instead.")
        }
    }
}
