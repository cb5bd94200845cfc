internal import Conversation

/// Writes a request as the JSON that an engine's family understands.
///
/// The same conversation makes the same bytes from turn to turn, so that the engine can keep what it has computed.
struct RequestEncoder {
    let dialect: Dialect
    let media: any MediaLibrary
    /// Whether people read it: indented, with media shortened to their type and size.
    var isDryRun = false
    /// Whether pictures and videos are left out, to count the words alone.
    var omitsMedia = false

    /// Writes the body.
    ///
    /// - Throws: `ReplyFailure` of kind `.attachmentUnreadable` when a picture's bytes are gone.
    func encode(_ request: ChatRequest) throws -> [UInt8] {
        let request = dialect.adapted(request)
        var json = JSONWriter(isPretty: isDryRun)
        // What changes from turn to turn stands behind the messages.
        try json.object { (json: inout JSONWriter) throws(any Error) in
            if let model = request.model, !model.isEmpty { json.member("model", model) }
            try writeMessages(request, to: &json)
            json.member("stream", true)
            if dialect.asksForUsage {
                json.key("stream_options")
                json.object { (json: inout JSONWriter) in json.member("include_usage", true) }
            }
            if let limit = request.maxTokens ?? dialect.defaultMaxTokens { json.member(dialect.tokenLimitKey, limit) }
            if let temperature = request.temperature ?? dialect.defaultTemperature {
                json.member("temperature", temperature)
            }
            if request.temperature == nil { dialect.writeSampling(to: &json) }
            dialect.writeThinking(request.thinking, to: &json)
            if request.thinking, let budget = request.thinkingBudget, profile.limitsThinking {
                json.member("thinking_budget_tokens", budget)
            }
            dialect.writeContinuation(of: request, to: &json)
            if let schema = request.schema, dialect.takesSchema {
                json.key("response_format")
                json.object { (json: inout JSONWriter) in
                    json.member("type", "json_schema")
                    json.key("json_schema")
                    json.object { (json: inout JSONWriter) in
                        json.member("name", "answer")
                        json.member("strict", true)
                        json.key("schema")
                        json.raw(schema)
                    }
                }
            }
            if !omitsMedia, dialect.takesFrameTimes { writeFrameTimes(of: request, to: &json) }
            if dialect.keepsSpecialTokens { json.member("skip_special_tokens", false) }
            if dialect.reportsProgress { json.member("return_progress", true) }
        }
        return json.bytes
    }

    /// Writes what a count of the request's words needs: the messages without media, and how the template begins the reply.
    func encodeForCounting(_ request: ChatRequest) throws -> [UInt8] {
        let request = dialect.adapted(request)
        var json = JSONWriter()
        try json.object { (json: inout JSONWriter) throws(any Error) in
            if let model = request.model, !model.isEmpty { json.member("model", model) }
            try writeMessages(request, to: &json)
            dialect.writeThinking(request.thinking, to: &json)
            dialect.writeContinuation(of: request, to: &json)
        }
        return json.bytes
    }

    private var profile: EngineProfile { dialect.profile }

    private func writeMessages(_ request: ChatRequest, to json: inout JSONWriter) throws {
        json.key("messages")
        try json.array { (json: inout JSONWriter) throws(any Error) in
            if let system = request.system ?? dialect.defaultSystem, !system.isEmpty {
                json.object { (json: inout JSONWriter) in
                    json.member("role", "system")
                    json.member("content", system)
                }
            }
            for turn in turns(request.messages) { try write(turn, request, to: &json) }
            dialect.writeReplySoFar(of: request, to: &json)
        }
    }

    // MARK: - Turns

    /// A part of a turn's content.
    enum ContentPiece {
        case text(String)
        case picture(MediaReference)
        case video(MediaReference)
        case frameList([TimedPicture], seconds: Double)
    }

    private func writer(for request: ChatRequest) -> ContentWriter {
        ContentWriter(
            sendsPictures: request.sendsPictures, sendsVideo: request.sendsVideo && dialect.takesVideo,
            sendsFrameLists: dialect.takesFrameLists, media: media)
    }

