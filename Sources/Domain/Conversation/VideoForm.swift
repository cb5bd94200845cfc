/// The form in which a recording goes to an engine.
public enum VideoForm: String, Sendable, Codable, CaseIterable {
    /// One video, from which the engine samples frames itself.
    case video
    /// The chosen frames as a list in one part, which the engine lays out as a video.
    case frameList = "frame-list"
    /// The chosen frames as pictures, each after its time.
    case pictures

    /// What of a recording an engine gets to see in one of the forms.
    public struct Sight: Sendable, Equatable {
        /// How many of its frames.
        public var frames: Int
        /// The longer side at which each is seen, in pixels.
        public var side: Int

        /// Makes what is seen.
        public init(frames: Int, side: Int) {
            self.frames = frames
            self.side = side
        }

        /// Whether more of the recording is seen: more frames that can still be read, or no fewer whose sides are longer
        /// by an eighth, so that text tells the difference.
        func shows(moreThan other: Sight) -> Bool {
            if frames > other.frames { return side >= min(Self.legibleSide, other.side / 2) }
            return frames == other.frames && side >= other.side + max(1, other.side / 8)
        }

        /// The longer side, in pixels, from which on a screen's text is read.
        private static let legibleSide = 800
    }

    /// The form that keeps a recording legible, of those that an engine really takes.
    ///
    /// One video is best as long as two frames a second keep their size: movement is seen in it, and its times are even as
    /// the models have learned them. Beyond that, half a minute of a screen or so, an engine scales the frames down until no
    /// text is read, and chosen frames serve better. As pictures each is seen on its own, but costs twice what a frame of a
    /// video does and counts against the engine's number of pictures. A list costs half and counts as one video, but its
    /// frames are seen in pairs; so it is taken only where it shows more.
    ///
    /// - Parameters:
    ///   - hasLegibleVideo: Whether the engine takes one video, and two frames a second keep their size in it.
    ///   - frameList: What is seen of it as a list of frames; nil where the engine takes none.
    ///   - pictures: What is seen of it as pictures.
    public static func choose(hasLegibleVideo: Bool, frameList: Sight?, pictures: Sight) -> VideoForm {
        if hasLegibleVideo { return .video }
        guard let frameList, frameList.frames > 1, frameList.shows(moreThan: pictures) else { return .pictures }
        return .frameList
    }
}

/// Whether an engine takes a video as a list of frames, and what becomes of their times.
public enum FrameListAbility: String, Sendable, Codable, CaseIterable {
    /// It refuses them, drops some, or does not see them.
    case refused
    /// It counts them at an even pace; their times are told in words.
    case untimed
    /// It takes their times along.
    case timed

    /// Whether recordings can go as lists.
    public var isTaken: Bool { self != .refused }

    /// More frames than an engine samples of a list unless it was told otherwise when it was started.
    public static let mostFrames = 32
}
