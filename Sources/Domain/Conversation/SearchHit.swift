public import FoundationEssentials

/// A place in the history where the words that were looked for are.
public struct SearchHit: Sendable, Equatable {
    /// Where in a message they are.
    public enum Place: String, Sendable, Codable {
        /// In what was asked or answered.
        case words
        /// In what the engine thought.
        case reasoning
        /// In an attached text, in what was read from a picture, or in a window's title.
        case screen
        /// In the conversation's title.
        case title
    }

    /// The conversation.
    public var conversation: Conversation.ID
    /// Its title.
    public var title: String
    /// The message; nil for a hit in the title.
    public var message: Message.ID?
    /// Who said it; nil for a hit in the title.
    public var role: Message.Role?
    /// When it was said; for a hit in the title, when something was last said in the conversation.
    public var date: Date
    /// Where the words are.
    public var place: Place
    /// A line of what is there.
    public var snippet: Snippet
    /// The picture in which the words are, else the first of the message or of the question that it answers.
    public var picture: MediaReference?
    /// The title of the window that the picture shows.
    public var windowTitle: String?
    /// When the picture was taken.
    public var takenAt: Date?

    /// Makes a hit.
    public init(
        conversation: Conversation.ID, title: String, message: Message.ID?, role: Message.Role?, date: Date,
        place: Place, snippet: Snippet, picture: MediaReference?, windowTitle: String? = nil, takenAt: Date? = nil
    ) {
        self.conversation = conversation
        self.title = title
        self.message = message
        self.role = role
        self.date = date
        self.place = place
        self.snippet = snippet
        self.picture = picture
        self.windowTitle = windowTitle
        self.takenAt = takenAt
    }
}

/// A line cut out of a longer text, in runs that were looked for and runs that were not.
public struct Snippet: Sendable, Equatable {
    /// A piece of the line.
    public struct Run: Sendable, Equatable {
        /// The piece's text.
        public var text: String
        /// Whether it is what was looked for.
        public var isHit: Bool

        /// Makes a run.
        public init(_ text: String, isHit: Bool = false) {
            self.text = text
            self.isHit = isHit
        }
    }

    /// The pieces, in order.
    public var runs: [Run]

    /// Makes a snippet.
    public init(_ runs: [Run]) {
        self.runs = runs
    }

    /// The line without marks.
    public var text: String { runs.map(\.text).joined() }
}
