/// The title of the window that a recording shows, or that had the focus, from a time on.
public struct TimedTitle: Sendable, Equatable {
    /// Seconds since the recording began.
    public var time: Double
    /// The title; empty where there was none.
    public var title: String

    /// Makes a title.
    public init(time: Double, title: String) {
        self.time = time
        self.title = title
    }
}

extension [TimedTitle] {
    /// Seconds after a window is seen within which its title is noted.
    private static var lag: Double { 0.3 }

    /// The title that belongs to a picture; nil when none is known.
    ///
    /// The titles have to be in order of time.
    public func title(at seconds: Double) -> String? {
        let title = last { $0.time <= seconds + Self.lag }?.title
        return title?.isEmpty == false ? title : nil
    }
}
