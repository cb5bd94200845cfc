import Glibc

/// Tells whether files are on a file system that SQLite's write-ahead log is not safe on.
enum NetworkFileSystem {
    /// Whether a path is on NFS, SMB, FUSE and the like; false where that cannot be told.
    static func holds(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { return false }
        let device = UInt64(status.st_dev)
        let major = (device >> 8) & 0xFFF | (device >> 32) & 0xFFFF_F000
        let minor = device & 0xFF | (device >> 12) & 0xFFFF_FF00
        var mounts: [UInt8] = []
        guard PrivateFile.read("/proc/self/mountinfo", { mounts.append(contentsOf: $0) }) == 0 else { return false }
        let type = type(ofDevice: "\(major):\(minor)", in: String(decoding: mounts, as: UTF8.self))
        return type.map(isShared) ?? false
    }

    /// The type of the file system on a device, by the kernel's table of mounts.
    static func type(ofDevice device: String, in mounts: String) -> String? {
        for line in mounts.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 2, fields[2] == device, let dash = fields.firstIndex(of: "-") else { continue }
            return fields.indices.contains(dash + 1) ? String(fields[dash + 1]) : nil
        }
        return nil
    }

    /// Whether other machines, or programs without a kernel's guarantees, have their hands in such a file system.
    static func isShared(type: String) -> Bool {
        switch type {
        case "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "virtiofs", "ceph", "afs", "coda", "gfs2", "ocfs2", "lustre",
            "ncpfs", "fuse":
            true
        default: type.hasPrefix("fuse.")
        }
    }
}
