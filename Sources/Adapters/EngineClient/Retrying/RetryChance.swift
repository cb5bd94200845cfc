/// Why it may help to ask an engine once more.
enum RetryChance: Sendable, Equatable {
    /// It could be there in a moment.
    case soon(because: String)
    /// It said when it wants to be asked again.
    case after(Duration, because: String)
    /// It loads its model.
    case loading(because: String)

    /// Why, in words that go before a colon.
    var reason: String {
        switch self {
        case .soon(let reason), .after(_, let reason), .loading(let reason): reason
        }
    }
}
