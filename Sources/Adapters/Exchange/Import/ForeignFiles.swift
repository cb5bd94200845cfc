import FoundationEssentials

/// The files that lie beside a foreign export, in its folder and in the folders there.
struct ForeignFiles {
    private let paths: [String]

    /// - Parameter folder: Where they are; nil for none.
    init(folder: String?) {
        guard let folder else {
            paths = []
            return
        }
        var paths: [String] = []
        for name in Self.names(in: folder) {
            let path = folder + "/" + name
            // A file has nothing in it.
            let inside = Self.names(in: path)
            paths += inside.isEmpty ? [path] : inside.map { path + "/" + $0 }
        }
        self.paths = paths
    }

    /// The bytes of the file that a pointer such as `file-service://file-AbC` names.
    func bytes(of pointer: String) -> Data? { path(of: pointer).flatMap { try? Data(contentsOf: URL(filePath: $0)) } }

    /// The text of a file, where it is one and not too large to be sent.
    func text(of pointer: String) -> String? {
        guard let bytes = bytes(of: pointer), bytes.count <= 1 << 20, !bytes.contains(0) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    private func path(of pointer: String) -> String? {
        let address = pointer.prefix { !"?#".contains($0) }
        let name = String(address.split(separator: "/").last ?? "")
        // Ids are letters, digits and hyphens; anything else is nobody's file name.
        guard name.count >= 8, name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) })
        else { return nil }
        return paths.first { path in
            let file = path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...]
            guard file.hasPrefix(name) else { return false }
            // Not one whose id only begins so.
            return file.dropFirst(name.count).first.map { "-._".contains($0) } ?? true
        }
    }

    private static func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }
}
