import FoundationEssentials
import Glibc

/// Where Scry keeps its files: the XDG base directories, each of which can be moved with its variable.
///
/// Naming a place touches nothing; `make` makes directories when something is going to be written there.
struct Places: Sendable, Equatable {
    /// The home directory.
    let home: String
    /// Configuration and themes: `$XDG_CONFIG_HOME/scry`.
    let config: String
    /// History, media, models and the engine: `$XDG_DATA_HOME/scry`.
    let data: String
    /// The log: `$XDG_STATE_HOME/scry`.
    let state: String
    /// What can be fetched again: `$XDG_CACHE_HOME/scry`.
    let cache: String
    /// Sockets: `$XDG_RUNTIME_DIR/scry`, or a private directory below /tmp where the session has none.
    let runtime: String

    /// Reads the variables.
    ///
    /// - Parameters:
    ///   - environment: The variables; relative paths in them are ignored, as the specification demands.
    ///   - user: The number of the user.
    init(environment: [String: String], user: uid_t = getuid()) {
        func absolute(_ name: String) -> String? {
            environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil }
        }
        let home = absolute("HOME") ?? Self.home(of: user) ?? "/tmp/scry-\(user)"
        self.home = home
        config = Self.join(absolute("XDG_CONFIG_HOME") ?? Self.join(home, ".config"), "scry")
        data = Self.join(absolute("XDG_DATA_HOME") ?? Self.join(home, ".local/share"), "scry")
        state = Self.join(absolute("XDG_STATE_HOME") ?? Self.join(home, ".local/state"), "scry")
        cache = Self.join(absolute("XDG_CACHE_HOME") ?? Self.join(home, ".cache"), "scry")
        // After su or in a container the variable may name a directory that is another's, or is not there.
        let session = absolute("XDG_RUNTIME_DIR").flatMap { access($0, W_OK | X_OK) == 0 ? $0 : nil }
        runtime = session.map { Self.join($0, "scry") } ?? "/tmp/scry-\(user)"
    }

    /// The places of this run of the program.
    static var current: Places { Places(environment: Services.processEnvironment) }

    /// A path in which "~/" may stand for the home.
    func expanded(_ path: String) -> String {
        path.hasPrefix("~/") ? Self.join(home, String(path.dropFirst(2))) : path
    }

    // MARK: - Files

    var configFile: String { config + "/config.toml" }
    var themes: String { config + "/themes" }
    var historyFile: String { data + "/history.sqlite" }
    var media: String { data + "/media" }
    var models: String { data + "/models" }
    var engine: String { data + "/engine" }
    var logFile: String { state + "/scry.log" }
    var portalToken: String { state + "/portal-token" }
    var lastRegion: String { state + "/last-region" }
    /// Where a running chat takes pictures.
    var chatSocket: String { runtime + "/chat.sock" }
    /// Held by who holds the hotkeys.
    var hotkeyLock: String { runtime + "/hotkeys.lock" }
    /// Which hotkeys are held.
    var hotkeyState: String { runtime + "/hotkeys.json" }
    /// The picture that was taken last by a hotkey, for a question about what changed.
    var lastPicture: String { runtime + "/last-picture" }
    var engineSocket: String { runtime + "/engine.sock" }

    // MARK: - Making

    /// Makes a directory and those above it, readable by their owner only.
    ///
    /// - Throws: `PlaceFailure` where that is impossible, or where `runtime` is not safe to use.
    func make(_ directory: String) throws(PlaceFailure) {
        try Self.makeAll(directory)
        if directory == runtime { try secure(directory) }
    }

    /// Anybody may make /tmp/scry-1000 before its owner does, and would then own the sockets in it.
    private func secure(_ directory: String) throws(PlaceFailure) {
        var status = stat()
        guard lstat(directory, &status) == 0 else { throw PlaceFailure(directory, errno) }
        guard status.st_mode & S_IFMT == S_IFDIR, status.st_uid == getuid() else {
            throw PlaceFailure(
                message: "\(directory) belongs to somebody else; set XDG_RUNTIME_DIR to a directory of your own.")
        }
        if status.st_mode & 0o077 != 0, chmod(directory, 0o700) != 0 { throw PlaceFailure(directory, errno) }
    }

    private static func makeAll(_ directory: String) throws(PlaceFailure) {
        if mkdir(directory, 0o700) == 0 || errno == EEXIST { return }
        let failed = errno
        guard failed == ENOENT, let slash = directory.lastIndex(of: "/"), slash != directory.startIndex else {
            throw PlaceFailure(directory, failed)
        }
        try makeAll(String(directory[..<slash]))
        guard mkdir(directory, 0o700) == 0 || errno == EEXIST else { throw PlaceFailure(directory, errno) }
    }

    // MARK: - Private

    private static func join(_ base: String, _ name: String) -> String {
        var base = Substring(base)
        while base.hasSuffix("/") { base.removeLast() }
        return base + "/" + name
    }

    /// The home directory of the user database, for programs that were started without HOME.
    private static func home(of user: uid_t) -> String? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1 << 14) { buffer -> String? in
            guard let base = buffer.baseAddress, getpwuid_r(user, &entry, base, buffer.count, &found) == 0,
                found != nil, let directory = entry.pw_dir
            else { return nil }
            let home = String(cString: directory)
            return home.hasPrefix("/") ? home : nil
        }
    }
}

/// Why a directory of Scry's cannot be used: what failed, why, and what to do.
struct PlaceFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// The sentence that people see.
    let message: String

    var description: String { message }

    init(message: String) {
        self.message = message
    }

    init(_ directory: String, _ errno: Int32) {
        let reason = String(cString: strerror(errno))
        message = "Scry cannot make its directory \(directory) (\(reason)); check who owns the one above it."
    }
}
