/// How far starting the engine, or fetching a model, has come.
public struct EngineHostProgress: Sendable, Equatable {
    /// What is being done: "Fetching the engine".
    public var step: String
    /// Bytes that have arrived; nil where nothing is downloaded.
    public var bytesDone: Int?
    /// Bytes that there are; nil where that is unknown.
    public var bytesTotal: Int?

    /// How much is done, from 0 to 1; nil where that is unknown.
    public var fraction: Double? {
        guard let bytesDone, let bytesTotal, bytesTotal > 0 else { return nil }
        return min(1, Double(bytesDone) / Double(bytesTotal))
    }

    /// Makes a report.
    public init(_ step: String, bytesDone: Int? = nil, bytesTotal: Int? = nil) {
        self.step = step
        self.bytesDone = bytesDone
        self.bytesTotal = bytesTotal
    }

    /// Something that takes reports; it is called on no particular thread, and seldom more than five times a second.
    public typealias Report = @Sendable (EngineHostProgress) -> Void
}
