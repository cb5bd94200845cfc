import Desktop
import Media
import Testing

@Suite struct StillDecoderTests {
    @Test(
        "reads what others write", .enabled(if: Tool.has("convert"), "needs imagemagick"),
        arguments: ["png", "jpg", "webp", "gif", "bmp"])
    func readsFormats(kind: String) throws {
        let scratch = try Scratch()
        let path = scratch.file("x." + kind)
        _ = try Tool.run(
            "convert",
            ["-size", "121x67", "xc:rgb(200,40,90)", "-fill", "rgb(10,220,30)", "-draw", "rectangle 0,0 59,66", path])
        let bytes = try Scratch.read(path)

        let frame = try StillDecoder().decode(bytes)

        #expect((frame.width, frame.height) == (121, 67))
        let tolerance = kind == "jpg" || kind == "webp" ? 12 : 0
        for (x, expected) in [(30, [10, 220, 30]), (90, [200, 40, 90])] {
            let color = frame.color(x: x, y: 33)
            #expect(zip(color, expected).allSatisfy { abs($0 - $1) <= tolerance }, "\(kind) \(color)")
        }
        #expect(StillDecoder.mediaType(of: bytes) == ["jpg": "image/jpeg"][kind] ?? "image/" + kind)
    }

    @Test("keeps alpha, and reads palettes and sixteen bits", .enabled(if: Tool.has("convert"), "needs imagemagick"))
    func readsVariants() throws {
        let scratch = try Scratch()
        let variants: [(String, [String])] = [
            ("PNG32:", []), ("PNG8:", []), ("PNG48:", []), ("PNG24:", ["-interlace", "PNG"]),
            ("PNG:", ["-colorspace", "Gray"]),
        ]
        for (index, variant) in variants.enumerated() {
            let path = scratch.file("\(index).png")
            _ = try Tool.run("convert", ["-size", "40x30", "xc:rgb(80,80,80)"] + variant.1 + [variant.0 + path])
            let frame = try StillDecoder().decode(try Scratch.read(path))
            #expect(frame.color(x: 20, y: 20) == [80, 80, 80], "\(variant.0)")
        }
        let alpha = scratch.file("alpha.png")
        _ = try Tool.run("convert", ["-size", "40x30", "xc:rgba(200,0,0,0.5)", "PNG32:" + alpha])
        let frame = try StillDecoder().decode(try Scratch.read(alpha))
        #expect(frame.format == .bgra)
        #expect(abs(Int(frame.pixels.withBytes { $0[3] }) - 128) <= 1)
    }

    @Test("refuses what is no picture, in a sentence")
    func refusesOthers() {
        let samples: [[UInt8]] = [
            [], [0], Array("hello, this is text".utf8), Array("%PDF-1.7".utf8), Array("RIFFxxxxWAVE".utf8),
        ]
        for bytes in samples {
            #expect(StillDecoder.mediaType(of: bytes) == nil)
            #expect {
                try StillDecoder().decode(bytes)
            } throws: { error in
                (error as? MediaFailure)?.kind == .unreadable && "\(error)".hasSuffix(".")
            }
        }
    }

    @Test("refuses a picture that claims to be huge before it takes memory for it")
    func refusesBombs() throws {
        var bytes = try StillEncoder().encode(Scene(width: 8, height: 8).frame()).bytes
        bytes.replaceSubrange(16..<24, with: [0, 1, 0x86, 0xa0, 0, 1, 0x86, 0xa0])
        let cost = Cost.measure {
            #expect(throws: MediaFailure.self) { try StillDecoder().decode(bytes) }
        }
        #expect(cost.cpu < 2000)
    }

    @Test("refuses a photo that claims to be in more pieces than it has bytes")
    func refusesPieces() {
        func box(_ type: String, _ content: [UInt8]) -> [UInt8] {
            let size = content.count + 8
            return (0..<4).map { UInt8(truncatingIfNeeded: size >> (24 - $0 * 8)) } + Array(type.utf8) + content
        }
        let item = box("infe", [2, 0, 0, 0, 0, 1, 0, 0] + Array("hvc1".utf8) + [0])
        // Places of no bytes, twenty thousand times as many as can be counted.
        let places = (0..<20_000).flatMap { _ in [0, 1, 0, 0, 0xFF, 0xFF] as [UInt8] }
        let meta = box(
            "meta",
            [0, 0, 0, 0] + box("pitm", [0, 0, 0, 0, 0, 1]) + box("iinf", [0, 0, 0, 0, 0, 1] + item)
                + box("iloc", [0, 0, 0, 0, 0, 0, 0x4E, 0x20] + places))
        let bytes = box("ftyp", Array("heic".utf8) + [0, 0, 0, 0]) + meta
        let cost = Cost.measure {
            #expect(throws: MediaFailure.self) { try StillDecoder().decode(bytes) }
        }
        #expect(cost.cpu < 2000)
    }

    @Test("bears files that are cut or damaged anywhere, of every kind")
    func bearsDamage() throws {
        let frame = Scene.desktop(width: 96, height: 64).frame()
        var originals = [
            try StillEncoder().encode(frame).bytes, try StillEncoder().encode(frame, as: .jpeg(quality: 80)).bytes,
        ]
        if Tool.has("convert") {
            let scratch = try Scratch()
            let png = try scratch.write(originals[0], to: "x.png")
            for kind in ["webp", "gif", "bmp"] {
                _ = try Tool.run("convert", [png, scratch.file("x." + kind)])
                originals.append(try Scratch.read(scratch.file("x." + kind)))
            }
            // Not every ImageMagick writes these.
            for kind in ["heic", "avif"] {
                guard (try? Tool.run("convert", [png, scratch.file("x." + kind)])) != nil else { continue }
                originals.append(try Scratch.read(scratch.file("x." + kind)))
            }
        }
        var random = SeededGenerator(seed: 99)
        var read = 0
        for original in originals {
            for _ in 0..<150 {
                var bytes = original
                if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random)) }
                for _ in 0..<Int.random(in: 0...12, using: &random) where bytes.count > 16 {
                    bytes[Int.random(in: 12..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
                guard let decoded = try? StillDecoder().decode(bytes) else { continue }
                read += 1
                #expect(decoded.width > 0 && decoded.pixels.byteCount >= decoded.stride * decoded.height)
            }
            // Nothing but noise behind a true beginning.
            for _ in 0..<30 {
                let noise = (0..<2000).map { _ in UInt8.random(in: 0...255, using: &random) }
                _ = try? StillDecoder().decode(Array(original.prefix(12)) + noise)
            }
        }
        #expect(read > 0)
    }
}
