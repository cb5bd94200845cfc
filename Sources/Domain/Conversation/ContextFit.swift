/// What of a conversation still fits into an engine's context, and what is left out.
///
///     let fit = ContextFit.fit(request, for: model, reserve: 1024)
///     if let sentence = fit.sentence { … }            // "The oldest 4 messages are no longer sent: …"
///     guard fit.fits else { … }                       // the question alone is too long; the sentence says so
///     request.messages = fit.messages
///
/// Pictures go first, oldest first, and leave their names behind; then whole exchanges, oldest first. The system prompt and
/// the question stay. More is dropped at a time than is needed, and the same again in the turns that follow, so that what is
/// sent keeps its beginning, and the engine what it has computed for it, for several turns.
public struct ContextFit: Sendable, Equatable {
    /// What is sent.
    public var messages: [Message]
    /// How many messages are left out.
    public var droppedMessages: Int
    /// How many pictures and videos are left out of the messages that are sent.
    public var droppedPictures: Int
    /// Whether it fits; when not, the question alone is too long.
    public var fits: Bool
    /// What people are told; nil when all of it is sent.
    public var sentence: String?

    /// After dropping, at most this share of the room is taken, in percent.
    private static let lowWater = 60
    /// What the names of a message's pictures cost.
    private static let nameCost = 32

    /// Tokens of the context that are kept for a reply.
    public static func reserve(maxTokens: Int?) -> Int { maxTokens ?? 1_024 }

    /// Chooses what of a request's messages is sent.
    ///
    /// - Parameters:
    ///   - model: What the model takes; without a context length, only its limits count.
    ///   - reserve: Tokens that are kept for the reply; never more than half of the context.
    ///   - correction: What estimates are multiplied with; above 1 where an engine has counted more than was estimated.
    public static func fit(
        _ request: ChatRequest, for model: ModelProfile, reserve: Int = 1024, correction: Double = 1
    ) -> ContextFit {
        let estimate = TokenEstimate(model: model.id)
        let costs = request.messages.map { message in
            let cost = estimate.cost(of: message, in: request)
            return TokenEstimate.Cost(
                words: scaled(cost.words, correction), media: scaled(cost.media, correction))
        }
        return fit(
            request.messages, costs: costs, overhead: scaled(estimate.overhead(of: request), correction),
            context: model.contextLength, reserve: reserve,
            limits: request.sendsPictures ? model.limits : MediaLimits(),
            sendsVideo: request.sendsVideo)
    }

    /// Chooses what of some messages is sent, from what each of them costs.
    ///
    /// - Parameters:
    ///   - messages: What was said, oldest first, ending with the question.
    ///   - costs: What each of them costs.
    ///   - overhead: What is sent beside them.
    ///   - context: The tokens that fit, reply included; nil when it is not known.
    ///   - reserve: Tokens that are kept for the reply; never more than half of the context.
    ///   - limits: How much media the engine takes.
    ///   - sendsVideo: Whether a recording goes as one video.
    public static func fit(
        _ messages: [Message], costs: [TokenEstimate.Cost], overhead: Int, context: Int?, reserve: Int,
        limits: MediaLimits = MediaLimits(), sendsVideo: Bool = false
    ) -> ContextFit {
        let room = context.map { max(0, $0 - min(reserve, $0 / 2) - overhead) } ?? .max
        let media = messages.map { Media($0, sendsVideo: sendsVideo) }
        let sums = Sums(costs, media)
        var cut = Cut()
        // Every turn of the past is gone through again, so that this one drops what the last one did.
        for (index, message) in messages.enumerated() where message.role == .user {
            cut.make(before: index, messages, sums, room: room, limits)
        }
        return result(messages, costs, media, cut, room: room, context: context, limits)
    }

    private static func scaled(_ tokens: Int, _ factor: Double) -> Int {
        factor == 1 || !factor.isFinite ? tokens : Int((Double(tokens) * max(0, factor)).rounded(.up))
    }

    // MARK: - Cutting

    /// The media of a message.
    private struct Media {
        var pictures = 0
        var videos = 0
        var count: Int { pictures + videos }

        init(_ message: Message, sendsVideo: Bool) {
            for attachment in message.attachments {
                if case .recording(let recording) = attachment.content,
                    recording.form(sendsVideo: sendsVideo) != .pictures
                {
                    videos += 1
                } else {
                    pictures += attachment.pictures.count
                }
            }
        }
    }

    /// What the messages before each one cost together, so that any stretch of them is known at once.
    private struct Sums {
        private var whole = [0]
        private var named = [0]
        private var pictures = [0]
        private var videos = [0]

        init(_ costs: [TokenEstimate.Cost], _ media: [Media]) {
            for (cost, media) in zip(costs, media) {
                whole.append(whole[whole.count - 1] + cost.total)
                // A picture that is gone leaves its name.
                named.append(named[named.count - 1] + cost.words + min(cost.media, ContextFit.nameCost))
                pictures.append(pictures[pictures.count - 1] + media.pictures)
                videos.append(videos[videos.count - 1] + media.videos)
            }
        }

        func tokens(_ cut: Cut, through question: Int) -> Int {
            let shown = max(cut.media, cut.exchange)
            return named[shown] - named[cut.exchange] + whole[question + 1] - whole[shown]
        }

