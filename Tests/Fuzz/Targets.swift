import Conversation
import Desktop
import Foundation
import Media
import Session
import TOMLKit

@testable import Documents
@testable import EngineClient
@testable import Exchange
@testable import Terminal
@testable import Views

extension FuzzTool {
    /// The parsers by their names.
    static let targets: [String: Target] = [
        "reply": reply, "json": { _ = JSONParser.parse($0) }, "markdown": markdown, "toml": toml, "import": imported,
        "still": still, "video": video, "keys": keys, "pages": pages, "file": file,
    ]

    /// Cuts bytes in two or more places, which the first of them decides.
    private static func pieces(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        guard let first = bytes.first else { return [] }
        var pieces: [ArraySlice<UInt8>] = []
        var rest = bytes.dropFirst()
        var seed = UInt32(first)
        while !rest.isEmpty {
            seed = seed &* 1_664_525 &+ 1_013_904_223
            let length = 1 + Int(seed >> 24) % (first % 2 == 0 ? 7 : 100)
            pieces.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return pieces
    }

    // MARK: - Engines

    private static func reply(_ bytes: [UInt8]) {
        func read(_ pieces: [ArraySlice<UInt8>]) -> (reasoning: String, answer: String) {
            let profile = EngineProfile(name: "lab", kind: .vllm, url: "http://127.0.0.1:8000/v1", models: [])
            let explainer = FailureExplainer(
                profile: profile, key: "sk-1", keyName: nil, model: "m", hasMedia: true, patience: .seconds(1))
            var decoder = ReplyDecoder(
                explainer: explainer, requestedModel: "m", startsInReasoning: bytes.first.map { $0 % 3 == 0 } ?? false)
            for piece in pieces { decoder.feed(Array(piece)) }
            decoder.end()
            precondition(decoder.outcome != nil, "a reply ends one way or the other")
            var said = (reasoning: "", answer: "")
            for delta in decoder.deltas {
                switch delta {
                case .reasoning(let text): said.reasoning += text
                case .answer(let text): said.answer += text
                default: break
                }
            }
            return said
        }
        let whole = read([bytes.dropFirst()])
        let cut = read(pieces(of: bytes))
        precondition(whole == cut, "a reply means the same in any cut")
        var guardian = RepetitionGuard()
        _ = guardian.add(whole.answer)
        _ = AnswerMender.folded(whole.answer)
        _ = RecordingMoment.all(in: whole.answer)
    }

    private static func markdown(_ bytes: [UInt8]) {
        let width = Int(bytes.first ?? 40) % 90 + 1
        var streamed = MarkdownStream(width: width, styles: MarkdownStyles(.monochrome))
        for piece in pieces(of: bytes) {
            streamed.append(String(decoding: piece, as: UTF8.self))
            streamed.settle()
        }
        streamed.finish()
    }

    // MARK: - Files

    private static func toml(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        let document = TOMLDocument(text)
        let lines = TOMLLines(text)
        for key in document.root.keys { _ = lines.line(of: [key]) }
    }

    private struct Refuser: MediaIntake {
        struct Refusal: Error {}
        func store(_ bytes: [UInt8], as reference: MediaReference) throws -> MediaReference { reference }
        func store(picture bytes: [UInt8]) throws -> MediaReference { throw Refusal() }
    }

    private static func imported(_ bytes: [UInt8]) {
        guard let result = try? ChatImport(media: Refuser()).read(Data(bytes), named: "it") else { return }
        precondition(result.conversations.allSatisfy { !$0.messages.isEmpty }, "no empty chat is imported")
    }

    private static func still(_ bytes: [UInt8]) {
        guard let frame = try? StillDecoder().decode(bytes) else { return }
        precondition(frame.width > 0 && frame.height > 0, "a picture has a size")
    }

    private static let path = FileManager.default.temporaryDirectory.path + "/scry-fuzz-\(getpid())"

    private static func video(_ bytes: [UInt8]) {
        guard FileManager.default.createFile(atPath: path, contents: Data(bytes)) else { return }
        defer { unlink(path) }
        guard let reader = try? VideoReader(path: path) else { return }
        var last = -1.0
        try? reader.skim(
            measure: { $0.width },
            look: { _, time in
                precondition(time >= last, "times go up")
                last = time
            }, mayPass: { _, _ in true })
        _ = try? reader.frame(at: reader.duration / 2)
    }

    private static func file(_ bytes: [UInt8]) {
        precondition(WebPageReader.withVisibleTitle(bytes).count <= bytes.count, "a page does not grow")
        if let sizes = ArchiveSizes(directory: bytes) {
            precondition(sizes.whole >= sizes.markup, "text is a part of the whole")
        }
        _ = try? AttachmentReader(longestText: 500, largestPicture: 1000).read(bytes: bytes, name: "it")
    }

    private static func pages(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        let (sizes, count) = PDFReader.pages(in: text)
        precondition(sizes.count <= count && sizes.allSatisfy { $0.width > 0 && $0.height > 0 }, "pages have sizes")
        _ = PDFReader.tidied(text)
        if let range = PageRange(text) { precondition(range.pages(of: 9).allSatisfy((1...9).contains), "pages exist") }
        _ = PageRange.divide(text)
    }

    // MARK: - Terminals

    private static func keys(_ bytes: [UInt8]) {
        func read(_ pieces: [ArraySlice<UInt8>]) -> [TerminalEvent] {
            var decoder = KeyDecoder()
            return pieces.flatMap { decoder.feed($0) } + decoder.flush()
        }
        precondition(read([bytes.dropFirst()]) == read(pieces(of: bytes)), "keys are the same in any cut")
    }
}
