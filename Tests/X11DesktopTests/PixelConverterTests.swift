import Testing

@testable import X11Desktop

@Suite struct PixelConverterTests {
    struct Case: Sendable {
        var layout: PixelLayout
        var bytes: [UInt8]
        var colour: UInt32
    }

    static let cases: [Case] = [
        Case(layout: layout(32, false, 0xFF0000, 0xFF00, 0xFF), bytes: [0x03, 0x02, 0x01, 0x77], colour: 0x010203),
        Case(layout: layout(32, true, 0xFF0000, 0xFF00, 0xFF), bytes: [0x00, 0x01, 0x02, 0x03], colour: 0x010203),
        Case(layout: layout(32, false, 0xFF, 0xFF00, 0xFF0000), bytes: [0x01, 0x02, 0x03, 0x00], colour: 0x010203),
        Case(layout: layout(24, false, 0xFF0000, 0xFF00, 0xFF), bytes: [0x03, 0x02, 0x01], colour: 0x010203),
        Case(layout: layout(16, false, 0xF800, 0x07E0, 0x001F), bytes: [0x00, 0xF8], colour: 0xFF0000),
        Case(layout: layout(16, true, 0xF800, 0x07E0, 0x001F), bytes: [0x07, 0xE0], colour: 0x00FF00),
        Case(layout: layout(16, false, 0x7C00, 0x03E0, 0x001F), bytes: [0x10, 0x42], colour: 0x848484),
        Case(
            layout: layout(32, false, 0x3FF0_0000, 0xFFC00, 0x3FF), bytes: [0xFF, 0x03, 0x08, 0x20], colour: 0x8080FF),
        Case(layout: layout(8, false, 0xE0, 0x1C, 0x03), bytes: [0xE3], colour: 0xFF00FF),
        Case(layout: layout(8, false, 0, 0, 0, palette: [0x111111, 0x123456]), bytes: [0x01], colour: 0x123456),
        Case(layout: layout(8, false, 0, 0, 0, palette: [0x111111, 0x123456]), bytes: [0x02], colour: 0),
    ]

    @Test("reads every depth and byte order", arguments: cases)
    func converts(example: Case) {
        let source = example.bytes + example.bytes
        var result = [UInt8](repeating: 0, count: 8)
        source.withUnsafeBytes { source in
            result.withUnsafeMutableBytes { result in
                guard let start = source.baseAddress, let end = result.baseAddress else { return }
                PixelConverter(example.layout).convert(start, count: 2, into: end)
            }
        }
        for pixel in [result[0..<4], result[4..<8]] {
            let bytes = Array(pixel)
            #expect(UInt32(bytes[2]) << 16 | UInt32(bytes[1]) << 8 | UInt32(bytes[0]) == example.colour)
        }
    }

    @Test(
        "what is transparent lies on white, and colours beyond their alpha stay colours",
        arguments: [
            ([0x30, 0x20, 0x10, 0xFF], 0x102030), ([0, 0, 0, 0], 0xFFFFFF), ([0, 0, 0, 0x80], 0x7F7F7F),
            ([0x40, 0, 0x80, 0x80], 0xFF7FBF), ([0xFF, 0xF0, 0x00, 0x10], 0xEFFFFF),
        ] as [([UInt8], UInt32)])
    func transparent(bytes: [UInt8], colour: UInt32) {
        var layout = PixelLayout.bgrx
        layout.isTransparent = true
        let converter = PixelConverter(layout)
        var result = [UInt8](repeating: 0, count: 4)
        bytes.withUnsafeBytes { source in
            result.withUnsafeMutableBytes { result in
                guard let start = source.baseAddress, let end = result.baseAddress else { return }
                converter.convert(start, count: 1, into: end)
            }
        }
        #expect(!converter.isNative)
        #expect(UInt32(result[2]) << 16 | UInt32(result[1]) << 8 | UInt32(result[0]) == colour)
    }

    private static func layout(
        _ bits: Int, _ isBigEndian: Bool, _ red: UInt32, _ green: UInt32, _ blue: UInt32, palette: [UInt32]? = nil
    ) -> PixelLayout {
        PixelLayout(
            bitsPerPixel: bits, isBigEndian: isBigEndian, redMask: red, greenMask: green, blueMask: blue,
            palette: palette)
    }
}
