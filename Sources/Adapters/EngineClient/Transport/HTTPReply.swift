/// A whole reply.
public struct HTTPReply: Sendable {
    /// Its status and headers.
    public var head: HTTPHead
    /// Its body.
    public var body: [UInt8]

    /// Its status, as 200.
    public var status: Int { head.status }
}
