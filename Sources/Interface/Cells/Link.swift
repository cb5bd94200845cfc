import Synchronization

/// A link target that is safe to show and to hand to a browser when asked: http, https or mailto, printable ASCII.
///
/// It is a number, and the targets are in a table that only grows, so that a style stays small and cheap to copy.
public struct Link: Hashable, Sendable {
    private struct Table {
        var targets: [String] = []
        var numbers: [String: UInt32] = [:]
    }

    private static let table = Mutex(Table())

    private let number: UInt32

    /// Checks a target; `nil` when the scheme is another, or it is too long, or has blanks, controls or foreign letters.
    public init?(_ target: String) {
        guard target.utf8.count <= 2048, target.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        let head = target.prefix(8).lowercased()
        guard
            ["http://", "https://", "mailto:"].contains(where: {
                head.hasPrefix($0) && target.utf8.count > $0.utf8.count
            })
        else { return nil }
        number = Self.table.withLock { table in
            if let known = table.numbers[target] { return known }
            let number = UInt32(table.targets.count)
            table.targets.append(target)
            table.numbers[target] = number
            return number
        }
    }

    /// A number that no other target has.
    public var id: Int { Int(number) }

    /// The address.
    public var target: String { Self.table.withLock { $0.targets[Int(number)] } }
}
