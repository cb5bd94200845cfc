import Conversation
import Desktop
import Foundation
import History
import Media
import TestSupport
import Testing

extension EndToEnd {
    /// An engine that looks at what it gets says where something is; what was saved tells where that was on the screen.
    @Suite("Places in answers", .timeLimit(.minutes(4)))
    struct PlaceTests {
        private static let (width, height) = (3840, 2160)
        /// Where on the screen the red mark is.
        private static let mark = PictureArea(x: 3017, y: 1243, width: 26, height: 18)

        /// A screen with lines of something like writing, and a mark.
        private static func screen() throws -> [UInt8] {
            let pixels = PixelBuffer(byteCount: width * height * 4) { bytes in
                for y in 0..<height {
                    for x in 0..<width {
                        let isMark =
                            x >= mark.x && x < mark.x + mark.width && y >= mark.y && y < mark.y + mark.height
                        let isInk = y % 24 < 12 && (x / 3 &* 2_654_435_761 ^ y / 24 &* 40_503) >> 7 & 1 == 0
                        let shade: UInt8 = isInk ? 30 : 240
                        let place = (y * width + x) * 4
                        bytes[place] = isMark ? 20 : shade
                        bytes[place + 1] = isMark ? 20 : shade
                        bytes[place + 2] = isMark ? 230 : shade
                        bytes[place + 3] = 255
                    }
                }
            }
            let frame = Frame(
                width: width, height: height, stride: width * 4, format: .bgrx, pixels: pixels, time: 0)
            return try StillEncoder().encode(frame, as: .png).bytes
        }

        /// The box around what is red in a picture, in thousandths as GLM gives them, and how much is red.
        private static func find(_ picture: Data) -> (box: [Int], weight: Double)? {
            guard let frame = try? StillDecoder().decode([UInt8](picture)) else { return nil }
            var across = [Double](repeating: 0, count: frame.width)
            var along = [Double](repeating: 0, count: frame.height)
            frame.pixels.withBytes { bytes in
                for y in 0..<frame.height {
                    for x in 0..<frame.width {
                        let place = y * frame.stride + x * 4
                        let red = Double(bytes[place + 2]) - Double(max(bytes[place], bytes[place + 1]))
                        // Edges that were mixed with what is beside them count as much as there is of them.
                        guard red > 12 else { continue }
                        across[x] += red / 210
                        along[y] += red / 210
                    }
                }
            }
            let weight = across.reduce(0, +)
            guard weight > 4, let high = across.max(), let wide = along.max() else { return nil }
            func edges(_ sums: [Double], _ other: Double) -> [Double] {
                let middle = sums.enumerated().reduce(0) { $0 + (Double($1.offset) + 0.5) * $1.element } / weight
                let size = weight / other
                return [middle - size / 2, middle + size / 2].map { $0 / Double(sums.count) * 1000 }
            }
            let (x, y) = (edges(across, high), edges(along, wide))
            return ([x[0], y[0], x[1], y[1]].map { Int($0.rounded()) }, weight)
        }

        /// Answers with the number of the picture in which the mark is largest, and where it is in that.
        private static func answer(_ request: ScriptedEngine.Request) -> ScriptedEngine.Response {
            let found = VideoFormTests.shown(request.body).enumerated()
                .compactMap { index, shown in shown.pictures.first.flatMap(find).map { (index, $0) } }
            guard let (index, best) = found.max(by: { $0.1.weight < $1.1.weight }) else {
                return .reply(answer: "There is no mark.")
            }
            let box = best.box.map(String.init).joined(separator: ",")
            return .reply(answer: "Found in number \(index): <|begin_of_box|>[[\(box)]]<|end_of_box|>")
        }

