internal import Conversation
internal import FoundationEssentials

extension EngineClient {
    /// Finds out whether a model sees, by showing it two pictures of different colours.
    ///
    /// - Returns: Whether it does; nil when its answers prove neither.
    /// - Throws: `ReplyFailure` when the engine does not answer.
    public func provesSight(model: String) async throws -> Bool? {
        let proof = await sight(model: model)
        if case .failed(let failure) = proof { throw failure }
        return proof.sees
    }

    /// Shows a model two pictures of different colours.
    func sight(model: String) async -> SightTest.Proof {
        var colours = SightTest.Colour.allCases.shuffled()
        colours.removeLast()
        var right = 0
        var wrong = 0
        for colour in colours {
            do {
                let (words, isWhole) = try await words(about: colour, model: model)
                if colour.isNamed(by: words) { right += 1 } else if isWhole { wrong += 1 }
            } catch let failure as ReplyFailure where failure.kind == .cannotSee {
                return .refuses(failure)
            } catch {
                return .failed(error as? ReplyFailure ?? ReplyFailure(.engineError, "The engine cannot be asked."))
            }
        }
        // An engine that drops pictures without a word gets at most one colour right, by chance.
        return right == colours.count ? .sees : wrong == colours.count ? .blind : .unclear
    }

    /// What is said about a colour, and whether that is an answer to its end: half a thought proves nothing.
    private func words(about colour: SightTest.Colour, model: String) async throws -> (String, isWhole: Bool) {
        let bytes = SightTest.picture(colour)
        let reference = MediaReference(
            sha256: "sight-\(colour.rawValue)", mediaType: "image/png", byteCount: bytes.count, width: SightTest.side,
            height: SightTest.side)
        // A model whose thinking cannot be switched off needs room for it.
        let request = ChatRequest(
            model: model.isEmpty ? nil : model, messages: [.question(SightTest.question, .picture(reference))],
            thinking: false, maxTokens: 256, temperature: 0)
        var answer = ""
        var reasoning = ""
        var isWhole = false
        for try await delta in showing(OnePicture(bytes: bytes)).reply(to: request) {
            switch delta {
            case .answer(let text): answer += text
            case .reasoning(let text): reasoning += text
            case .finished(.stop): isWhole = !answer.isEmpty
            default: break
            }
        }
        try Task.checkCancellation()
        return (answer.isEmpty ? reasoning : answer, isWhole)
    }
}

extension Message {
    /// A question that nobody typed.
    static func question(_ words: String, _ content: Attachment.Content? = nil) -> Message {
        let now = Date(timeIntervalSince1970: 0)
        let attachment = content.map { Part.attachment(Attachment(label: "colour", takenAt: now, content: $0)) }
        return Message(role: .user, parts: [attachment, .text(words)].compactMap { $0 }, createdAt: now)
    }
}

/// The pictures with a known answer.
enum SightTest {
    /// What came of it.
    enum Proof: Equatable {
        case sees
        /// The engine says that pictures are not taken.
        case refuses(ReplyFailure)
        /// Pictures are dropped without a word.
        case blind
        /// Its answers prove neither: one of two was right, or they did not come to an end.
        case unclear
        /// The engine did not answer.
        case failed(ReplyFailure)

        /// nil where neither was proven.
        var sees: Bool? {
            switch self {
            case .sees: true
            case .refuses, .blind: false
            case .unclear, .failed: nil
            }
        }
    }

    static let question = "What color is it?"

    enum Colour: String, CaseIterable {
        case red, green, blue

        private var words: [String] {
            switch self {
            case .red: ["red", "红", "紅", "rot", "rouge", "rojo"]
            case .green: ["green", "绿", "綠", "grün", "vert", "verde"]
            case .blue: ["blue", "蓝", "藍", "blau", "bleu", "azul"]
            }
        }

        fileprivate var pixel: [UInt8] {
            switch self {
            case .red: [0xE0, 0x10, 0x10]
            case .green: [0x10, 0xA0, 0x20]
            case .blue: [0x10, 0x30, 0xE0]
            }
        }

        /// Whether an answer names this colour, and no other of them.
        func isNamed(by answer: String) -> Bool {
            Self.allCases.allSatisfy { $0.isMentioned(in: answer) == ($0 == self) }
        }

        private func isMentioned(in answer: String) -> Bool {
            let answer = answer.lowercased()
            let names = answer.split { !$0.isLetter }.map(String.init)
            return words.contains { word in
                // Chinese does not put blanks between words.
                word.utf8.count == word.count || word == "grün" ? names.contains(word) : answer.contains(word)
            }
        }
    }

    static let side = 112

    /// A square of one colour on white, as PNG.
    static func picture(_ colour: Colour) -> [UInt8] {
        var rows: [UInt8] = []
        for y in 0..<side {
            rows.append(0)
            for x in 0..<side {
                let isInside = (20..<side - 20).contains(x) && (20..<side - 20).contains(y)
                rows += isInside ? colour.pixel : [0xFF, 0xFF, 0xFF]
            }
        }
        let size = UInt32(side).bigEndianBytes
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
            + chunk("IHDR", size + size + [8, 2, 0, 0, 0]) + chunk("IDAT", stored(rows)) + chunk("IEND", [])
    }

    /// A zlib stream that does not compress.
    private static func stored(_ bytes: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = [0x78, 0x01]
        var rest = bytes[...]
        while !rest.isEmpty {
            let block = rest.prefix(0xFFFF)
            rest = rest.dropFirst(block.count)
            let count = UInt16(block.count)
            stream += [rest.isEmpty ? 1 : 0, UInt8(count & 0xFF), UInt8(count >> 8)]
            stream += [UInt8(~count & 0xFF), UInt8(~count >> 8)] + block
        }
        var low: UInt32 = 1
        var high: UInt32 = 0
        for byte in bytes {
            low = (low + UInt32(byte)) % 65521
            high = (high + low) % 65521
        }
        return stream + (high << 16 | low).bigEndianBytes
    }

    private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + content
        var sum: UInt32 = 0xFFFF_FFFF
        for byte in body {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        return UInt32(content.count).bigEndianBytes + body + (~sum).bigEndianBytes
    }
}

extension UInt32 {
    fileprivate var bigEndianBytes: [UInt8] {
        [UInt8(self >> 24), UInt8(self >> 16 & 0xFF), UInt8(self >> 8 & 0xFF), UInt8(self & 0xFF)]
    }
}

/// The one picture that is shown.
struct OnePicture: MediaLibrary {
    let bytes: [UInt8]

    func bytes(of media: MediaReference) throws -> [UInt8] { bytes }
}
