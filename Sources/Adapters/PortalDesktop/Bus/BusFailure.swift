import Glibc

/// Why the bus or somebody on it did not do what was asked.
enum BusFailure: Error, Equatable, CustomStringConvertible {
    /// There is no session bus, or it does not let us in: errno.
    case unreachable(Int32)
    /// libsystemd, which speaks with the bus, cannot be loaded: why.
    case unloadable(String)
    /// The connection has ended.
    case disconnected
    /// The answer is an error: its name, as "org.freedesktop.DBus.Error.UnknownMethod", and its sentence.
    case refused(name: String, message: String)
    /// There was no answer in time.
    case late
    /// A message could not be written or read: errno.
    case malformed(Int32)

    /// The sentence for people and logs.
    var description: String {
        switch self {
        case .unreachable(let code): "The session bus cannot be reached: \(String(cString: strerror(code)))."
        case .unloadable(let reason): "libsystemd cannot be loaded: \(reason). Install libsystemd0."
        case .disconnected: "The session bus closed the connection."
        case .refused(let name, let message): "\(message.isEmpty ? name : message)"
        case .late: "There was no answer in time."
        case .malformed(let code): "A message on the bus makes no sense: \(String(cString: strerror(code)))."
        }
    }

    /// Whether nobody offers the interface or the method.
    var isUnknown: Bool {
        guard case .refused(let name, let message) = self else { return false }
        let unknown = ["UnknownMethod", "UnknownInterface", "UnknownObject", "UnknownProperty"]
        return unknown.contains { name == "org.freedesktop.DBus.Error.\($0)" }
            // What GLib's property interface says.
            || name == "org.freedesktop.DBus.Error.InvalidArgs" && message.hasPrefix("No such interface")
    }

    /// Whether a backend that was to be started for it did not start.
    var isOfDeadBackend: Bool {
        guard case .refused(_, let message) = self else { return false }
        return message.contains("StartServiceByName for org.freedesktop.impl.portal.")
    }

    /// Whether nobody has the name, and nobody can be started for it.
    var isAbsent: Bool {
        guard case .refused(let name, _) = self else { return false }
        return ["ServiceUnknown", "NameHasNoOwner", "Spawn.ServiceNotFound"].contains {
            name == "org.freedesktop.DBus.Error.\($0)"
        }
    }
}

/// Turns a negative status of sd-bus into an error.
@discardableResult
func check(_ status: Int32) throws(BusFailure) -> Int32 {
    guard status < 0 else { return status }
    switch -status {
    case ENOTCONN, ECONNRESET, EPIPE, ESHUTDOWN: throw .disconnected
    case ETIMEDOUT: throw .late
    default: throw .malformed(-status)
    }
}