        /// An engine that serves a model which says places in thousandths.
        private static func engine() throws -> ScriptedEngine {
            try ScriptedEngine { request in
                switch (request.method, request.path) {
                case ("GET", "/v1/models"):
                    .body(#"{"object":"list","data":[{"id":"glm-4.5v","owned_by":"vllm","max_model_len":65536}]}"#)
                case ("GET", "/version"): .body(#"{"version":"0.32.0"}"#)
                case ("POST", "/v1/chat/completions"): answer(request)
                default: .body(#"{"detail":"Not Found"}"#, status: 404)
                }
            }
        }

        /// What was saved of the last question and its answer.
        private static func saved(_ program: Program) async throws -> (shown: [Part], number: Int, box: [Int]) {
            let folder = program.home + "/data/scry"
            let history = try History(
                path: folder + "/history.sqlite", media: MediaStore(directory: folder + "/media"))
            let chat = try #require(try await history.latest())
            let answer = try #require(chat.messages.last)
            let question = try #require(chat.messages.dropLast().last)
            let text = answer.parts.compactMap { if case .text(let text) = $0 { text } else { nil } }.joined()
            let found = try #require(
                text.firstMatch(of: /number ([0-9]+): .*\[\[([0-9]+),([0-9]+),([0-9]+),([0-9]+)\]\]/), "\(text)")
            let box = [found.2, found.3, found.4, found.5].compactMap { Int($0) }
            return (question.parts, Int(found.1) ?? -1, box)
        }

        /// Checks that a box in a picture of a part of the screen is the mark, but for a pixel.
        private static func expectMark(_ box: [Int], in part: PictureArea) {
            let first = part.point(right: Double(box[0]) / 1000, down: Double(box[1]) / 1000)
            let last = part.point(right: Double(box[2]) / 1000, down: Double(box[3]) / 1000)
            #expect(abs(first.x - Double(mark.x)) <= 1 && abs(first.y - Double(mark.y)) <= 1, "\(first) in \(part)")
            #expect(
                abs(last.x - Double(mark.x + mark.width)) <= 1 && abs(last.y - Double(mark.y + mark.height)) <= 1,
                "\(last) in \(part)")
        }

        private static func open() async throws -> (Program, Chat, ScriptedEngine) {
            let engine = try engine()
            let program = try Program(engine: engine.url)
            let path = program.home + "/screen.png"
            try Data(screen()).write(to: URL(filePath: path))
            let chat = try await Chat(program)
            try await chat.paste(path)
            try await chat.wait(for: "screen.png 3840×2160|screen.png [0-9]+×[0-9]+")
            return (program, chat, engine)
        }

        @Test("in a detail that was cut out of a picture which was sent before")
        func detail() async throws {
            let (program, chat, engine) = try await Self.open()
            defer { engine.stop() }
            try await chat.ask("Is there a mark?")
            try await chat.wait(for: "Found in number 0")
            try await chat.ask("/crop 701x467+2701+1001")
            try await chat.wait(for: "detail of screen.png")
            try await chat.ask("Where exactly?")
            try await chat.wait(for: "(?s)Where exactly.*Found in number 0.*\\]\\]")
            chat.close()
            let (shown, number, box) = try await Self.saved(program)
            #expect(number == 0)
            let origins = shown.compactMap { part in
                if case .attachment(let attachment) = part { attachment.origin } else { nil }
            }
            let origin = try #require(origins.last)
            #expect(origin.part == PictureArea(x: 2701, y: 1001, width: 701, height: 467))
            #expect((origin.picture.width, origin.picture.height) == (Self.width, Self.height))
            Self.expectMark(box, in: origin.part)
        }

        @Test("in the parts that go beside a picture for the sake of its small print")
        func tiles() async throws {
            let (program, chat, engine) = try await Self.open()
            defer { engine.stop() }
            try await chat.ask("Read the small text: what is written at the mark?")
            try await chat.wait(for: "(?s)Found in number [1-9].*\\]\\]")
            chat.close()
            let (shown, number, box) = try await Self.saved(program)
            let parts = shown.compactMap { part in
                if case .attachment(let attachment) = part { attachment.details?.parts } else { nil }
            }
            let tiles = try #require(parts.last)
            // The picture itself goes first.
            try #require(number >= 1 && number <= tiles.count)
            Self.expectMark(box, in: tiles[number - 1].area)
        }
    }
}
