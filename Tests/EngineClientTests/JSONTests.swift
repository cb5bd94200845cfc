import TestSupport
import Testing

@testable import EngineClient

@Suite struct JSONTests {
    private func parse(_ text: String) -> JSONValue? { JSONParser.parse(Array(text.utf8)) }

    @Test("reads what JSON is")
    func reads() {
        #expect(
            parse(#" {"a":[1,-2.5,1e3,true,false,null],"b":{"c":"d"}} "#)?["a"]?.elements == [
                .number(1), .number(-2.5), .number(1000), .bool(true), .bool(false), .null,
            ])
        #expect(parse(#"{"b":{"c":"d"}}"#)?["b"]?["c"]?.string == "d")
        #expect(parse(#""\u00e9\n\"\\\/\ud83d\ude00\ud83d!""#) == .string("é\n\"\\/😀\u{FFFD}!"))
        #expect(parse("[]") == .array([]))
        #expect(parse("{}") == .object([]))
        #expect(parse("123456789012345678901") == .number(1.2345678901234568e20))
        #expect(parse(#"{"a":null}"#)?["a"] == nil)
    }

    @Test(
        "refuses what is no JSON",
        arguments: [
            "", " ", "{", "}", "[", "[1", "[1,]", "[,1]", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{a:1}"#, "tru", "nul",
            "+",
            "1 2", #"""#, #""\"#, #""\u12""#, #""\x""#, "--1", "1e", "NaN", #"{"a":1}}"#, "\u{0}",
        ])
    func refuses(text: String) {
        #expect(parse(text) == nil)
    }

    @Test("stops at a depth that no engine needs, and does not overflow the stack")
    func depth() {
        #expect(parse(String(repeating: "[", count: 60) + String(repeating: "]", count: 60)) != nil)
        #expect(parse(String(repeating: "[", count: 100_000)) == nil)
        #expect(parse(String(repeating: #"{"a":"#, count: 100_000)) == nil)
    }

    @Test("repairs broken UTF-8")
    func repairs() {
        #expect(JSONParser.parse([0x22, 0x61, 0xFF, 0x62, 0x22]) == .string("a\u{FFFD}b"))
    }

    @Test("writes what it reads, in order")
    func roundTrip() {
        var json = JSONWriter()
        json.object { (json: inout JSONWriter) in
            json.member("z", "a\"b\\c\n\t\r\u{1}\u{7F}é😀:")
            json.member("a", 5)
            json.member("m", 0.25)
            json.member("n", -3.0)
            json.member("t", true)
            json.key("list")
            json.array { (json: inout JSONWriter) in
                json.string(":")
                json.number(1)
                json.object { (_: inout JSONWriter) in }
            }
            json.key("infinite")
            json.number(Double.infinity)
        }

        let text = String(decoding: json.bytes, as: UTF8.self)

        #expect(
            text
                == #"{"z":"a\"b\\c\n\t\r\u0001\u007fé😀:","a":5,"m":0.25,"n":-3,"t":true,"list":[":",1,{}],"infinite":null}"#
        )
        #expect(JSONParser.parse(json.bytes)?["z"]?.string == "a\"b\\c\n\t\r\u{1}\u{7F}é😀:")
    }

    @Test("survives two thousand random texts")
    func random() async {
        let alphabet = Array(#"{}[]",:\u0123456789eE+-.truefalsn "#.utf8) + [0, 0xFF, 0xC3]
        var random = SeededRandom(seed: 42)
        for _ in 0..<2000 {
            await Task.yield()
            let text = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            if let value = JSONParser.parse(text), case .string(let string) = value {
                #expect(string.utf8.count <= 3 * text.count)
            }
        }
    }
}
