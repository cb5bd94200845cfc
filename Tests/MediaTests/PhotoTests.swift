import Desktop
import Media
import Testing

/// What comes out of files as cameras, painting programs and printers write them.
@Suite struct PhotoTests {
    @Test(
        "turns a JPEG as its camera noted, as ImageMagick does",
        .enabled(if: Tool.has("convert"), "needs imagemagick"), arguments: 1...8, [true, false])
    func turnsPhotos(orientation: Int, isLittle: Bool) throws {
        let scratch = try Scratch()
        let plain = scratch.file("plain.jpg")
        _ = try Tool.run(
            "convert",
            [
                "-size", "48x32", "xc:rgb(20,20,20)", "-fill", "rgb(250,40,40)", "-draw", "rectangle 0,0 23,15",
                "-fill",
                "rgb(40,40,250)", "-draw", "rectangle 24,0 47,15", "-sampling-factor", "1x1", "-quality", "100", plain,
            ])
        var bytes = try Scratch.read(plain)
        let block = Array("Exif\0\0".utf8) + exif(orientation, isLittle: isLittle)
        bytes.insert(contentsOf: [0xFF, 0xE1, 0, UInt8(block.count + 2)] + block, at: 2)
        let photo = try scratch.write(bytes, to: "photo.jpg")
        let upright = scratch.file("upright.png")
        _ = try Tool.run("convert", [photo, "-auto-orient", "-strip", upright])

        let frame = try StillDecoder().decode(bytes)
        let expected = try StillDecoder().decode(try Scratch.read(upright))

        #expect((frame.width, frame.height) == (expected.width, expected.height))
        for (x, y) in [(5, 5), (frame.width - 6, 5), (5, frame.height - 6), (frame.width - 6, frame.height - 6)] {
            let pair = zip(frame.color(x: x, y: y), expected.color(x: x, y: y))
            #expect(pair.allSatisfy { abs($0 - $1) <= 12 }, "orientation \(orientation) at \(x), \(y)")
        }
    }

    @Test("turns PNG and WebP files that carry the note", .enabled(if: Tool.has("convert"), "needs imagemagick"))
    func turnsOthers() throws {
        let scratch = try Scratch()
        let source = ["-size", "40x20", "xc:rgb(20,20,20)", "-fill", "rgb(250,40,40)", "-draw", "rectangle 0,0 19,9"]
        _ = try Tool.run("convert", source + [scratch.file("x.png")])
        _ = try Tool.run("convert", source + ["-define", "webp:lossless=true", scratch.file("x.webp")])
        let block = exif(6, isLittle: false)

        var png = try Scratch.read(scratch.file("x.png"))
        // Behind the header; its checksum is not looked at by readers that were not told to.
        png.insert(contentsOf: [0, 0, 0, UInt8(block.count)] + Array("eXIf".utf8) + block + [0, 0, 0, 0], at: 33)
        var webp = try Scratch.read(scratch.file("x.webp"))
        webp += Array("EXIF".utf8) + [UInt8(block.count), 0, 0, 0] + block

        for bytes in [png, webp] {
            let frame = try StillDecoder().decode(bytes)
            #expect((frame.width, frame.height) == (20, 40))
            #expect(zip(frame.color(x: 15, y: 5), [250, 40, 40]).allSatisfy { abs($0 - $1) <= 2 })
            #expect(zip(frame.color(x: 5, y: 5), [20, 20, 20]).allSatisfy { abs($0 - $1) <= 2 })
        }
    }

