import Conversation
import GRDB
import Glibc

/// Looks at the files of the history: whether they are there, whole, and for nobody else's eyes.
struct MediaInspection {
    let path: String
    let media: MediaStore

    /// What is wrong with the files that messages and drafts show.
    func findings(_ shown: [MediaReference], unused: Int) -> [HistoryFinding] {
        var missing = 0
        var damaged = 0
        for one in shown {
            guard let file = media.path(of: one), let status = PrivateFile.status(file) else {
                missing += 1
                continue
            }
            if status.byteCount != one.byteCount { damaged += 1 }
        }
        var findings: [HistoryFinding] = []
        func add(_ kind: HistoryFinding.Kind, _ count: Int, _ what: String, isRepairable: Bool) {
            guard count > 0 else { return }
            let things = count == 1 ? "1 picture or recording" : "\(count) pictures or recordings"
            findings.append(HistoryFinding(kind: kind, message: "\(things) \(what)", isRepairable: isRepairable))
        }
        add(.missingMedia, missing, "no longer kept; the chats that show them go on without.", isRepairable: false)
        add(.damagedMedia, damaged, "not whole; attach again what matters.", isRepairable: true)
        add(.unusedMedia, unused, "stored that no chat shows.", isRepairable: true)
        return findings
    }

    /// What is wrong with owners and permissions.
    func permissionFindings() -> [HistoryFinding] {
        var strangers: [String] = []
        var open: [String] = []
        for place in places {
            guard let status = Self.status(place) else { continue }
            if status.owner != geteuid() {
                strangers.append(place)
            } else if status.mode & 0o077 != 0 {
                open.append(place)
            }
        }
        var findings: [HistoryFinding] = []
        if let first = strangers.first {
            findings.append(
                HistoryFinding(
                    kind: .wrongOwner,
                    message: "\(first)\(others(strangers)) belongs to another user; give it back with chown.",
                    isRepairable: false))
        }
        if let first = open.first {
            findings.append(
                HistoryFinding(
                    kind: .openPermissions, message: "\(first)\(others(open)) can be read by other users.",
                    isRepairable: true))
        }
        return findings
    }

    /// Takes the permissions of others away.
    func closePermissions() {
        for place in places {
            guard let status = Self.status(place), status.owner == geteuid(), status.mode & 0o077 != 0 else { continue }
            chmod(place, status.mode & 0o700)
        }
    }

    /// Removes files that are not whole, so that attaching the same picture stores it again.
    func removeDamaged(_ shown: [MediaReference]) {
        for one in shown {
            guard let file = media.path(of: one), let status = PrivateFile.status(file),
                status.byteCount != one.byteCount
            else { continue }
            media.remove(file: file)
        }
    }

    // MARK: - Private

    /// The history's own files and directories, and those of the media.
    private var places: [String] {
        let files =
            path.isEmpty ? [] : [PrivateFile.directory(of: path), path, path + "-wal", path + "-shm", path + ".lock"]
        let folders = PrivateFile.names(in: media.directory).map { "\(media.directory)/\($0)" }
        return files + [media.directory] + folders
            + folders.flatMap { folder in PrivateFile.names(in: folder).map { "\(folder)/\($0)" } }
    }

    private func others(_ all: [String]) -> String { all.count > 1 ? " (and \(all.count - 1) more)" : "" }

    private static func status(_ path: String) -> (owner: uid_t, mode: mode_t)? {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFLNK else { return nil }
        return (status.st_uid, status.st_mode & 0o7777)
    }
}