    /// The turns, one of each side in alternation, as some chat templates demand: an answer that never came leaves two
    /// questions in a row, which become one.
    private func turns(_ messages: [Message]) -> [(role: Message.Role, messages: [Message])] {
        var turns: [(role: Message.Role, messages: [Message])] = []
        for message in messages {
            if message.role == .assistant && message.text.allSatisfy(\.isWhitespace) { continue }
            if let last = turns.indices.last, turns[last].role == message.role {
                turns[last].messages.append(message)
            } else {
                turns.append((message.role, [message]))
            }
        }
        return turns
    }

    private func write(
        _ turn: (role: Message.Role, messages: [Message]), _ request: ChatRequest, to json: inout JSONWriter
    ) throws {
        let writer = writer(for: request)
        var pieces = turn.messages.flatMap { writer.pieces(of: $0) }
        if omitsMedia { pieces = pieces.filter { if case .text = $0 { true } else { false } } }
        if turn.role == .user, let word = dialect.softSwitch(thinking: request.thinking) { pieces.append(.text(word)) }
        try json.object { (json: inout JSONWriter) throws(any Error) in
            json.member("role", turn.role.rawValue)
            json.key("content")
            try write(pieces, to: &json)
        }
    }

    private func write(_ pieces: [ContentPiece], to json: inout JSONWriter) throws {
        let texts = pieces.compactMap { if case .text(let text) = $0 { text } else { nil } }
        // Content without media goes as a string, which every engine and template takes.
        if texts.count == pieces.count { return json.string(texts.joined(separator: "\n\n")) }
        try json.array { (json: inout JSONWriter) throws(any Error) in
            for piece in pieces {
                try json.object { (json: inout JSONWriter) throws(any Error) in
                    switch piece {
                    case .text(let text):
                        json.member("type", "text")
                        json.member("text", text)
                    case .picture(let picture):
                        try write(picture, as: "image_url", to: &json)
                    case .video(let video):
                        try write(video, as: "video_url", to: &json)
                    case .frameList(let frames, _):
                        try write(frames, to: &json)
                    }
                }
            }
        }
    }

    // MARK: - Lists of frames

    private func write(_ frames: [TimedPicture], to json: inout JSONWriter) throws {
        json.member("type", "video_url")
        json.key("video_url")
        try json.object { (json: inout JSONWriter) throws(any Error) in
            json.key("url")
            if isDryRun {
                let bytes = frames.reduce(0) { $0 + $1.picture.byteCount }
                json.string("data:video/jpeg;base64,<\(frames.count) frames, \(bytes) bytes>")
            } else {
                json.dataURL(mediaType: "video/jpeg", try frames.map { try media.bytes(of: $0.picture) })
            }
        }
    }

    /// Frames a second that the times of a list are counted in.
    private static let tick = 10

    /// Writes when the frames of a list were on the screen; of several lists in a request the words alone say it, since
    /// vLLM would take the same times for all.
    private func writeFrameTimes(of request: ChatRequest, to json: inout JSONWriter) {
        let writer = writer(for: request)
        let videos = request.messages.flatMap { writer.pieces(of: $0) }.filter {
            switch $0 {
            case .video, .frameList: true
            case .text, .picture: false
            }
        }
        guard videos.count == 1, case .frameList(let frames, let seconds)? = videos.first else { return }
        let indices = frames.map { ticks($0.time) }
        let total = max((indices.last ?? 0) + 1, ticks(seconds))
        json.key("media_io_kwargs")
        json.object { (json: inout JSONWriter) in
            json.key("video")
            json.object { (json: inout JSONWriter) in
                json.member("num_frames", -1)
                json.member("fps", Self.tick)
                json.key("frames_indices")
                json.array { (json: inout JSONWriter) in for index in indices { json.number(index) } }
                json.member("total_num_frames", total)
                json.member("duration", Double(total) / Double(Self.tick))
            }
        }
    }

    private func ticks(_ seconds: Double) -> Int {
        seconds.isFinite ? Int((min(max(seconds, 0), 1e9) * Double(Self.tick)).rounded()) : 0
    }

    // MARK: - Media

    private func write(_ reference: MediaReference, as type: String, to json: inout JSONWriter) throws {
        json.member("type", type)
        json.key(type)
        try json.object { (json: inout JSONWriter) throws(any Error) in
            json.key("url")
            if isDryRun {
                json.string("data:\(reference.mediaType);base64,<\(reference.byteCount) bytes>")
            } else {
                json.dataURL(mediaType: reference.mediaType, try media.bytes(of: reference))
            }
        }
    }
}
