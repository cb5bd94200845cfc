/// Which signals are wanted.
struct BusRule: Sendable, Hashable {
    /// Who sends them.
    var sender: String
    /// The object that sends them; nil for any.
    var path: String?
    var interface: String
    var member: String
    /// What the first value must be; nil for anything.
    var argument: String?
    /// What the first value, a name with dots in it, must begin with; nil for anything.
    var namespace: String?

    /// The rule as the bus wants it.
    ///
    /// None of these strings may hold a quote; those of ours do not.
    var match: String {
        var parts = ["type='signal'", "sender='\(sender)'", "interface='\(interface)'", "member='\(member)'"]
        if let path { parts.append("path='\(path)'") }
        if let argument { parts.append("arg0='\(argument)'") }
        if let namespace { parts.append("arg0namespace='\(namespace)'") }
        return parts.joined(separator: ",")
    }
}

/// A signal that came.
struct BusSignal: Sendable {
    /// The object that sent it.
    var path: String
    var values: [BusValue]
}

/// Signals that come until this goes away.
final class BusSubscription: Sendable {
    private let cancellation: @Sendable () -> Void

    init(cancellation: @escaping @Sendable () -> Void) { self.cancellation = cancellation }

    deinit { cancellation() }
}
