import Foundation

extension ScriptedEngine.Response {
    /// Recorded HTTP, from the status line to the last byte.
    public static func recording(_ bytes: [UInt8]) -> Self { Self([.send(bytes)]) }

    /// A body with a status.
    public static func body(
        _ text: String, status: Int = 200, type: String = "application/json", headers: [String] = []
    ) -> Self {
        let lines =
            ["HTTP/1.1 \(status) Scripted", "Content-Type: \(type)", "Content-Length: \(text.utf8.count)"] + headers + [
                "Connection: close", "", "",
            ]
        return Self([.send(Array((lines.joined(separator: "\r\n") + text).utf8))])
    }

    /// The head of a stream of events, which goes on until the connection is closed.
    public static let streamHead = Array(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n".utf8)

    /// A stream of events, each of which is the text after "data: ".
    ///
    /// - Parameters:
    ///   - pause: How long to wait before every event.
    ///   - isDone: Whether "[DONE]" comes last.
    ///   - end: What happens after the last event, as `.stall` or `.reset`; nil closes the connection.
    public static func events(
        _ events: [String], pause: Duration = .zero, isDone: Bool = true, end: ScriptedEngine.Step? = nil
    ) -> Self {
        var steps: [ScriptedEngine.Step] = [.send(streamHead)]
        for event in events + (isDone ? ["[DONE]"] : []) {
            if pause > .zero { steps.append(.pause(pause)) }
            steps.append(.send(Array("data: \(event)\n\n".utf8)))
        }
        return Self(steps + (end.map { [$0] } ?? []))
    }

    /// A whole reply, a word an event, with the usage at its end.
    public static func reply(
        reasoning: String? = nil, answer: String, model: String = "tiny", finish: String = "stop",
        promptTokens: Int = 10, pause: Duration = .zero
    ) -> Self {
        let thoughts = words(reasoning ?? "").map { delta("reasoning_content", $0, model) }
        let answers = words(answer).map { delta("content", $0, model) }
        let last = [
            #"{"model":\#(quoted(model)),"choices":[{"index":0,"delta":{},"finish_reason":\#(quoted(finish))}]}"#,
            #"{"model":\#(quoted(model)),"choices":[],"usage":{"prompt_tokens":"#
                + #"\#(promptTokens),"completion_tokens":\#(thoughts.count + answers.count),"#
                + #""total_tokens":\#(promptTokens + thoughts.count + answers.count)}}"#,
        ]
        return events(thoughts + answers + last, pause: pause)
    }

    /// The beginning of an answer, a word an event, after which the engine says nothing more and keeps the connection.
    public static func beginning(_ answer: String, pause: Duration = .zero, model: String = "tiny") -> Self {
        events(words(answer).map { delta("content", $0, model) }, pause: pause, isDone: false, end: .stall)
    }

    private static func delta(_ field: String, _ text: String, _ model: String) -> String {
        #"{"model":\#(quoted(model)),"choices":[{"index":0,"delta":{"\#(field)":\#(quoted(text))},"finish_reason":null}]}"#
    }

    /// The words of a text, each with the white space after it.
    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        for character in text {
            if let last = words.last?.last, !last.isWhitespace || character.isWhitespace {
                words[words.count - 1].append(character)
            } else {
                words.append(String(character))
            }
        }
        return words
    }

    private static func quoted(_ text: String) -> String {
        let data = try? JSONEncoder().encode(text)
        return data.map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }
}

extension ScriptedEngine {
    /// Starts an engine that presents itself as a llama-server with one model.
    ///
    /// - Parameters:
    ///   - socket: The path of a unix socket to listen on; nil takes a free TCP port.
    ///   - model: The model's name.
    ///   - sees: Whether the model says that it sees pictures.
    ///   - reply: Answers what is posted to the chat.
    public static func serving(
        model: String = "tiny", sees: Bool = true, socket: String? = nil,
        reply: @escaping @Sendable (Request) -> Response
    ) throws -> ScriptedEngine {
        let modalities = sees ? #"["text","image"]"# : #"["text"]"#
        let models =
            #"{"object":"list","data":[{"id":"\#(model)","owned_by":"llamacpp","meta":{"n_ctx":8192},"architecture":"#
            + #"{"input_modalities":\#(modalities)}}]}"#
        return try ScriptedEngine(socket: socket) { request in
            switch (request.method, request.path) {
            case ("GET", "/v1/models"): .body(models, headers: ["Server: llama.cpp"])
            case ("GET", "/props"): .body(#"{"chat_template":"enable_thinking"}"#, headers: ["Server: llama.cpp"])
            case ("GET", "/health"): .body(#"{"status":"ok"}"#, headers: ["Server: llama.cpp"])
            case ("POST", "/v1/chat/completions"): reply(request)
            default: .body(#"{"error":{"message":"File Not Found","code":404}}"#, status: 404)
            }
        }
    }
}
