import Glibc
import Synchronization

/// A descriptor that came in a message: closed when nobody has taken it.
final class BusDescriptor: Sendable, Equatable {
    private let number: Mutex<Int32>

    /// Takes a descriptor over.
    init(_ number: Int32) { self.number = Mutex(number) }

    deinit {
        let left = take()
        if left >= 0 { close(left) }
    }

    /// Gives the descriptor away, once; negative when somebody has it already.
    func take() -> Int32 {
        number.withLock { number in
            defer { number = -1 }
            return number
        }
    }

    /// Lends the descriptor; negative when somebody has taken it.
    func lend<Result>(_ body: (Int32) throws -> Result) rethrows -> Result { try number.withLock { try body($0) } }

    static func == (one: BusDescriptor, other: BusDescriptor) -> Bool { one === other }
}
