import Desktop
import Media
import Testing

/// What is drawn comes out, whatever kind of file it was put into.
@Suite struct PictureKindsTests {
    /// A kind of file, and how ImageMagick makes one.
    struct Kind: CustomTestStringConvertible, Sendable {
        var file: String
        var options: [String] = []
        var prefix = ""
        /// How far a colour may be off.
        var tolerance = 1
        /// Whether nothing but grey is left.
        var isGrey = false
        /// Whether the last quarter is seen through.
        var hasAlpha = false

        var testDescription: String { "\(prefix)\(file) \(options.joined(separator: " "))" }
    }

    static let kinds: [Kind] = [
        Kind(file: "x.png", prefix: "PNG24:"), Kind(file: "x.png", options: ["-interlace", "PNG"], prefix: "PNG24:"),
        Kind(file: "x.png", prefix: "PNG48:"), Kind(file: "x.png", prefix: "PNG64:", hasAlpha: true),
        Kind(file: "x.png", options: ["-interlace", "PNG"], prefix: "PNG64:", hasAlpha: true),
        Kind(file: "x.png", prefix: "PNG32:", hasAlpha: true), Kind(file: "x.png", prefix: "PNG8:", hasAlpha: true),
        Kind(file: "x.png", options: ["-interlace", "PNG"], prefix: "PNG8:"),
        Kind(file: "x.png", options: ["-colorspace", "Gray", "-depth", "8"], isGrey: true),
        Kind(file: "x.png", options: ["-colorspace", "Gray", "-depth", "16"], isGrey: true),
        Kind(
            file: "x.png", options: ["-colorspace", "Gray", "-define", "png:color-type=4"], isGrey: true, hasAlpha: true
        ),
        Kind(
            file: "x.png", options: ["-colorspace", "Gray", "-define", "png:color-type=4", "-depth", "16"],
            isGrey: true, hasAlpha: true),
        Kind(file: "x.gif", tolerance: 2), Kind(file: "x.gif", tolerance: 2, hasAlpha: true),
        Kind(file: "x.bmp"), Kind(file: "x.jpg", options: ["-quality", "98"], tolerance: 6),
        Kind(file: "x.jpg", options: ["-quality", "98", "-interlace", "JPEG"], tolerance: 6),
        Kind(file: "x.jpg", options: ["-colorspace", "Gray", "-quality", "98"], tolerance: 4, isGrey: true),
        Kind(file: "x.jpg", options: ["-colorspace", "CMYK", "-quality", "100"], tolerance: 12),
        Kind(file: "x.webp", options: ["-define", "webp:lossless=true"], tolerance: 1, hasAlpha: true),
        Kind(file: "x.webp", options: ["-quality", "95"], tolerance: 14),
    ]

    /// Kinds that not every ImageMagick makes.
    static let newer: [Kind] = [
        Kind(file: "x.heic", options: ["-quality", "95"], tolerance: 12),
        Kind(file: "x.avif", options: ["-quality", "95"], tolerance: 12),
    ]

    /// The quarters: left and right above, left and right below.
    static let quarters = [[200, 30, 40], [20, 180, 60], [30, 60, 220], [128, 128, 128]]

    @Test(
        "shows what was drawn", .enabled(if: Tool.has("convert"), "needs imagemagick"), arguments: kinds)
    func showsKinds(kind: Kind) throws { try check(kind) }

    @Test(
        "shows what was drawn in the files of phones and browsers",
        .enabled(if: Self.isMade("heic") && Self.isMade("avif"), "needs an imagemagick that writes HEIC and AVIF"),
        arguments: newer)
    func showsNewer(kind: Kind) throws { try check(kind) }

