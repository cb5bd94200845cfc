import Glibc

/// Files that are gone after their use.
enum Scratch {
    static func file(_ name: String) throws -> String {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        return "\(folder)/scry-evidence-\(getpid())-\(name)"
    }

    static func remove(_ path: String) { unlink(path) }
}
