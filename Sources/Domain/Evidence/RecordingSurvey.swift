/// Finds the frames worth showing while a recording is read once.
///
///     var survey = RecordingSurvey()
///     try reader.skim(
///         measure: { FrameSignature($0) }, look: { survey.look(at: $0, time: $1) },
///         mayPass: { survey.mayPass(to: $0, time: $1) })
///     let candidates = survey.finish(duration: reader.duration)
public struct RecordingSurvey: Sendable {
    /// When the last picture was that was looked at, in seconds; nil before the first.
    public private(set) var lastTime: Double?
    private var selector: FrameSelector

    /// Makes a survey.
    public init(selector: FrameSelector = FrameSelector()) { self.selector = selector }

    /// Takes a picture.
    public mutating func look(at picture: FrameSignature, time: Double) {
        selector.consider(picture, time: time)
        lastTime = time
    }

    /// Whether nothing but what blinks differs between the last picture and this one.
    public mutating func mayPass(to picture: FrameSignature, time: Double) -> Bool {
        selector.pass(to: picture, time: time)
    }

    /// Ends the recording and returns the candidates in order of time; empty when there was no picture.
    public mutating func finish(duration: Double) -> [Candidate] {
        selector.finish(duration: max(duration, lastTime ?? 0))
    }
}