    @Test(
        "shows the first picture of an animation", .enabled(if: Tool.has("convert"), "needs imagemagick"),
        arguments: ["x.gif", "x.webp", "APNG:x.apng"])
    func showsFirst(name: String) throws {
        let scratch = try Scratch()
        let parts = name.split(separator: ":").map(String.init)
        let path = scratch.file(parts[parts.count - 1])
        if parts.count == 1 {
            _ = try Tool.run(
                "convert",
                ["-delay", "20", "-size", "64x48", "xc:rgb(255,0,0)", "xc:rgb(0,0,255)", "-loop", "0"]
                    + ["-define", "webp:lossless=true", path])
        } else {
            _ = try Tool.run(
                "ffmpeg",
                [
                    "-v", "error", "-f", "lavfi", "-i", "color=0xff0000:s=64x48:r=5:d=0.2", "-f", "lavfi", "-i",
                    "color=0x0000ff:s=64x48:r=5:d=0.2", "-filter_complex", "concat,format=rgb24", "-f", "apng", path,
                ])
        }
        let frame = try StillDecoder().decode(try Scratch.read(path))
        #expect((frame.width, frame.height) == (64, 48))
        let color = frame.color(x: 9, y: 9)
        #expect(color[0] > 240 && color[1] < 15 && color[2] < 15, "\(color)")
    }

    @Test(
        "sees through pictures of browsers where they say so",
        .enabled(if: Self.isMade("ffmpeg-avif"), "needs an ffmpeg that writes AVIF"))
    func seesThrough() throws {
        let scratch = try Scratch()
        let (source, path) = (scratch.file("x.png"), scratch.file("x.avif"))
        _ = try Tool.run("convert", Self.drawing(hasAlpha: true) + ["PNG32:" + source])
        _ = try Tool.run(
            "ffmpeg",
            [
                "-v", "error", "-i", source, "-map", "0", "-map", "0", "-filter:v:0", "format=yuv444p", "-filter:v:1",
                "alphaextract", "-frames:v", "1", "-c:v", "libaom-av1", "-still-picture", "1", "-crf", "5", "-cpu-used",
                "8", path,
            ])
        let frame = try StillDecoder().decode(try Scratch.read(path))
        #expect(frame.format == .bgra)
        #expect(frame.opacity(x: 16, y: 12) >= 253 && frame.opacity(x: 48, y: 36) <= 2)
        let sent = try StillDecoder().decode(try StillEncoder().encode(frame, as: .png).bytes)
        try expectQuarters(of: sent, Self.quarters.dropLast() + [[255, 255, 255]], tolerance: 12)
    }

    @Test(
        "takes the colours of a photo that does not say how it mixes them as those of JPEG",
        .enabled(if: Self.isMade("heic"), "needs an imagemagick that writes HEIC"), arguments: [1, 20])
    func unsaidColors(scale: Int) throws {
        let scratch = try Scratch()
        let path = scratch.file("x.heic")
        _ = try Tool.run(
            "convert", Self.drawing(hasAlpha: false) + ["-scale", "\(scale)00%", "-quality", "98", path])
        var bytes = try Scratch.read(path)
        if let box = bytes.firstRange(of: Array("colr".utf8)) { bytes.replaceSubrange(box, with: Array("free".utf8)) }
        let frame = try StillDecoder().decode(bytes)
        #expect((frame.width, frame.height) == (64 * scale, 48 * scale))
        try expectQuarters(of: frame, Self.quarters, tolerance: 5)
    }

    @Test(
        "turns the photos of phones as their files say",
        .enabled(if: Self.isMade("heic"), "needs an imagemagick that writes HEIC"), arguments: 0...3)
    func turnsPhotos(turns: Int) throws {
        let scratch = try Scratch()
        let path = scratch.file("x.heic")
        _ = try Tool.run("convert", Self.drawing(hasAlpha: false) + ["-quality", "95", path])
        var bytes = try Scratch.read(path)
        // A turn takes the place of the box that tells the bits of a pixel, which is as large but for its end.
        let box = try #require(bytes.firstRange(of: Array("pixi".utf8)))
        bytes.replaceSubrange(box, with: Array("irot".utf8))
        bytes[box.upperBound] = UInt8(turns)
        let frame = try StillDecoder().decode(bytes)
        #expect((frame.width, frame.height) == (turns % 2 == 0 ? (64, 48) : (48, 64)))
        // Anticlockwise: what was right above is left above then.
        let order = [[0, 1, 2, 3], [1, 3, 0, 2], [3, 2, 1, 0], [2, 0, 3, 1]][turns]
        try expectQuarters(of: frame, order.map { Self.quarters[$0] }, tolerance: 12)
    }

