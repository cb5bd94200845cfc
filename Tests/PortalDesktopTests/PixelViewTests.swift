import CPipeWire
import Desktop
import TestSupport
import Testing

@testable import PortalDesktop

@Suite struct PixelViewTests {
    @Test("has its layouts in the order of those in C")
    func order() {
        let numbers = [
            CPIPEWIRE_BGRX, CPIPEWIRE_BGRA, CPIPEWIRE_RGBX, CPIPEWIRE_RGBA, CPIPEWIRE_XRGB, CPIPEWIRE_ARGB,
            CPIPEWIRE_XBGR, CPIPEWIRE_ABGR, CPIPEWIRE_BGR, CPIPEWIRE_RGB, CPIPEWIRE_XRGB_210, CPIPEWIRE_ARGB_210,
            CPIPEWIRE_XBGR_210, CPIPEWIRE_ABGR_210,
        ]
        #expect(numbers.map { PixelLayout($0.rawValue) } == PixelLayout.allCases)
        #expect(PixelLayout(14) == nil && PixelLayout(.max) == nil)
    }

    @Test(
        "reads a colour and its alpha in every layout",
        arguments: [
            (.bgrx, [0x30, 0x20, 0x10, 0x00], 0xFF10_2030), (.bgra, [0x30, 0x20, 0x10, 0x80], 0x8010_2030),
            (.rgbx, [0x10, 0x20, 0x30, 0x00], 0xFF10_2030), (.rgba, [0x10, 0x20, 0x30, 0x80], 0x8010_2030),
            (.xrgb, [0x00, 0x10, 0x20, 0x30], 0xFF10_2030), (.argb, [0x80, 0x10, 0x20, 0x30], 0x8010_2030),
            (.xbgr, [0x00, 0x30, 0x20, 0x10], 0xFF10_2030), (.abgr, [0x80, 0x30, 0x20, 0x10], 0x8010_2030),
            (.bgr, [0x30, 0x20, 0x10], 0xFF10_2030), (.rgb, [0x10, 0x20, 0x30], 0xFF10_2030),
            // Ten bits: 0x043, 0x082, 0x0C1; the lowest two of each are dropped.
            (.xrgb210, [0xC1, 0x08, 0x32, 0x04], 0xFF10_2030), (.argb210, [0xC1, 0x08, 0x32, 0x84], 0xAA10_2030),
            (.xbgr210, [0x43, 0x08, 0x12, 0x0C], 0xFF10_2030), (.abgr210, [0x43, 0x08, 0x12, 0xCC], 0xFF10_2030),
        ] as [(PixelLayout, [UInt8], UInt32)])
    func colours(layout: PixelLayout, bytes: [UInt8], expected: UInt32) {
        var result: [UInt32] = [0, 0]
        (bytes + bytes).withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            layout.read(start, step: layout.byteCount, count: 2, into: &result)
        }

        #expect(result == [expected, expected])
        #expect(layout.byteCount == bytes.count)
    }

    @Test("looks only at memory that is there, whatever a producer says", arguments: 1...20)
    func hostile(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &random) }
        var accepted = 0
        for _ in 0..<2000 {
            let count = below(4000)
            let bytes = [UInt8](repeating: 0xA5, count: count)
            let layout = PixelLayout.allCases[below(PixelLayout.allCases.count)]
            let odd = [0, -1, 1, Int(Int32.max), Int(Int32.min), 16_384, 16_385, 65_536]
            func number(_ most: Int) -> Int {
                below(8) == 0 ? odd[below(odd.count)] : below(most)
            }
            let stride = below(3) == 0 ? -number(200) : number(200)
            let crop = Region(x: number(60) - 20, y: number(60) - 20, width: number(40), height: number(40))
            let (width, height) = (number(40), number(40))
            let transform = UInt32(below(9))
            bytes.withUnsafeBytes { memory in
                guard
                    let view = PixelView(
                        memory, layout: layout, width: width, height: height, stride: stride,
                        crop: below(2) == 0 ? crop : nil, transform: transform)
                else { return }
                accepted += 1
                // The corners are the farthest that is ever read.
                for (x, y) in [(0, 0), (view.width - 1, 0), (0, view.height - 1), (view.width - 1, view.height - 1)] {
                    let pixel = view.start + y * view.rowStep + x * view.columnStep
                    let offset = UnsafeRawPointer(memory.baseAddress ?? pixel).distance(to: pixel)
                    #expect(offset >= 0 && offset + layout.byteCount <= count)
                }
            }
        }
        #expect(accepted > 50)
    }

    @Test("finds what differs, and only that")
    func changes() {
        let (width, height) = (100, 80)
        var pixels = [UInt32](repeating: 0xFF00_0000, count: width * height)
        let picture = StreamPicture(width: width, height: height)
        func absorb(_ boxes: [Region]?) -> [Region] {
            pixels.withUnsafeBytes { bytes in
                guard
                    let view = PixelView(bytes, layout: .bgrx, width: width, height: height, stride: 0)
                else { return [] }
                return picture.absorb(view, boxes).boxes
            }
        }

        #expect(absorb(nil) == [Region(x: 0, y: 0, width: 100, height: 80)])
        #expect(absorb(nil) == [])
        pixels[10 * width + 50] = 0xFFFF_FFFF
        // Not told, not seen; told too much, seen where it is.
        #expect(absorb([Region(x: 0, y: 20, width: 100, height: 60)]) == [])
        #expect(
            absorb([Region(x: 40, y: 0, width: 1000, height: 1000)]) == [Region(x: 40, y: 10, width: 60, height: 1)])
        #expect(absorb([Region(x: -50, y: -50, width: 20, height: 20)]) == [])
    }

    @Test("believes a producer's clock only as long as it is near ours")
    func times() {
        let now: UInt64 = 10_000_000_000
        #expect(StreamCore.time(9_990_000_000, now: now) == 9_990_000_000)
        for claimed: Int64 in [-1, 0, .min, .max, 10_000_000_001, 7_000_000_000] {
            #expect(StreamCore.time(claimed, now: now) == now)
        }
    }

    @Test("reads no pointer that is not where the producer says")
    func hostileCursor() {
        let bytes = [UInt8](repeating: 0xFF, count: 16 * 16 * 4)
        func shape(_ width: UInt32, _ height: UInt32, stride: Int32, pixels: UInt32 = 3) -> CursorShape? {
            bytes.withUnsafeBufferPointer { memory in
                var cursor = cpipewire_cursor()
                (cursor.width, cursor.height, cursor.stride, cursor.pixels) = (width, height, stride, pixels)
                (cursor.hot_x, cursor.hot_y) = (.max, .min)
                (cursor.bytes, cursor.byte_count) = (memory.baseAddress, memory.count)
                return CursorShape(cursor, serial: 1)
            }
        }

        #expect(shape(16, 16, stride: 64)?.pixels == Array(repeating: .max, count: 256))
        #expect(shape(16, 17, stride: 64) == nil)
        #expect(shape(16, 16, stride: 65) == nil)
        #expect(shape(0, 16, stride: 64) == nil)
        #expect(shape(.max, .max, stride: .max) == nil)
        #expect(shape(16, 16, stride: 64, pixels: 99) == nil)
    }
}
