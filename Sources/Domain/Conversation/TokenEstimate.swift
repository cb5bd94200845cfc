/// Estimates what a request costs, in tokens, without asking anybody.
public struct TokenEstimate: Sendable {
    /// What a message costs.
    public struct Cost: Sendable, Equatable {
        /// Tokens of its words and of the texts that go with them.
        public var words: Int
        /// Tokens of its pictures and videos.
        public var media: Int

        /// Makes a cost.
        public init(words: Int, media: Int = 0) {
            self.words = words
            self.media = media
        }

        /// All of it.
        public var total: Int { words + media }
    }

    /// What the template puts around a message.
    public static let messageOverhead = 4

    private let pictures: PictureTokens

    /// Makes an estimate for a model, by the name that its engine gives it.
    public init(model id: String) { pictures = PictureTokens(model: id) }

    /// Estimates a request.
    public func count(_ request: ChatRequest) -> TokenCount {
        let costs = request.messages.map { cost(of: $0, in: request).total }
        return TokenCount(total: costs.reduce(overhead(of: request), +), perMessage: costs, isExact: false)
    }

    /// What a request costs beside its messages: the system prompt, what a reply has said already, the template's own.
    public func overhead(of request: ChatRequest) -> Int {
        let system = request.system.map { TextTokens.estimate($0) + Self.messageOverhead } ?? 0
        let begun = request.continuing.map { TextTokens.estimate($0.reasoning) + TextTokens.estimate($0.answer) } ?? 0
        return system + begun + Self.messageOverhead
    }

    /// What a message of a request costs; reasoning costs nothing, since it is not sent.
    public func cost(of message: Message, in request: ChatRequest) -> Cost {
        var cost = Cost(words: TextTokens.estimate(message.text) + Self.messageOverhead)
        for attachment in message.attachments { add(attachment, request, to: &cost) }
        return cost
    }

    /// What the pictures and videos of a request cost.
    public func media(of request: ChatRequest) -> Int {
        request.messages.reduce(0) { $0 + cost(of: $1, in: request).media }
    }

    /// As long as it is not decided which pages go, the first twenty count.
    private func add(_ document: Document, _ request: ChatRequest, to cost: inout Cost) {
        cost.words += 40
        let isUndecided = document.pages.contains { $0.form == nil }
        for page in isUndecided ? document.pages.prefix(20) : document.pages[...] {
            switch page.form {
            case .omitted: continue
            case .picture where request.sendsPictures:
                guard let picture = page.picture else { continue }
                cost.media += pictures.picture(width: picture.width, height: picture.height)
            case .picture, .text, nil: cost.words += TextTokens.estimate(page.text)
            }
            cost.words += 8
        }
    }

    private func add(_ attachment: Attachment, _ request: ChatRequest, to cost: inout Cost) {
        if case .text(let text) = attachment.content {
            cost.words += TextTokens.estimate(text) + 2 * TextTokens.estimate(attachment.label) + 12
            return
        }
        if case .document(let document) = attachment.content {
            add(document, request, to: &cost)
            return
        }
        guard request.sendsPictures else {
            for text in attachment.recognizedText ?? [] { cost.words += TextTokens.estimate(text) + 24 }
            return
        }
        if case .recording(let recording) = attachment.content {
            switch recording.form(sendsVideo: request.sendsVideo) {
            case .video:
                guard let video = recording.video else { break }
                cost.media += pictures.video(width: video.width, height: video.height, seconds: recording.seconds)
                return
            case .frameList:
                guard let list = recording.frameList, let first = list.first?.picture else { break }
                cost.words += 48 + 8 * list.count
                cost.media += pictures.video(width: first.width, height: first.height, frames: list.count)
                return
            case .pictures: break
            }
            // The introduction, and a time before each picture.
            cost.words += 28 + 8 * recording.frames.count
        }
        for picture in attachment.pictures {
            cost.media += pictures.picture(width: picture.width, height: picture.height)
        }
        for part in attachment.details?.parts ?? [] {
            cost.media += pictures.picture(width: part.picture.width, height: part.picture.height)
            cost.words += 24
        }
        if let comparison = attachment.details?.comparison { cost.words += 40 + 16 * comparison.places.count }
        if attachment.origin != nil { cost.words += 24 }
    }
}
