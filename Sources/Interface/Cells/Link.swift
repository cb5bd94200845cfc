/// A link target that is safe to show and to hand to a browser when asked: http, https or mailto, printable ASCII.
///
/// It is a reference inside so that a style stays small; two links are equal when their targets are.
public struct Link: Hashable, Sendable {
    private final class Storage: Sendable {
        let target: String
        init(_ target: String) { self.target = target }
    }

    private let storage: Storage

    /// Checks a target; `nil` when the scheme is another, or it is too long, or has blanks, controls or foreign letters.
    public init?(_ target: String) {
        guard target.utf8.count <= 2048, target.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        let head = target.prefix(8).lowercased()
        guard ["http://", "https://", "mailto:"].contains(where: { head.hasPrefix($0) && target.count > $0.count })
        else { return nil }
        storage = Storage(target)
    }

    /// The address.
    public var target: String { storage.target }

    /// Compares targets.
    public static func == (left: Link, right: Link) -> Bool {
        left.storage === right.storage || left.target == right.target
    }

    /// Hashes the target.
    public func hash(into hasher: inout Hasher) { hasher.combine(target) }
}
