import Glibc
import Session

/// Finds the files that a path may mean while it is typed.
///
/// The work is bounded, however many files a directory has: so many names are read, and only those that are shown are
/// looked at more closely.
enum PathLister {
    private static let mostNames = 20_000
    private static let mostShown = 50

    /// The files in the path's directory whose names the end of the path fits, the best first; hidden ones only when a
    /// dot is asked for.
    static func candidates(for path: String) -> [Completion.Candidate] {
        let cut = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        // Of "~" alone the home is meant.
        if path == "~" { return [Completion.Candidate("~/", isOpen: true)] }
        let (head, name) = (String(path[..<cut]), String(path[cut...]))
        let directory = head.isEmpty ? "." : AttachmentLoader.resolved(head)
        let wantsHidden = name.hasPrefix(".")
        let entries = names(in: directory).filter { $0.name.hasPrefix(".") == wantsHidden }
            .map { (name: $0.name, isDirectory: $0.isDirectory, folded: $0.name.lowercased()) }
            .sorted { $0.folded < $1.folded }
        // Another letter may have been typed meanwhile: then nobody wants these.
        return entries.ranked(by: name) { Task.isCancelled ? [] : [$0.name] }.prefix(mostShown).compactMap { entry in
            // A name that cannot be written cannot be typed.
            guard !entry.name.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
                return nil
            }
            return candidate((entry.name, entry.isDirectory), head, directory)
        }
    }

    private static func candidate(
        _ entry: (name: String, isDirectory: Bool?), _ head: String, _ directory: String
    ) -> Completion.Candidate {
        var status = stat()
        let isThere = stat(directory + "/" + entry.name, &status) == 0
        let isDirectory = isThere ? status.st_mode & S_IFMT == S_IFDIR : entry.isDirectory == true
        let detail = isDirectory || !isThere ? "" : size(Int(status.st_size))
        return Completion.Candidate(head + entry.name + (isDirectory ? "/" : ""), detail: detail, isOpen: isDirectory)
    }

    private static func names(in directory: String) -> [(name: String, isDirectory: Bool?)] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [(name: String, isDirectory: Bool?)] = []
        while names.count < mostNames, let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
            }
            guard let name, name != ".", name != ".." else { continue }
            names.append((name, Int32(entry.pointee.d_type) == Int32(DT_DIR)))
        }
        return names
    }

    private static func size(_ bytes: Int) -> String {
        switch bytes {
        case ..<1_000: "\(bytes) B"
        case ..<1_000_000: "\(bytes / 1_000) kB"
        default: "\(bytes / 1_000_000) MB"
        }
    }
}
