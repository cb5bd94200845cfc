public import Conversation

/// What a model of an engine was proven to do, by trying it out; nil where trying has proven nothing.
public struct ProvenAbilities: Sendable, Equatable, Codable {
    /// Whether it sees pictures.
    public var sees: Bool?
    /// Whether it takes one video, and sees it.
    public var video: Bool?
    /// Whether it takes lists of frames.
    public var frameLists: FrameListAbility?
    /// The most pictures of a request; nil where none of a long recording was refused.
    public var pictures: Int?
    /// Whether its thinking can be switched on and off.
    public var thinking: Bool?

    /// Makes what was proven.
    public init(
        sees: Bool? = nil, video: Bool? = nil, frameLists: FrameListAbility? = nil, pictures: Int? = nil,
        thinking: Bool? = nil
    ) {
        self.sees = sees
        self.video = video
        self.frameLists = frameLists
        self.pictures = pictures
        self.thinking = thinking
    }

    /// Whether nothing was proven.
    public var isEmpty: Bool { self == ProvenAbilities() }

    /// Adds what a model's own engine does not say.
    func fill(_ model: inout ModelProfile) {
        model.vision = model.vision ?? sees
        model.video = model.video ?? video
        model.frameLists = model.frameLists ?? frameLists
        model.limits.pictures = model.limits.pictures ?? pictures
        model.thinking = model.thinking ?? thinking
    }

    /// Puts what was proven in the place of what the engine says, or its model's name lets expect.
    func correct(_ model: inout ModelProfile) {
        model.vision = sees ?? model.vision
        model.video = video ?? model.video
        model.frameLists = frameLists ?? model.frameLists
        model.limits.pictures = pictures ?? model.limits.pictures
        model.thinking = thinking ?? model.thinking
    }
}
