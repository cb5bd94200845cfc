/// A question with its media, and its answer.
struct TrainingTurn {
    var question = ""
    var answer = ""
    var images: [String] = []
    var videos: [String] = []
}

/// An entry of the data set; the property names are its keys.
struct TrainingExample: Encodable {
    struct Said: Encodable {
        var role: String
        var content: String
    }

    private(set) var messages: [Said] = []
    private(set) var images: [String] = []
    private(set) var videos: [String] = []

    private enum CodingKeys: String, CodingKey {
        case messages
        case images
        case videos
    }

    mutating func append(_ turn: TrainingTurn) {
        messages.append(Said(role: "user", content: turn.question))
        messages.append(Said(role: "assistant", content: turn.answer))
        images += turn.images
        videos += turn.videos
    }

    /// Whether there are as many placeholders as files, which the loader insists on.
    var isBalanced: Bool {
        func count(_ mark: String) -> Int { messages.reduce(0) { $0 + $1.content.count(of: mark) } }
        return count("<image>") == images.count && count("<video>") == videos.count && count("<audio>") == 0
    }
}

/// The entry by which LLaMA-Factory finds the data set and its columns.
struct DatasetInfo {
    struct Entry: Encodable {
        var file_name: String
        var formatting = "sharegpt"
        var columns: [String: String]
        var tags = [
            "role_tag": "role", "content_tag": "content", "user_tag": "user", "assistant_tag": "assistant",
        ]
    }

    let entries: [String: Entry]

    init(name: String, file: String, hasVideos: Bool) {
        var columns = ["messages": "messages", "images": "images"]
        if hasVideos { columns["videos"] = "videos" }
        entries = [name: Entry(file_name: file, columns: columns)]
    }
}
