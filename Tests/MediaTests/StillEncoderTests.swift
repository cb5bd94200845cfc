import Desktop
import Media
import Testing

@Suite struct StillEncoderTests {
    private func noise(_ format: PixelFormat, width: Int, height: Int, padding: Int = 0) -> Frame {
        var random = SeededGenerator(seed: UInt64(width * 31 + height))
        let stride = width * format.bytesPerPixel + padding
        let pixels = PixelBuffer(byteCount: stride * height) { bytes in
            for index in bytes.indices { bytes[index] = UInt8(truncatingIfNeeded: random.next() >> 20) }
            guard format == .bgra else { return }
            for y in 0..<height { for x in 0..<width { bytes[y * stride + 4 * x + 3] = 255 } }
        }
        return Frame(width: width, height: height, stride: stride, format: format, pixels: pixels, time: 0)
    }

    @Test(
        "a PNG holds the same pixels, byte for byte",
        arguments: [PixelFormat.bgrx, .bgra, .rgbx, .rgb], [(1, 1), (3, 2), (17, 9), (641, 359)])
    func isLossless(format: PixelFormat, size: (Int, Int)) throws {
        let frame = noise(format, width: size.0, height: size.1, padding: format == .rgb ? 7 : 8)

        let picture = try StillEncoder().encode(frame)

        #expect((picture.width, picture.height, picture.mediaType) == (size.0, size.1, "image/png"))
        #expect(try StillDecoder().decode(picture.bytes).packed == frame.packed)
    }

    @Test(
        "drawn rows and photographed ones are packed in their own ways, and nothing is lost",
        arguments: [PixelFormat.bgrx, .rgbx, .rgb])
    func choosesFilters(format: PixelFormat) throws {
        // A part that is drawn, then one that changes a little from pixel to pixel and from row to row.
        let (width, height) = (301, 240)
        var random = SeededGenerator(seed: 3)
        let step = format.bytesPerPixel
        let pixels = PixelBuffer(byteCount: width * height * step) { bytes in
            for y in 0..<height {
                for x in 0..<width {
                    for channel in 0..<step {
                        let drawn = x / 40 % 2 == 0 ? 30 : 200 + channel
                        let photographed = 3 * x + 2 * y + channel + Int(random.next() >> 33 % 4)
                        bytes[(y * width + x) * step + channel] = UInt8(
                            truncatingIfNeeded: y < height / 2 ? drawn : photographed)
                    }
                }
            }
        }
        let frame = Frame(
            width: width, height: height, stride: width * step, format: format, pixels: pixels, time: 0)

        let picture = try StillEncoder().encode(frame)

        #expect(try StillDecoder().decode(picture.bytes).packed == frame.packed)
        // As it is, the lower half would not become smaller at all: 108 kB.
        #expect(picture.bytes.count < 60_000)
    }

    @Test("ImageMagick reads the same pixels from a PNG", .enabled(if: Tool.has("convert"), "needs imagemagick"))
    func othersAgree() throws {
        let scratch = try Scratch()
        let frame = noise(.bgrx, width: 333, height: 77)
        let path = try scratch.write(StillEncoder().encode(frame).bytes, to: "x.png")

        #expect(try Tool.run("convert", [path, "-depth", "8", "rgb:-"]) == frame.packed)
    }

    @Test("is never enlarged, each side by itself")
    func isNotEnlarged() throws {
        let frame = noise(.bgrx, width: 60, height: 40)
        #expect(try StillEncoder().encode(frame, size: (600, 400)).width == 60)
        let smaller = try StillEncoder().encode(frame, size: (30, 20))
        #expect((smaller.width, smaller.height) == (30, 20))
        let least = try StillEncoder().encode(frame, size: (0, -3))
        #expect((least.width, least.height) == (1, 1))
    }

    @Test("made smaller, colours stay where and what they were, thin coloured lines too")
    func scalesColours() throws {
        var scene = Scene(width: 400, height: 300, shade: 255)
        scene.fill(Region(x: 0, y: 0, width: 200, height: 150), red: 200, green: 30, blue: 60)
        for x in stride(from: 200, to: 400, by: 2) {
            scene.fill(Region(x: x, y: 150, width: 1, height: 150), red: 255, green: 0, blue: 0)
        }

        let picture = try StillEncoder().encode(scene.frame(), size: (200, 150))
        let frame = try StillDecoder().decode(picture.bytes)

        #expect(frame.color(x: 50, y: 40) == [200, 30, 60])
        #expect(frame.color(x: 150, y: 40) == [255, 255, 255])
        let lines = frame.color(x: 150, y: 110)
        #expect(lines[0] > 250 && abs(lines[1] - 128) < 12 && abs(lines[2] - 128) < 12)
    }

    @Test("a JPEG is close, with colour in full resolution, and smaller the lower its quality")
    func writesJPEG() throws {
        var scene = Scene.desktop(width: 320, height: 200)
        scene.fill(Region(x: 161, y: 120, width: 1, height: 60), red: 255, green: 0, blue: 0)
        let frame = scene.frame()

        let fine = try StillEncoder().encode(frame, as: .jpeg(quality: 95))
        let coarse = try StillEncoder().encode(frame, as: .jpeg(quality: 30))
        let decoded = try StillDecoder().decode(fine.bytes)

        #expect(fine.mediaType == "image/jpeg")
        #expect(fine.bytes.count > 2 * coarse.bytes.count)
        let difference = zip(decoded.packed, frame.packed).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
        #expect(Double(difference) / Double(320 * 200 * 3) < 4)
        let line = decoded.color(x: 161, y: 150)
        #expect(line[0] - line[1] > 150)
    }

    @Test("what is transparent is laid over white")
    func flattens() throws {
        let pixels = PixelBuffer(byteCount: 3 * 4) { bytes in
            bytes.copyBytes(from: [10, 20, 30, 0, 10, 20, 30, 255, 0, 0, 0, 128] as [UInt8])
        }
        let frame = Frame(width: 3, height: 1, stride: 12, format: .bgra, pixels: pixels, time: 0)
        let decoded = try StillDecoder().decode(try StillEncoder().encode(frame).bytes)
        #expect(decoded.packed == [255, 255, 255, 30, 20, 10, 127, 127, 127])
    }

    @Test("prints what it costs", arguments: [(1920, 1080), (3840, 2160)])
    func printsItsCost(size: (Int, Int)) throws {
        let frame = Scene.desktop(width: size.0, height: size.1).frame()
        let cases: [(String, StillFormat, (width: Int, height: Int)?)] = [
            ("png", .png, nil), ("png for 1500 tokens", .png, (1428, 812)), ("jpeg 90", .jpeg(quality: 90), nil),
        ]
        for (name, format, smaller) in cases {
            var picture = EncodedPicture(bytes: [], mediaType: "", width: 0, height: 0)
            let costs = try (0..<3).map { _ in
                try Cost.measure { picture = try StillEncoder().encode(frame, as: format, size: smaller) }
            }
            let best = costs.map(\.cpu).min() ?? 0
            #expect(!picture.bytes.isEmpty)
            Cost.report(
                "\(size.0)x\(size.1) \(name): \(Int(best)) ms CPU, \(Int(costs.map(\.wall).min() ?? 0)) ms, "
                    + "\(picture.bytes.count) bytes")
        }
    }
}
