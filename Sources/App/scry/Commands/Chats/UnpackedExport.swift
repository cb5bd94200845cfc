import Foundation

/// An export that came as a zip archive, unpacked into a private folder for as long as it is read.
struct UnpackedExport: ~Copyable {
    /// Where it is: the folder, or the path itself where that is no archive, or nothing here unpacks one.
    let path: String
    private let folder: String?

    /// Unpacks an archive.
    init(_ path: String, environment: [String: String]) {
        self.path = Self.unpack(path, environment) ?? path
        folder = self.path == path ? nil : self.path
    }

    deinit { if let folder { try? FileManager.default.removeItem(atPath: folder) } }

    private static func unpack(_ path: String, _ environment: [String: String]) -> String? {
        guard let file = FileHandle(forReadingAtPath: path),
            (try? file.read(upToCount: 4)) == Data([0x50, 0x4B, 0x03, 0x04]),
            let unzip = ChildProgram.path(of: "unzip", in: environment)
        else { return nil }
        var template = Array((NSTemporaryDirectory() + "/scry-import-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { return nil }
        let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        let process = Process()
        process.executableURL = URL(filePath: unzip)
        // Page and all, an archive may be large; a path that begins with a hyphen is a path.
        process.arguments = ["-q", "-n", path.hasPrefix("-") ? "./" + path : path, "-x", "*.html", "-d", folder]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch {
            try? FileManager.default.removeItem(atPath: folder)
            return nil
        }
        process.waitUntilExit()
        // 1 is a warning; with anything else the archive is damaged, and what could be unpacked may still be an export.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        guard names.contains(where: { $0.hasPrefix("conversations") && $0.hasSuffix(".json") }) else {
            try? FileManager.default.removeItem(atPath: folder)
            return nil
        }
        return folder
    }
}
