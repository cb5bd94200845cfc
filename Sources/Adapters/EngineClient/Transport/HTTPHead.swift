/// What a server says before the body: its status and its headers.
public struct HTTPHead: Sendable {
    /// The status, as 200.
    public var status: Int
    /// The headers, in the order in which they came.
    public var headers: [HTTPRequest.Header]

    /// Makes a head.
    public init(status: Int, headers: [HTTPRequest.Header] = []) {
        self.status = status
        self.headers = headers
    }

    /// The first value of a header, whose name may be written in any case.
    public subscript(name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased() == wanted }?.value
    }
}