    @Test("takes no note of a note that makes no sense, whatever is in it")
    func bearsWrongNotes() throws {
        let plain = try StillEncoder().encode(Scene(width: 48, height: 32).frame(), as: .jpeg(quality: 90)).bytes
        var random = SeededGenerator(seed: 6)
        var turned = 0
        for round in 0..<400 {
            var block = Array("Exif\0\0".utf8) + exif(round % 12, isLittle: round % 2 == 0)
            if round >= 12 {
                for _ in 0..<3 {
                    block[Int.random(in: 6..<block.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
                block.removeLast(Int.random(in: 0..<block.count, using: &random))
            }
            var bytes = plain
            bytes.insert(contentsOf: [0xFF, 0xE1, 0, UInt8(block.count + 2)] + block, at: 2)
            let frame = try StillDecoder().decode(bytes)
            #expect([48, 32].contains(frame.width) && frame.width * frame.height == 48 * 32)
            if frame.width == 32 { turned += 1 }
            if round == 0 || (9...11).contains(round) { #expect(frame.width == 48) }
        }
        #expect(turned > 10)
    }

    @Test(
        "reads grey, transparent grey, palettes, sixteen bits and printers' colours",
        .enabled(if: Tool.has("convert"), "needs imagemagick"))
    func readsKinds() throws {
        let scratch = try Scratch()
        // The shade in each corner, as what is sent shows it.
        let kinds: [(String, [String], tolerance: Int)] = [
            ("grey.jpg", ["-colorspace", "Gray"], 4), ("grey16.png", ["-colorspace", "Gray", "-depth", "16"], 1),
            ("greyalpha.png", ["-colorspace", "Gray", "-define", "png:color-type=4"], 1),
            ("palette.png", ["-colors", "4", "-define", "png:color-type=3"], 1), ("palette.gif", [], 1),
            ("deep.png", ["-depth", "16"], 1), ("cmyk.jpg", ["-colorspace", "CMYK", "-quality", "100"], 14),
            ("progressive.jpg", ["-interlace", "JPEG", "-quality", "100"], 6),
        ]
        for (name, options, tolerance) in kinds {
            let path = scratch.file(name)
            _ = try Tool.run(
                "convert",
                ["-size", "32x32", "xc:rgb(40,40,40)", "-fill", "rgb(220,220,220)", "-draw", "rectangle 0,0 15,31"]
                    + options + [path])
            let frame = try StillDecoder().decode(try Scratch.read(path))
            let sent = try StillDecoder().decode(try StillEncoder().encode(frame).bytes)
            #expect(sent.format == .bgrx, "\(name)")
            for (x, shade) in [(5, 220), (26, 40)] {
                let color = sent.color(x: x, y: 16)
                #expect(color.allSatisfy { abs($0 - shade) <= tolerance }, "\(name) \(color)")
            }
        }
    }

    @Test("keeps printers' red red", .enabled(if: Tool.has("convert"), "needs imagemagick"))
    func keepsInks() throws {
        let scratch = try Scratch()
        let path = scratch.file("red.jpg")
        _ = try Tool.run(
            "convert", ["-size", "32x32", "xc:rgb(255,0,0)", "-colorspace", "CMYK", "-quality", "100", path])
        let color = try StillDecoder().decode(try Scratch.read(path)).color(x: 9, y: 9)
        #expect(color[0] > 220 && color[1] < 40 && color[2] < 40, "\(color)")
    }

    @Test("lays dark drawings over white, and white ones over black", arguments: [(10, 255), (255, 0)])
    func laysOverGround(shade: Int, ground: Int) throws {
        let pixels = PixelBuffer(byteCount: 40 * 20 * 4) { bytes in
            for index in 0..<800 {
                for channel in 0..<3 { bytes[index * 4 + channel] = UInt8(shade) }
                bytes[index * 4 + 3] = index % 40 < 20 ? 255 : 0
            }
        }
        let frame = Frame(width: 40, height: 20, stride: 160, format: .bgra, pixels: pixels, time: 0)
        let sent = try StillDecoder().decode(try StillEncoder().encode(frame).bytes)
        #expect(sent.color(x: 5, y: 5) == [shade, shade, shade])
        #expect(sent.color(x: 30, y: 5) == [ground, ground, ground])
    }

    @Test("reads the first picture of an animation", .enabled(if: Tool.has("convert"), "needs imagemagick"))
    func readsFirstOfMany() throws {
        let scratch = try Scratch()
        for name in ["x.gif"] {
            let path = scratch.file(name)
            _ = try Tool.run(
                "convert", ["-delay", "20", "-size", "32x32", "xc:rgb(255,0,0)", "xc:rgb(0,0,255)", "-loop", "0", path])
            let color = try StillDecoder().decode(try Scratch.read(path)).color(x: 9, y: 9)
            #expect(color[0] > 200 && color[2] < 60, "\(name) \(color)")
        }
    }

    /// A TIFF block with one directory, of a maker's tag and the orientation.
    private func exif(_ orientation: Int, isLittle: Bool) -> [UInt8] {
        func number(_ value: Int, _ count: Int) -> [UInt8] {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
            return isLittle ? bytes : bytes.reversed()
        }
        let head = Array((isLittle ? "II" : "MM").utf8) + number(42, 2) + number(8, 4)
        let maker = number(0x010F, 2) + number(2, 2) + number(4, 4) + Array("abc\0".utf8)
        let turn = number(0x0112, 2) + number(3, 2) + number(1, 4) + number(orientation, 2) + [0, 0]
        return head + number(2, 2) + maker + turn + number(0, 4)
    }
}