        func pictures(_ cut: Cut, through question: Int) -> Int {
            pictures[question + 1] - pictures[max(cut.media, cut.exchange)]
        }

        func videos(_ cut: Cut, through question: Int) -> Int {
            videos[question + 1] - videos[max(cut.media, cut.exchange)]
        }
    }

    /// How far a conversation is cut: messages before `exchange` are gone, those before `media` have lost their pictures.
    private struct Cut {
        var exchange = 0
        var media = 0

        /// Makes it fit at one question; both ends only ever move forward, so that all questions together take one pass.
        mutating func make(before question: Int, _ messages: [Message], _ sums: Sums, room: Int, _ limits: MediaLimits)
        {
            respect(limits, before: question, sums)
            guard sums.tokens(self, through: question) > room else { return }
            // In steps that do not overflow.
            let goal = room / 100 * ContextFit.lowWater + room % 100 * ContextFit.lowWater / 100
            while media < question, sums.tokens(self, through: question) > goal { media += 1 }
            while exchange < question, sums.tokens(self, through: question) > goal {
                exchange += 1
                while exchange < question, messages[exchange].role == .assistant { exchange += 1 }
            }
            media = max(media, exchange)
        }

        private mutating func respect(_ limits: MediaLimits, before question: Int, _ sums: Sums) {
            if let most = limits.pictures, sums.pictures(self, through: question) > most {
                while media < question, sums.pictures(self, through: question) > max(1, most / 2) { media += 1 }
            }
            if let most = limits.videos, sums.videos(self, through: question) > most {
                while media < question, sums.videos(self, through: question) > most { media += 1 }
            }
        }
    }

    // MARK: - Saying so

    private static func result(
        _ messages: [Message], _ costs: [TokenEstimate.Cost], _ media: [Media], _ cut: Cut, room: Int, context: Int?,
        _ limits: MediaLimits
    ) -> ContextFit {
        var kept: [Message] = []
        var pictures = 0
        for index in messages.indices.dropFirst(cut.exchange) {
            guard index < cut.media, media[index].count > 0 else {
                kept.append(messages[index])
                continue
            }
            pictures += media[index].count
            kept.append(messages[index].withoutPictures)
        }
        var fit = ContextFit(
            messages: kept, droppedMessages: cut.exchange, droppedPictures: pictures, fits: true, sentence: nil)
        guard let question = messages.indices.last else { return fit }
        if let problem = tooMuch(media[question], costs[question].total, room: room, context: context, limits) {
            fit.fits = false
            fit.sentence = problem
        } else {
            fit.sentence = fit.words(context: context, limits)
        }
        return fit
    }

    private static func tooMuch(
        _ media: Media, _ tokens: Int, room: Int, context: Int?, _ limits: MediaLimits
    ) -> String? {
        if let most = limits.pictures, media.pictures > most {
            return most == 0
                ? "The engine takes no pictures; remove them from the message."
                : "The message has \(media.pictures) pictures, and the engine takes \(most) at most; remove some."
        }
        if let most = limits.videos, media.videos > most {
            return "The message has \(media.videos) recordings, and the engine takes \(most) at most; remove some."
        }
        guard let context, tokens > room else { return nil }
        return "The message needs about \(grouped(tokens)) tokens, and of the engine's context of \(grouped(context)) "
            + "tokens \(grouped(room)) are left for it; shorten it, or attach less."
    }

    private func words(context: Int?, _ limits: MediaLimits) -> String? {
        guard droppedMessages > 0 || droppedPictures > 0 else { return nil }
        var what: [String] = []
        if droppedMessages > 0 {
            what.append(droppedMessages == 1 ? "the oldest message" : "the oldest \(droppedMessages) messages")
        }
        if droppedPictures > 0 {
            what.append(droppedPictures == 1 ? "the oldest picture" : "the oldest \(droppedPictures) pictures")
        }
        let verb = droppedMessages + droppedPictures == 1 ? "is" : "are"
        let limit = limits.pictures.map { ", or its limit of \($0) pictures reached" } ?? ""
        let reason =
            context.map {
                "the engine's context of \(Self.grouped($0)) tokens is full\(droppedPictures > 0 ? limit : "")"
            }
            ?? "the engine takes \(limits.pictures.map { "\($0) pictures" } ?? "so many") at most"
        let sentence = "\(what.joined(separator: " and ")) \(verb) no longer sent: \(reason)."
        return sentence.prefix(1).uppercased() + sentence.dropFirst()
    }

    /// A number with commas between its thousands.
    private static func grouped(_ number: Int) -> String {
        var grouped = ""
        let digits = String(number)
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { grouped.append(",") }
            grouped.append(digit)
        }
        return grouped
    }
}

extension Message {
    /// The message with the names of its pictures and recordings in their place.
    public var withoutPictures: Message {
        var message = self
        message.parts = parts.flatMap { part -> [Part] in
            guard case .attachment(let attachment) = part else { return [part] }
            let kind: String
            switch attachment.content {
            case .picture: kind = "picture"
            case .recording: kind = "recording"
            case .document: kind = "document"
            case .text: return [part]
            }
            return [.text("[The \(kind) \"\(attachment.label)\" was shown here, and is no longer.]\n\n")]
        }
        return message
    }
}
