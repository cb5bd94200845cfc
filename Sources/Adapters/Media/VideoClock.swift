/// Turns the units of a video's stream into seconds since its first picture.
struct VideoClock: Sendable {
    private let numerator: Double
    private let denominator: Double
    private let origin: Double

    init(numerator: Int32, denominator: Int32, origin: Int64) {
        self.numerator = Double(numerator)
        self.denominator = Double(denominator)
        self.origin = Double(origin) * self.numerator / self.denominator
    }

    func seconds(_ units: Int64) -> Double { max(0, Double(units) * numerator / denominator - origin) }
}
