import Desktop
import Media
import Testing

@Suite("A JPEG file without its notes")
struct BareJPEGTests {
    private func photo(_ width: Int = 96, _ height: Int = 64) throws -> [UInt8] {
        let pixels = PixelBuffer(byteCount: width * height * 4) { bytes in
            for place in 0..<width * height * 4 { bytes[place] = UInt8((place * 37 + place / 91 * 11) % 251) }
        }
        let frame = Frame(width: width, height: height, stride: width * 4, format: .bgrx, pixels: pixels, time: 0)
        return try StillEncoder().encode(frame, as: .jpeg(quality: 90)).bytes
    }

    private func segment(_ marker: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        [0xFF, marker, UInt8((bytes.count + 2) >> 8), UInt8((bytes.count + 2) & 255)] + bytes
    }

    private func pixels(_ file: [UInt8]) throws -> [[Int]] {
        let frame = try StillDecoder().decode(file)
        return stride(from: 0, to: frame.width * frame.height, by: 7).map {
            frame.color(x: $0 % frame.width, y: $0 / frame.width)
        }
    }

    @Test("loses the place, the comment and the film behind it, and none of its pixels")
    func losesNotes() throws {
        let plain = try #require(BareJPEG(try photo())).bytes
        var noted = plain
        // A mark inside of a note is none.
        noted.insert(
            contentsOf: segment(0xE1, Array("GPS 52.5".utf8) + [0xFF, 0xD9]) + segment(0xFE, Array("me".utf8)), at: 2)
        noted += Array("ftypfilm".utf8)
        let bare = try #require(BareJPEG(noted)).bytes
        #expect(bare == plain)
        #expect(try pixels(bare) == pixels(noted))
        // The same again, so that an engine gets the same bytes on every turn.
        #expect(BareJPEG(bare)?.bytes == bare)
    }

    @Test("takes files whose picture comes in several scans", .enabled(if: Tool.has("convert"), "needs imagemagick"))
    func progressive() throws {
        let scratch = try Scratch()
        let path = scratch.file("many.jpg")
        _ = try Tool.run("convert", ["-size", "200x120", "plasma:red-blue", "-seed", "7", "-interlace", "JPEG", path])
        let file = try Scratch.read(path)
        let bare = try #require(BareJPEG(file)).bytes
        #expect(bare.count <= file.count)
        #expect(try pixels(bare) == pixels(file))
    }

    @Test("leaves alone what is not shown as it is stored", .enabled(if: Tool.has("convert"), "needs imagemagick"))
    func refuses() throws {
        let scratch = try Scratch()
        let path = scratch.file("print.jpg")
        _ = try Tool.run("convert", ["-size", "40x40", "xc:red", "-colorspace", "CMYK", path])
        #expect(BareJPEG(try Scratch.read(path)) == nil)
        var turned = try photo()
        let directory: [UInt8] =
            [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6] + [UInt8](repeating: 0, count: 6)
        turned.insert(contentsOf: segment(0xE1, Array("Exif\0\0".utf8) + directory), at: 2)
        #expect(BareJPEG(turned) == nil)
        #expect(BareJPEG([]) == nil && BareJPEG([0x89, 0x50, 0x4E, 0x47]) == nil)
    }

    @Test("bears files that are cut off or changed anywhere")
    func bearsDamage() throws {
        let file = try photo(48, 32)
        for end in file.indices { #expect(BareJPEG(Array(file[..<end])) == nil) }
        var seed: UInt64 = 5
        for _ in 0..<3_000 {
            var damaged = file
            for _ in 0..<3 {
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                damaged[Int(seed >> 33) % file.count] = UInt8(truncatingIfNeeded: seed >> 20)
            }
            if let bare = BareJPEG(damaged) { #expect(bare.bytes.count <= damaged.count + 2) }
        }
    }
}
