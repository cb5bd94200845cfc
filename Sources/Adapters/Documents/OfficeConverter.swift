import Foundation
import Subprocess

/// Makes PDF out of office documents, with LibreOffice.
public struct OfficeConverter: Sendable {
    private let office = HelperProgram(
        name: "soffice", package: "LibreOffice (on Debian: apt install libreoffice-nogui)",
        purpose: "An office document", memory: 4 << 30, seconds: 60, patience: 120)
    /// The most text with its marks that is converted, in bytes: ten megabytes are two thousand pages, and half a minute.
    static let mostMarkup = 48 << 20
    /// The most that a document may be, unpacked, with its pictures and films.
    static let mostWhole = 1 << 30

    /// Makes a converter.
    public init() {}

    /// Converts a file; the result lies in a folder of its own, which the caller removes.
    ///
    /// Macros do not run, and what a document links to elsewhere is not fetched.
    ///
    /// - Parameter ending: The file's kind as LibreOffice knows it: "docx", "xlsx".
    /// - Returns: The PDF, and the folder that it is in.
    public func pdf(of path: String, ending: String) async throws(DocumentFailure) -> (path: String, folder: String) {
        let folder = FileManager.default.temporaryDirectory.path + "/scry-" + UUID().uuidString.lowercased()
        do {
            try await convert(path, ending, folder)
            return (folder + "/document.pdf", folder)
        } catch {
            try? FileManager.default.removeItem(atPath: folder)
            throw error
        }
    }

    private func convert(_ path: String, _ ending: String, _ folder: String) async throws(DocumentFailure) {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        try Self.checkSize(of: path, name)
        // Under a name of our own: what a file is called tells LibreOffice what it is, and may begin with a dash.
        let copy = folder + "/document." + ending
        do {
            try FileManager.default.createDirectory(
                atPath: folder + "/profile/user", withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            try Self.settings.write(
                toFile: folder + "/profile/user/registrymodifications.xcu", atomically: false, encoding: .utf8)
            try FileManager.default.copyItem(atPath: path, toPath: copy)
        } catch {
            throw DocumentFailure(.unreadable, "\(name) cannot be read: \(error.localizedDescription)")
        }
        do {
            _ = try await office.run(
                [
                    "-env:UserInstallation=file://\(folder)/profile", "--headless", "--norestore", "--nolockcheck",
                    "--convert-to", "pdf", "--outdir", folder, copy,
                ], limit: 1 << 20, environment: ["SAL_USE_VCLPLUGIN": "svp", "DISPLAY": nil])
        } catch {
            throw error.kind == .toolFailed
                ? DocumentFailure(.toolFailed, "\(name) could not be converted by LibreOffice: \(error.message)")
                : error
        }
        // It ends well even when it could not read the file.
        guard FileManager.default.fileExists(atPath: folder + "/document.pdf") else {
            throw DocumentFailure(
                .unreadable, "\(name) cannot be read by LibreOffice: it is damaged, or has a password.")
        }
    }

    /// Refuses an archive that is much larger unpacked, before LibreOffice tries.
    private static func checkSize(of path: String, _ name: String) throws(DocumentFailure) {
        guard isArchive(path) else { return }
        guard let sizes = ArchiveSizes(ofFile: path) else {
            throw DocumentFailure(.unreadable, "\(name) cannot be read: it is cut off or damaged.")
        }
        guard sizes.markup > mostMarkup || sizes.whole > mostWhole else { return }
        let isText = sizes.markup > mostMarkup
        throw DocumentFailure(
            .unsupported,
            "\(name) is too large to be converted: its \(isText ? "text has" : "files have") "
                + "\((isText ? sizes.markup : sizes.whole) >> 20) MB unpacked, \((isText ? mostMarkup : mostWhole) >> 20) MB "
                + "are taken; attach a part of it, or export it as PDF.")
    }

    private static func isArchive(_ path: String) -> Bool {
        guard let file = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? file.close() }
        return (try? file.read(upToCount: 4)).map { $0.elementsEqual("PK\u{3}\u{4}".utf8) } ?? false
    }

    /// No macros, no links to other places, no recovery.
    private static let settings = """
        <?xml version="1.0" encoding="UTF-8"?>
        <oor:items xmlns:oor="http://openoffice.org/2001/registry">
        <item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
        <item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
        <item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
        <item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="FirstRun" oor:op="fuse"><value>false</value></prop></item>
        </oor:items>

        """
}