    // MARK: - Bright pictures

    /// Signals of light, in candelas a square metre, after the curve of bright screens.
    static let lights: [(light: Double, signal: Double)] = [
        (0, 0), (10, 0.2997), (36.5, 0.4108), (100, 0.5081), (203, 0.5807), (1000, 0.7518),
    ]

    @Test(
        "a picture for bright screens keeps its shades, and its lights are not cut off",
        .enabled(if: Tool.has("convert"), "needs imagemagick"), arguments: [true, false])
    func mapsLights(hasLights: Bool) throws {
        let scratch = try Scratch()
        let path = scratch.file("x.png")
        let lights = hasLights ? Self.lights : Self.lights.dropLast()
        let fields = lights.enumerated().flatMap { index, light in
            let share = "\(light.signal * 100)%"
            return [
                "-fill", "rgb(\(share),\(share),\(share))", "-draw", "rectangle \(index * 16),0 \(index * 16 + 15),31",
            ]
        }
        _ = try Tool.run(
            "convert", ["-size", "\(lights.count * 16)x32", "xc:black", "-depth", "16"] + fields + ["PNG48:" + path])
        let frame = try StillDecoder().decode(Self.marked(try Scratch.read(path), transfer: 16))
        let shades = lights.indices.map { frame.color(x: ($0 - lights.startIndex) * 16 + 8, y: 16) }
        for shade in shades { #expect(shade.max() == shade.min(), "\(shade)") }
        let greys = shades.map { $0[0] }
        #expect(zip(greys, greys.dropFirst()).allSatisfy { $0 + 5 < $1 }, "\(greys)")
        #expect(greys[0] == 0)
        // Middle grey is where it is on usual screens, and white is white.
        #expect(abs(greys[2] - 118) <= 3, "\(greys)")
        #expect(hasLights ? (212...240).contains(greys[4]) : greys[4] >= 252, "\(greys)")
        if hasLights { #expect(greys[5] >= 252, "\(greys)") }
    }

    @Test(
        "a bright red stays red", .enabled(if: Self.isMade("ffmpeg-avif"), "needs an ffmpeg that writes AVIF"),
        arguments: ["smpte2084", "arib-std-b67"])
    func keepsColors(curve: String) throws {
        let scratch = try Scratch()
        let path = scratch.file("x.avif")
        try Self.writeBright(path, curve: curve)
        let frame = try StillDecoder().decode(try Scratch.read(path))
        let (red, grey) = (frame.color(x: 16, y: 16), frame.color(x: 48, y: 16))
        #expect(red[0] > 200 && red[0] > red[1] + 90 && red[0] > red[2] + 90, "\(red)")
        #expect((grey.max() ?? 255) - (grey.min() ?? 0) <= 6 && (70...190).contains(grey[0]), "\(grey)")
    }

    /// A bright red beside a middle grey.
    private static func writeBright(_ path: String, curve: String) throws {
        _ = try Tool.run(
            "ffmpeg",
            [
                "-v", "error", "-f", "lavfi", "-i", "color=0xb04040:s=32x32:d=1:r=1", "-f", "lavfi", "-i",
                "color=0x6a6a6a:s=32x32:d=1:r=1", "-filter_complex",
                "hstack,format=gbrp10,scale=out_color_matrix=bt2020:out_range=tv,format=yuv444p10", "-frames:v", "1",
                "-c:v", "libaom-av1", "-still-picture", "1", "-crf", "5", "-cpu-used", "8", "-color_primaries",
                "bt2020", "-color_trc", curve, "-colorspace", "bt2020nc", "-color_range", "tv", path,
            ])
    }

    /// A PNG file that says by which curve its numbers mean light.
    private static func marked(_ file: [UInt8], transfer: UInt8) -> [UInt8] {
        // Behind the header; its checksum is not looked at by readers that were not told to.
        let chunk: [UInt8] = [0, 0, 0, 4] + Array("cICP".utf8) + [9, transfer, 0, 1] + [0, 0, 0, 0]
        return Array(file[..<33]) + chunk + file[33...]
    }

    // MARK: - Drawing

    private func check(_ kind: Kind) throws {
        let scratch = try Scratch()
        let path = scratch.file(kind.file)
        _ = try Tool.run("convert", Self.drawing(hasAlpha: kind.hasAlpha) + kind.options + [kind.prefix + path])
        let bytes = try Scratch.read(path)
        let frame = try StillDecoder().decode(bytes)
        #expect((frame.width, frame.height) == (64, 48))
        #expect(StillDecoder.mediaType(of: bytes) != nil)
        let quarters = Self.quarters.map { color -> [Int] in
            guard kind.isGrey else { return color }
            let grey = (0.2126 * Double(color[0]) + 0.7152 * Double(color[1]) + 0.0722 * Double(color[2])).rounded()
            return [Int(grey), Int(grey), Int(grey)]
        }
        if kind.hasAlpha {
            #expect(frame.format == .bgra)
            #expect(frame.opacity(x: 16, y: 12) >= 253)
            #expect(frame.opacity(x: 48, y: 36) <= 2)
            // What is sent lies on white.
            let sent = try StillDecoder().decode(try StillEncoder().encode(frame, as: .png).bytes)
            try expectQuarters(of: sent, quarters.dropLast() + [[255, 255, 255]], tolerance: kind.tolerance)
        } else {
            try expectQuarters(of: frame, quarters, tolerance: kind.tolerance)
        }
    }

    private func expectQuarters(of frame: Frame, _ quarters: [[Int]], tolerance: Int) throws {
        for (index, color) in quarters.enumerated() {
            let x = frame.width / 4 + index % 2 * frame.width / 2
            let y = frame.height / 4 + index / 2 * frame.height / 2
            let seen = frame.color(x: x, y: y)
            #expect(
                zip(seen, color).allSatisfy { abs($0 - $1) <= tolerance }, "quarter \(index): \(seen), not \(color)")
        }
    }

    private static func drawing(hasAlpha: Bool) -> [String] {
        ["-size", "64x48", hasAlpha ? "xc:none" : "xc:rgb(128,128,128)"]
            + quarters.dropLast().enumerated().flatMap { index, color in
                let (x, y) = (index % 2 * 32, index / 2 * 24)
                return [
                    "-fill", "rgb(\(color[0]),\(color[1]),\(color[2]))", "-draw",
                    "rectangle \(x),\(y) \(x + 31),\(y + 23)",
                ]
            }
    }

    /// Whether such a file can be made here.
    private static func isMade(_ kind: String) -> Bool {
        guard Tool.has("convert"), Tool.has("ffmpeg"), let scratch = try? Scratch() else { return false }
        if kind == "ffmpeg-avif" {
            return (try? writeBright(scratch.file("x.avif"), curve: "smpte2084")) != nil
        }
        return (try? Tool.run("convert", ["-size", "64x48", "xc:red", scratch.file("x." + kind)])) != nil
    }
}

extension Frame {
    /// How far a pixel is seen through: 0 altogether, 255 not at all.
    fileprivate func opacity(x: Int, y: Int) -> Int {
        format == .bgra ? pixels.withBytes { Int($0[y * stride + x * 4 + 3]) } : 255
    }
}
