public import Conversation

/// What was found at one of the places where engines may be.
public struct EngineListing: Sendable, Equatable {
    /// What answered there, or why nothing did.
    public enum Answer: Sendable, Equatable {
        /// An engine.
        case engine(EngineProfile)
        /// Nothing that can be asked; the sentence says why.
        case none(name: String, sentence: String)
    }

    /// Where it stands in the list, whichever answers first.
    public var place: Int
    /// What answered.
    public var answer: Answer

    /// Makes a listing.
    public init(place: Int, _ answer: Answer) {
        self.place = place
        self.answer = answer
    }
}

/// The list of engines and models to choose from, filled while they answer.
public struct EngineMenu: Sendable, Equatable {
    /// A line of the list.
    public struct Entry: Sendable, Equatable {
        /// The engine.
        public var engine: EngineProfile
        /// One of its models.
        public var model: ModelProfile
    }

    /// What has answered so far.
    public internal(set) var listings: [EngineListing] = []
    /// What was typed to narrow the list.
    public internal(set) var filter = ""
    /// Whether some places have not answered yet.
    public internal(set) var isAsking = true

    /// The entry that was moved to; nil stands for the current one.
    private var chosen: (engine: EngineID, model: String)? {
        get { chosenEngine.map { ($0, chosenModel) } }
        set { (chosenEngine, chosenModel) = (newValue?.engine, newValue?.model ?? "") }
    }
    private var chosenEngine: EngineID?
    private var chosenModel = ""

    /// The models to choose from: those whose name, engine or abilities have every word of the filter.
    public var entries: [Entry] {
        let words = filter.lowercased().split(whereSeparator: \.isWhitespace)
        var entries: [Entry] = []
        for case .engine(let engine) in listings.map(\.answer) {
            for model in engine.models {
                let text = "\(engine.name) \(model.id) \(model.abilities.joined(separator: " "))".lowercased()
                if words.allSatisfy({ text.contains($0) }) { entries.append(Entry(engine: engine, model: model)) }
            }
        }
        return entries
    }

    /// The places where nothing can be asked, and why.
    public var silent: [(name: String, sentence: String)] {
        listings.compactMap { listing in
            switch listing.answer {
            case .none(let name, let sentence): (name, sentence)
            case .engine(let engine) where engine.models.isEmpty:
                (engine.name, "It serves no model at the moment.")
            case .engine: nil
            }
        }
    }

    /// Which of the entries is chosen: the one that was moved to, else the one in use, else the first.
    public func selected(current: (engine: EngineProfile, model: String)?) -> Int {
        let wanted = chosen ?? current.map { (EngineID($0.engine), $0.model) }
        guard let wanted else { return 0 }
        return entries.firstIndex { EngineID($0.engine) == wanted.0 && $0.model.id == wanted.1 } ?? 0
    }

    /// Puts a listing at its place; of two that are the same engine, the one that stands higher counts.
    mutating func add(_ listing: EngineListing) {
        if case .engine(let engine) = listing.answer {
            if let known = listings.firstIndex(where: { $0.isEngine(EngineID(engine)) }) {
                guard listing.place < listings[known].place else { return }
                listings.remove(at: known)
            }
        }
        listings.insert(listing, at: listings.firstIndex { $0.place > listing.place } ?? listings.count)
    }

    mutating func choose(_ entry: Entry) { chosen = (EngineID(entry.engine), entry.model.id) }
}

extension EngineListing {
    fileprivate func isEngine(_ id: EngineID) -> Bool {
        if case .engine(let engine) = answer { EngineID(engine) == id } else { false }
    }
}

/// Tells one engine from another: by where it is, not by what it is called.
public struct EngineID: Sendable, Hashable {
    private let url: String
    private let socket: String?

    /// The engine of a profile.
    public init(_ engine: EngineProfile) {
        url = engine.url
        socket = engine.socket
    }
}

extension ModelProfile {
    /// What the model can do, a word each; nothing is said of what nobody knows.
    public var abilities: [String] {
        var words: [String] = []
        if let vision { words.append(vision ? "sees" : "cannot see") }
        if video == true { words.append("video") }
        if thinking == true { words.append("thinks") }
        if tools == true { words.append("tools") }
        return words
    }
}
