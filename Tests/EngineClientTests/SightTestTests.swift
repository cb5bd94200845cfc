import Conversation
import Synchronization
import TestSupport
import Testing

@testable import EngineClient

#if canImport(FoundationEssentials)
    import FoundationEssentials
#endif

@Suite struct SightTestTests {
    private func client(_ engine: ScriptedEngine) -> EngineClient {
        Faults.client(url: engine.url, limits: ReplyLimits())
    }

    /// The colour inside of the picture that a request shows.
    static func colour(in request: ScriptedEngine.Request) -> String? {
        let parts = JSONParser.parse(request.body)?["messages"]?.elements.last?["content"]?.elements ?? []
        let url = parts.compactMap { $0["image_url"]?["url"]?.string }.first
        guard let url, let data = url.split(separator: ",").last, let png = Data(base64Encoded: String(data)),
            let pixels = try? PlainPNG(Array(png))
        else { return nil }
        let pixel = pixels[pixels.width / 2, pixels.height / 2]
        return ["red", "green", "blue"][(0..<3).max { pixel[$0] < pixel[$1] } ?? 0]
    }

    @Test("believes a model that names both colours, however it says so")
    func sees() async throws {
        let answers: [@Sendable (String) -> String] = [
            { $0 }, { "It is \($0.uppercased())!" }, { ["red": "这是红色。", "green": "这是绿色。", "blue": "这是蓝色。"][$0] ?? "" },
        ]
        for answer in answers {
            let engine = try ScriptedEngine { .reply(answer: answer(Self.colour(in: $0) ?? "none")) }
            defer { engine.stop() }
            #expect(try await client(engine).provesSight(model: "m") == true)
            #expect(engine.requests.count == 2)
        }
    }

    @Test("takes the thoughts for the answer of a model that says nothing else")
    func thoughtful() async throws {
        let engine = try ScriptedEngine { .reply(reasoning: Self.colour(in: $0) ?? "none", answer: "") }
        defer { engine.stop() }
        #expect(try await client(engine).provesSight(model: "m") == true)
    }

    @Test("does not believe a model that drops pictures, guesses, or names every colour")
    func blind() async throws {
        for answer in ["I cannot see any picture.", "It is red, green or blue.", "Bored, I infrared it."] {
            let engine = try ScriptedEngine { _ in .reply(answer: answer) }
            defer { engine.stop() }
            #expect(try await client(engine).provesSight(model: "m") == false)
        }
        let silent = try ScriptedEngine { _ in .reply(answer: "") }
        defer { silent.stop() }
        // Silence proves nothing.
        #expect(try await client(silent).provesSight(model: "m") == nil)
        for _ in 0..<6 {
            let engine = try ScriptedEngine { _ in .reply(answer: "Red.") }
            defer { engine.stop() }
            // One of two right at most: chance.
            #expect(try await client(engine).provesSight(model: "m") != true)
        }
    }

    @Test("knows a refusal of pictures from an engine that does not answer")
    func refuses() async throws {
        let refusal = #"{"error":{"message":"tiny is not a multimodal model","type":"BadRequestError","code":400}}"#
        let engine = try ScriptedEngine { _ in .body(refusal, status: 400) }
        defer { engine.stop() }
        #expect(try await client(engine).provesSight(model: "m") == false)
        #expect(engine.requests.count == 1)
        let broken = try ScriptedEngine { _ in .body("{}", status: 500) }
        defer { broken.stop() }
        await #expect(throws: ReplyFailure.self) { try await client(broken).provesSight(model: "m") }
    }

    @Test("draws squares that a decoder of PNG takes: sums, sizes, colours", arguments: SightTest.Colour.allCases)
    func png(colour: SightTest.Colour) throws {
        let picture = try PlainPNG(SightTest.picture(colour))
        #expect(picture.width == 112 && picture.height == 112)
        #expect(picture[0, 0] == [255, 255, 255] && picture[111, 111] == [255, 255, 255])
        let inside = picture[56, 56]
        #expect(picture[20, 20] == inside && picture[91, 91] == inside && picture[92, 91] == [255, 255, 255])
        let strongest = (0..<3).max { inside[$0] < inside[$1] }
        #expect(strongest == ["red": 0, "green": 1, "blue": 2][colour.rawValue])
    }
}

/// The pixels of a PNG of eight-bit RGB that is not compressed, read with every check that the format has.
struct PlainPNG {
    private(set) var width = 0
    private(set) var height = 0
    private var rows: [UInt8] = []

    struct Damage: Error { var what: String }

    init(_ bytes: [UInt8]) throws {
        guard bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10]) else { throw Damage(what: "signature") }
        var rest = bytes.dropFirst(8)
        var stream: [UInt8] = []
        var names: [String] = []
        while rest.count >= 12 {
            let length = Self.number(rest.prefix(4))
            let body = Array(rest.dropFirst(4).prefix(4 + length))
            let sum = Self.number(rest.dropFirst(8 + length).prefix(4))
            guard UInt32(sum) == Self.crc(body) else { throw Damage(what: "CRC") }
            let name = String(decoding: body.prefix(4), as: UTF8.self)
            names.append(name)
            if name == "IHDR" {
                width = Self.number(body[4..<8])
                height = Self.number(body[8..<12])
                guard Array(body[12...]) == [8, 2, 0, 0, 0] else { throw Damage(what: "IHDR") }
            } else if name == "IDAT" {
                stream += body.dropFirst(4)
            }
            rest = rest.dropFirst(12 + length)
        }
        guard names == ["IHDR", "IDAT", "IEND"], rest.isEmpty else { throw Damage(what: "chunks") }
        rows = try Self.inflated(stream)
        guard rows.count == height * (1 + 3 * width) else { throw Damage(what: "size") }
    }

    subscript(x: Int, y: Int) -> [UInt8] {
        let start = y * (1 + 3 * width) + 1 + 3 * x
        return Array(rows[start..<start + 3])
    }

    private static func inflated(_ stream: [UInt8]) throws -> [UInt8] {
        guard stream.count > 6, stream[0] & 0x0F == 8, (Int(stream[0]) * 256 + Int(stream[1])) % 31 == 0 else {
            throw Damage(what: "zlib")
        }
        var bytes: [UInt8] = []
        var rest = stream.dropFirst(2)
        var isLast = false
        while !isLast {
            let head = Array(rest.prefix(5))
            guard head.count == 5, head[0] & 0b110 == 0, head[1] == ~head[3], head[2] == ~head[4] else {
                throw Damage(what: "block")
            }
            isLast = head[0] & 1 == 1
            let count = Int(head[1]) | Int(head[2]) << 8
            bytes += rest.dropFirst(5).prefix(count)
            rest = rest.dropFirst(5 + count)
        }
        var low = 1
        var high = 0
        for byte in bytes {
            low = (low + Int(byte)) % 65521
            high = (high + low) % 65521
        }
        guard number(rest) == high << 16 | low else { throw Damage(what: "Adler") }
        return bytes
    }

    private static func number(_ bytes: some Sequence<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

    /// By a table, as the format's specification has it.
    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        let table: [UInt32] = (0..<256).map { start in
            var sum = UInt32(start)
            for _ in 0..<8 { sum = sum & 1 == 1 ? 0xEDB8_8320 ^ (sum >> 1) : sum >> 1 }
            return sum
        }
        var sum: UInt32 = 0xFFFF_FFFF
        for byte in bytes { sum = table[Int(UInt8(sum & 0xFF) ^ byte)] ^ (sum >> 8) }
        return ~sum
    }
}
