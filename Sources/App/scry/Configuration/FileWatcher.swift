import Dispatch
import Glibc

/// Tells when files in folders are written, without looking at them again and again: asleep until the kernel says so.
final class FileWatcher {
    /// The folders that are watched.
    let folders: Set<String>
    private let source: (any DispatchSourceRead)?

    /// Begins to watch; folders that are not there are left out.
    ///
    /// - Parameters:
    ///   - suffix: How the names of the files end.
    ///   - onChange: Called on a queue of its own, once for changes at the same time.
    init(folders: Set<String>, suffix: String, onChange: @escaping @Sendable () -> Void) {
        self.folders = folders
        let descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        guard descriptor >= 0 else {
            source = nil
            return
        }
        let wanted = UInt32(IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE)
        let watched = folders.filter { inotify_add_watch(descriptor, $0, wanted) >= 0 }
        guard !watched.isEmpty else {
            close(descriptor)
            source = nil
            return
        }
        let queue = DispatchQueue(label: "files")
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        source.setEventHandler { @Sendable in if Self.hasName(endingWith: suffix, in: descriptor) { onChange() } }
        source.setCancelHandler { @Sendable in close(descriptor) }
        source.activate()
        self.source = source
    }

    deinit { source?.cancel() }

    /// Reads what happened, all of it, and says whether any of it matters.
    private static func hasName(endingWith suffix: String, in descriptor: Int32) -> Bool {
        var isFound = false
        var bytes = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = read(descriptor, &bytes, bytes.count)
            guard count > 0 else { return isFound }
            bytes.withUnsafeBytes { raw in
                var offset = 0
                let head = MemoryLayout<inotify_event>.size
                while offset + head <= count {
                    let length = Int(raw.loadUnaligned(fromByteOffset: offset + 12, as: UInt32.self))
                    let end = min(offset + head + length, count)
                    let name = raw[(offset + head)..<end].prefix { $0 != 0 }
                    if String(decoding: name, as: UTF8.self).hasSuffix(suffix) { isFound = true }
                    offset = end
                }
            }
        }
    }
}
