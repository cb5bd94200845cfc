/// Takes the bytes of an export, piece by piece.
public protocol ByteSink {
    /// Takes more bytes.
    mutating func write(_ bytes: [UInt8]) throws(ExchangeFailure)
}

extension ByteSink {
    mutating func write(_ text: String) throws(ExchangeFailure) { try write(Array(text.utf8)) }
}

/// Keeps what is written in memory.
public struct ByteBuffer: ByteSink {
    /// What was written.
    public private(set) var bytes: [UInt8] = []

    /// Begins with nothing.
    public init() {}

    /// Takes more bytes.
    public mutating func write(_ bytes: [UInt8]) throws(ExchangeFailure) { self.bytes += bytes }
}
