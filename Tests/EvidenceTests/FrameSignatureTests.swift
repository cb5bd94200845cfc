import Desktop
import Evidence
import Testing

@Suite struct FrameSignatureTests {
    @Test("is the same for the same picture and far for another")
    func compares() {
        let light = Canvas(shade: 230).signature
        let dark = Canvas(shade: 20).signature

        #expect(light.distance(from: light) == 0)
        #expect(light.distance(from: dark) == 1)
        #expect(light.columns == 64 && light.rows == 36)
    }

    @Test("sees where a small thing changed")
    func localises() {
        var canvas = Canvas(width: 1920, height: 1080)
        let before = canvas.signature
        canvas.fill(x: 1000, y: 490, width: 8, height: 12, shade: 0)

        let changed = canvas.signature.changedTiles(from: before)

        #expect(changed.count == 1)
        #expect(changed.contains(column: 1000 / 30, row: 490 / 30))
    }

    @Test("sees a thing move inside a tile, and fine lines replaced by their mean")
    func seesMovesAndTextures() {
        var left = Canvas(width: 1920, height: 1080)
        left.fill(x: 962, y: 542, width: 6, height: 6, shade: 0)
        var right = Canvas(width: 1920, height: 1080)
        right.fill(x: 980, y: 560, width: 6, height: 6, shade: 0)
        #expect(left.signature.changedTiles(from: right.signature).count == 1)

        var lines = Canvas(width: 640, height: 360, shade: 128)
        for x in stride(from: 0, to: 640, by: 2) { lines.fill(x: x, y: 0, width: 1, height: 360, shade: 148) }
        let plain = Canvas(width: 640, height: 360, shade: 138)
        #expect(lines.signature.distance(from: plain.signature) == 1)
    }

    @Test("tells colours of the same brightness apart from none")
    func seesColour() {
        var red = Canvas(shade: 0)
        red.fill(x: 0, y: 0, width: 640, height: 360, red: 255, green: 0, blue: 0)
        #expect(red.signature.distance(from: Canvas(shade: 0).signature) == 1)
    }

    @Test("is the same for every layout of the same pixels, padded rows too")
    func readsEveryLayout() {
        let (width, height) = (211, 97)
        func color(_ x: Int, _ y: Int) -> (UInt8, UInt8, UInt8) {
            (UInt8(truncatingIfNeeded: x * 3), UInt8(truncatingIfNeeded: x + y * 5), UInt8(truncatingIfNeeded: y * 7))
        }
        func frame(_ format: PixelFormat, padding: Int) -> Frame {
            let stride = width * format.bytesPerPixel + padding
            let pixels = PixelBuffer(byteCount: stride * height) { bytes in
                for y in 0..<height {
                    for x in 0..<width {
                        let (red, green, blue) = color(x, y)
                        let at = y * stride + x * format.bytesPerPixel
                        let isBlueFirst = format == .bgrx || format == .bgra
                        bytes[at] = isBlueFirst ? blue : red
                        bytes[at + 1] = green
                        bytes[at + 2] = isBlueFirst ? red : blue
                        if format != .rgb { bytes[at + 3] = UInt8(truncatingIfNeeded: x * 11) }
                    }
                }
            }
            return Frame(width: width, height: height, stride: stride, format: format, pixels: pixels, time: 0)
        }
        let reference = FrameSignature(frame(.bgrx, padding: 0))

        for (format, padding) in [(PixelFormat.bgrx, 12), (.bgra, 0), (.rgbx, 4), (.rgb, 5)] {
            #expect(FrameSignature(frame(format, padding: padding)) == reference, "\(format)")
        }
    }

    @Test("sees five levels of brightness, not two, in a plane with padded rows")
    func seesLevels() {
        let (width, height, stride) = (128, 72, 131)
        var random = SeededGenerator(seed: 3)
        let plane = (0..<stride * height).map { _ in UInt8.random(in: 0...200, using: &random) }
        func signature(adding levels: UInt8) -> FrameSignature {
            plane.map { $0 + levels }.withUnsafeBytes {
                FrameSignature(LumaView(bytes: $0, width: width, height: height, stride: stride))
            }
        }
        let original = signature(adding: 0)

        #expect(original.columns == 32 && original.rows == 18)
        #expect(original.distance(from: signature(adding: 2)) == 0)
        #expect(original.distance(from: signature(adding: 5)) == 1)
    }

    @Test(
        "a plane of brightness comes to the same as its grey pixels, at every size",
        arguments: [(1920, 1080), (211, 97), (64, 20_000), (7, 2000), (2000, 3), (13, 9)])
    func readsPlanes(width: Int, height: Int) {
        let stride = width + 5
        var random = SeededGenerator(seed: 11)
        let plane = (0..<stride * height).map { _ in UInt8.random(in: 0...255, using: &random) }
        let grey = PixelBuffer(byteCount: 4 * width * height) { bytes in
            for pixel in 0..<width * height {
                let word = UInt32(plane[pixel / width * stride + pixel % width]) * 0x0001_0101
                bytes.storeBytes(of: word, toByteOffset: 4 * pixel, as: UInt32.self)
            }
        }
        let frame = Frame(width: width, height: height, stride: 4 * width, format: .bgrx, pixels: grey, time: 0)
        // The last row ends with its last pixel.
        let luma = plane.prefix(stride * (height - 1) + width).withUnsafeBytes {
            FrameSignature(LumaView(bytes: $0, width: width, height: height, stride: stride))
        }

        // Their means are rounded otherwise, and differ by no more than that.
        #expect(luma.distance(from: FrameSignature(frame)) == 0)
    }

    @Test("bears pictures of every size", arguments: [(1, 1), (2, 1), (1, 9), (3, 5), (7, 2000), (2000, 3), (63, 37)])
    func bearsSizes(width: Int, height: Int) {
        let white = Canvas(width: width, height: height, shade: 255).signature
        let black = Canvas(width: width, height: height, shade: 0).signature

        #expect(white.distance(from: white) == 0)
        #expect(white.distance(from: black) > 0.4)
        #expect(white.distance(from: Canvas().signature) == 1)
    }

    @Test("prints what it costs")
    func printsItsCost() {
        let frame = Canvas(width: 1920, height: 1080).frame
        var signature: FrameSignature?
        let elapsed = ContinuousClock().measure { signature = FrameSignature(frame) }
        #expect(signature?.columns == 64)
        Report.line("FrameSignature of 1920x1080 in this build: \(elapsed)")
    }
}
