import Testing

@testable import EngineClient

@Suite struct ServerSentEventParserTests {
    private func parse(_ text: String, piece: Int = .max) throws -> [String] {
        var parser = ServerSentEventParser()
        var events: [ServerSentEventParser.Event] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            events += try parser.feed(Array(rest.prefix(piece)))
            rest = rest.dropFirst(piece)
        }
        events += parser.finish()
        return events.map { event in
            switch event {
            case .data(let data): String(decoding: data, as: UTF8.self)
            case .done: "<done>"
            }
        }
    }

    static let cases: [(text: String, events: [String])] = [
        ("data: a\n\ndata: b\n\n", ["a", "b"]),
        ("data: a\r\n\r\ndata: b\r\n\r\n", ["a", "b"]),
        ("data: a\r\rdata: b\r\r", ["a", "b"]),
        ("data:a\n\n", ["a"]),
        ("data:  a\n\n", [" a"]),
        ("data: a\ndata: b\n\n", ["a\nb"]),
        ("data: a\r\ndata: b\r\n\r\n", ["a\nb"]),
        (":\n\n: ping\n\ndata: a\n\n", ["a"]),
        ("event: message\nid: 7\nretry: 10\ndata: a\n\n", ["a"]),
        ("\u{FEFF}data: a\n\n", ["a"]),
        ("data: a\n\ndata: [DONE]\n\n", ["a", "<done>"]),
        ("data: a", ["a"]),
        ("data: a\n", ["a"]),
        ("data\n\n", []),
        ("data:\n\n", []),
        ("\n\n\n\n", []),
        ("database: a\n\n", []),
        ("data: caf\u{E9} 👨‍👩‍👧\n\n", ["caf\u{E9} 👨‍👩‍👧"]),
        ("", []),
    ]

    @Test("takes events out, in any cut", arguments: cases)
    func events(text: String, expected: [String]) throws {
        for piece in [Int.max, 1, 2, 3, 5] {
            #expect(try parse(text, piece: piece) == expected)
        }
    }

    @Test("gives an event out as soon as its last byte is there")
    func promptness() throws {
        var parser = ServerSentEventParser()

        #expect(try parser.feed(Array("data: a\r\n".utf8)).isEmpty)
        #expect(try parser.feed([0x0D]) == [.data([0x61])])
        #expect(try parser.feed([0x0A]).isEmpty)
    }

    @Test("refuses an event that is too long, in one line or in many")
    func overflow() throws {
        var line = ServerSentEventParser(longestEvent: 100)
        #expect(throws: ServerSentEventParser.Overflow.self) {
            for _ in 0..<20 { _ = try line.feed(Array("data: abcd".utf8)) }
        }
        var lines = ServerSentEventParser(longestEvent: 100)
        #expect(throws: ServerSentEventParser.Overflow.self) {
            for _ in 0..<40 { _ = try lines.feed(Array("data: abcd\n".utf8)) }
        }
        // Short events may go on for ever.
        var events = ServerSentEventParser(longestEvent: 100)
        for _ in 0..<40 { #expect(try events.feed(Array("data: abcd\n\n".utf8)).count == 1) }
    }
}
