import CPipeWire
import Desktop
import Glibc

/// libpipewire, loaded when it is first needed, and the daemon's socket.
enum PipeWireLibrary {
    /// Loads the library.
    static func load() throws(CaptureFailure) {
        var reason = [CChar](repeating: 0, count: 256)
        guard cpipewire_load(&reason, reason.count) != 0 else { return }
        throw CaptureFailure(
            .unsupported,
            "Wayland desktops share their screen through PipeWire, and its library is missing. On Debian:"
                + " apt install libpipewire-0.3-0 pipewire wireplumber.")
    }

    /// The library's version; nil when there is none.
    static var version: String? { (try? load()).map { String(cString: cpipewire_version()) } }

    /// The daemon's socket: where PIPEWIRE_REMOTE says, else in PIPEWIRE_RUNTIME_DIR or XDG_RUNTIME_DIR.
    static func socketPath(_ environment: [String: String]) -> String? {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let name = value("PIPEWIRE_REMOTE") ?? "pipewire-0"
        if name.hasPrefix("/") { return name }
        guard let directory = value("PIPEWIRE_RUNTIME_DIR") ?? value("XDG_RUNTIME_DIR") else { return nil }
        return directory + "/" + name
    }

    /// Connects to the daemon of the session.
    static func connect(_ environment: [String: String]) throws(CaptureFailure) -> Int32 {
        guard let path = socketPath(environment) else { throw unreachable(ENOENT) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard path.utf8.count < room else { throw unreachable(ENAMETOOLONG) }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw unreachable(errno) }
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0 else {
            let code = errno
            close(socket)
            throw unreachable(code)
        }
        return socket
    }

    /// The failure of connecting.
    static func unreachable(_ code: Int32) -> CaptureFailure {
        CaptureFailure(
            .noDesktop,
            "PipeWire, which carries the screen's pictures, does not answer: \(String(cString: strerror(code))). Install and"
                + " start it: apt install pipewire wireplumber; systemctl --user start pipewire wireplumber.")
    }
}
