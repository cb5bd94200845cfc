import Glibc
import Synchronization

/// Tells whether the program that began to write something still lives, however it ended.
///
/// Each history that is open locks one byte of a file, at a random place that is its number. The kernel drops the lock with
/// the program, by kill -9 and power cut alike; a process number could belong to another program by then, or to another
/// container. Locks belong to the open file, so two histories in one process tell each other apart as well.
final class WriterLock: Sendable {
    /// The place of the byte that this history has locked.
    let number: Int64

    private let descriptor: Int32
    /// The place of the byte that stands for the conversation that is open here.
    private let claimed = Mutex<Int64?>(nil)

    // F_OFD_GETLK, F_OFD_SETLK and F_OFD_SETLKW of Linux; glibc shows them only under _GNU_SOURCE.
    private static let getLock: Int32 = 36
    private static let setLock: Int32 = 37
    private static let setLockWaiting: Int32 = 38

    /// Opens the file of locks, making it when it is missing, and locks a byte.
    init(path: String) throws(HistoryFailure) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw HistoryFailure(errno, doing: "open", at: path) }
        // Byte 0 is for `whileAlone`. A file system without locks loses only the distinction between two live programs.
        var number: Int64
        repeat {
            number = Int64.random(in: 1..<(1 << 62))
        } while Self.lock(descriptor, byte: number, how: Self.setLock) == EAGAIN
        self.number = number
    }

    deinit { close(descriptor) }

    /// Tells whether the history with this number is open, here or in another program.
    func isAlive(_ other: Int64) -> Bool {
        if other == number { return true }
        var request = Self.request(F_WRLCK, byte: other)
        guard fcntl(descriptor, Self.getLock, &request) == 0 else { return false }
        return Int32(request.l_type) != F_UNLCK
    }

    /// Whether this history is the only one that is open.
    var isAlone: Bool {
        var request = Self.request(F_WRLCK, byte: 1)
        request.l_len = 0
        return fcntl(descriptor, Self.getLock, &request) != 0 || Int32(request.l_type) == F_UNLCK
    }

    /// Runs something while no other program does, waiting for its turn.
    func whileAlone<Result>(_ work: () throws -> Result) rethrows -> Result {
        let locked = Self.lock(descriptor, byte: 0, how: Self.setLockWaiting) == 0
        defer {
            var request = Self.request(F_UNLCK, byte: 0)
            if locked { _ = fcntl(descriptor, Self.setLock, &request) }
        }
        return try work()
    }

    /// Locks the byte of a conversation in place of the one before; false when another history has it.
    func claim(_ name: String) -> Bool {
        let byte = Self.place(of: name)
        return claimed.withLock { claimed in
            if claimed == byte { return true }
            if let old = claimed {
                var request = Self.request(F_UNLCK, byte: old)
                _ = fcntl(descriptor, Self.setLock, &request)
            }
            claimed = nil
            let failure = Self.lock(descriptor, byte: byte, how: Self.setLock)
            guard failure != EAGAIN, failure != EACCES else { return false }
            claimed = byte
            return true
        }
    }

    // MARK: - Private

    /// Behind the numbers of histories; a name has the same place in every program.
    private static func place(of name: String) -> Int64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return (1 << 62) + Int64(hash >> 3)
    }

    /// Returns 0 or the error number.
    private static func lock(_ descriptor: Int32, byte: Int64, how: Int32) -> Int32 {
        var request = request(F_WRLCK, byte: byte)
        while fcntl(descriptor, how, &request) != 0 {
            if errno != EINTR { return errno }
        }
        return 0
    }

    private static func request(_ type: Int32, byte: Int64) -> flock {
        var request = flock()
        request.l_type = Int16(type)
        request.l_whence = Int16(SEEK_SET)
        request.l_start = off_t(byte)
        request.l_len = 1
        return request
    }
}
