import Testing

@testable import Desktop

@Suite struct ChangeListTests {
    @Test("covers everything that was inserted, with few boxes", arguments: 1...20)
    func covers(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var list = ChangeList()
        var inserted: [Region] = []
        for _ in 0..<200 {
            let box = Region(
                x: random.next(below: 1900), y: random.next(below: 1000), width: random.next(below: 80),
                height: random.next(below: 60))
            inserted.append(box)
            list.insert(box)
        }

        #expect(list.boxes.count <= ChangeList.limit)
        for box in inserted where !box.isEmpty {
            #expect(list.boxes.contains { $0.intersection(box) == box })
        }
    }

    @Test("keeps distant boxes apart and joins neighbours")
    func joins() {
        var list = ChangeList([
            Region(x: 0, y: 0, width: 10, height: 10), Region(x: 1000, y: 900, width: 10, height: 10),
        ])
        #expect(list.boxes.count == 2)

        list.insert(Region(x: 10, y: 0, width: 10, height: 10))

        #expect(
            Set(list.boxes) == [
                Region(x: 0, y: 0, width: 20, height: 10), Region(x: 1000, y: 900, width: 10, height: 10),
            ])
    }

    @Test("is cut to an area and moved to its corner")
    func clips() {
        let list = ChangeList([
            Region(x: 90, y: 40, width: 20, height: 20), Region(x: 900, y: 900, width: 5, height: 5),
        ])
        let clipped = list.clipped(to: Region(x: 100, y: 50, width: 300, height: 300))
        #expect(clipped.boxes == [Region(x: 0, y: 0, width: 10, height: 10)])
        #expect(list.clipped(to: Region(x: 0, y: 0, width: 5, height: 5)).isEmpty)
    }
}

/// Numbers that look random and are the same in every run.
struct SeededRandom {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next(below limit: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(limit))
    }
}
