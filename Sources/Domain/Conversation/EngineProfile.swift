/// An engine that answers, and what is known of it.
public struct EngineProfile: Sendable, Equatable, Codable {
    /// The family of an engine, which decides the dialect that is spoken with it.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        case vllm
        case sglang
        case llamaServer = "llama-server"
        case ollama
        case lmstudio
        case transformers
        case zai
        case openai
    }

    /// What a user calls it: a name from the configuration, else the kind.
    public var name: String
    /// Its family.
    public var kind: Kind
    /// Where its OpenAI-compatible interface is, as "http://127.0.0.1:8000/v1".
    public var url: String
    /// The unix socket to connect through, in place of the URL's host and port.
    public var socket: String?
    /// Its version, where it says so.
    public var version: String?
    /// What it serves.
    public var models: [ModelProfile]
    /// Whether it is Scry's own.
    public var isOwn: Bool

    /// Makes a profile.
    public init(
        name: String, kind: Kind, url: String, socket: String? = nil, version: String? = nil,
        models: [ModelProfile] = [], isOwn: Bool = false
    ) {
        self.name = name
        self.kind = kind
        self.url = url
        self.socket = socket
        self.version = version
        self.models = models
        self.isOwn = isOwn
    }

    /// Whether a recording goes as one video: where the engine samples frames itself and says that the model takes video.
    public func takesVideo(_ model: ModelProfile) -> Bool {
        model.video == true && [.vllm, .sglang, .zai].contains(kind)
    }

    /// Whether lists of frames are a form of video for it: vLLM's alone.
    public var passesFrameLists: Bool { kind == .vllm }

    /// Whether it passes video on to a model that takes some.
    public var passesVideo: Bool { ![.ollama, .lmstudio, .openai].contains(kind) }

    /// Whether what is sent to it stays on this machine.
    public var isLocal: Bool {
        if socket != nil { return true }
        // A backslash ends the host for some readers of addresses and not for others.
        guard !url.contains("\\"), let host = Self.host(of: url)?.lowercased() else { return false }
        let octets = host.split(separator: ".", omittingEmptySubsequences: false)
        let isLoopback = octets.count == 4 && octets[0] == "127" && octets.allSatisfy { UInt8($0) != nil }
        return host == "localhost" || host == "::1" || isLoopback
    }

    /// The host of an address, without the name and password that may stand before it and the port after it.
    private static func host(of url: String) -> Substring? {
        let rest = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let place = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        guard place.hasPrefix("[") else { return place.prefix { $0 != ":" } }
        guard let end = place.firstIndex(of: "]") else { return nil }
        let port = place[place.index(after: end)...]
        return port.isEmpty || port.hasPrefix(":") ? place[..<end].dropFirst() : nil
    }
}

/// A model that an engine serves.
public struct ModelProfile: Sendable, Equatable, Codable {
    /// Whether a model can do something; nil where the engine does not say.
    public typealias Ability = Bool?

    /// What requests call it.
    public var id: String
    /// Tokens that fit into its context, request and reply together.
    public var contextLength: Int?
    /// Whether it sees pictures.
    public var vision: Ability
    /// Whether it takes video as video.
    public var video: Ability
    /// Whether a recording can go as a list of frames in one part; nil where nobody has tried.
    public var frameLists: FrameListAbility?
    /// Whether its thinking can be switched on and off.
    public var thinking: Ability
    /// Whether it calls tools.
    public var tools: Ability
    /// How much media a request may hold.
    public var limits: MediaLimits

    /// Makes a profile.
    public init(
        id: String, contextLength: Int? = nil, vision: Ability = nil, video: Ability = nil,
        frameLists: FrameListAbility? = nil, thinking: Ability = nil, tools: Ability = nil,
        limits: MediaLimits = MediaLimits()
    ) {
        self.id = id
        self.contextLength = contextLength
        self.vision = vision
        self.video = video
        self.frameLists = frameLists
        self.thinking = thinking
        self.tools = tools
        self.limits = limits
    }
}

/// How much media an engine takes in one request; nil where there is no limit, or none is known.
public struct MediaLimits: Sendable, Equatable, Codable {
    /// The most pictures, those of earlier turns included.
    public var pictures: Int?
    /// The most bytes of one picture.
    public var pictureBytes: Int?
    /// The longest side of a picture, in pixels.
    public var pictureSide: Int?
    /// The most videos.
    public var videos: Int?
    /// The most bytes of one video.
    public var videoBytes: Int?

    /// Makes limits.
    public init(
        pictures: Int? = nil, pictureBytes: Int? = nil, pictureSide: Int? = nil, videos: Int? = nil,
        videoBytes: Int? = nil
    ) {
        self.pictures = pictures
        self.pictureBytes = pictureBytes
        self.pictureSide = pictureSide
        self.videos = videos
        self.videoBytes = videoBytes
    }
}
