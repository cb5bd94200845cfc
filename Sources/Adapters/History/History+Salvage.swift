public import FoundationEssentials
import GRDB
import Glibc

/// What came out of a damaged history.
public struct Salvage: Sendable, Equatable {
    /// Where the damaged file is now.
    public var keptAt: String
    /// How many conversations were saved.
    public var conversations: Int
    /// How many messages were saved.
    public var messages: Int
    /// Whether rows are known to be lost.
    public var isPartial: Bool
}

extension History {
    /// Saves what can be read of a damaged history into a new one at the same place; the damaged one is kept beside it.
    ///
    /// No program may have it open, this one neither. What lost its conversation is found in one called "Recovered".
    ///
    /// - Throws: `.busy` when a program has the history open.
    public static func salvage(path: String, now: Date) throws(HistoryFailure) -> Salvage {
        let lock = try WriterLock(path: path + ".lock")
        let stamp = Int(now.timeIntervalSince1970)
        do {
            return try lock.whileAlone {
                guard lock.isAlone else {
                    throw HistoryFailure(
                        .busy, "The history at \(path) is open in another program; end that program and try again.")
                }
                let rescued = "\(path).rescued-\(stamp)"
                removeDatabase(rescued)
                try PrivateFile.make(rescued)
                var salvage = try Rescue(from: path, to: rescued).run()
                salvage.keptAt = "\(path).damaged-\(stamp)"
                try moveDatabase(path, to: salvage.keptAt)
                try moveDatabase(rescued, to: path)
                return salvage
            }
        } catch {
            throw HistoryFailure(error, at: path)
        }
    }

    private static func removeDatabase(_ path: String) {
        for suffix in ["", "-wal", "-shm", "-journal"] { unlink(path + suffix) }
    }

    private static func moveDatabase(_ path: String, to target: String) throws {
        // The side files first: alone they are nothing, and a database without them would be older than it is.
        for suffix in ["-shm", "-wal", "-journal", ""] where Glibc.rename(path + suffix, target + suffix) != 0 {
            if errno != ENOENT { throw HistoryFailure(errno, doing: "move", at: path + suffix) }
        }
    }
}
