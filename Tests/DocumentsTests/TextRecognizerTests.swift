import Desktop
import Foundation
import Testing

@testable import Documents

private func isInstalled(_ program: String) -> Bool {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .contains { FileManager.default.isExecutableFile(atPath: $0 + "/" + program) }
}

@Suite(.enabled(if: isInstalled("tesseract") && isInstalled("convert"), "reads pictures drawn by ImageMagick"))
struct TextRecognizerTests {
    private static let sentence = "The quick brown fox jumps over the lazy dog"

    /// Draws two lines of text and returns the file.
    private func picture(_ format: String, ink: String, ground: String, points: Int) throws -> [UInt8] {
        let arguments: [String] = [
            "-background", ground, "-fill", ink, "-pointsize", String(points), "-bordercolor", ground,
            "label:\(Self.sentence)\nerror: file not found", "-border", "20", "-depth", "8", "\(format):-",
        ]
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["convert"] + arguments
        process.standardOutput = output
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd()
        process.waitUntilExit()
        return Array(bytes ?? Data())
    }

    @Test(
        "a picture's text is read, dark on light and light on dark",
        arguments: [("black", "white"), ("gray90", "#1e1e1e")])
    func pictures(ink: String, ground: String) async throws {
        for format in ["png", "jpg"] {
            let bytes = try picture(format, ink: ink, ground: ground, points: 20)
            let lines = try await TextRecognizer().text(in: bytes).split(separator: "\n")
            #expect(lines == ["\(Self.sentence)", "error: file not found"])
        }
    }

    @Test("the pixels of a screen are read at once", arguments: [PixelFormat.bgrx, .rgb])
    func frame(format: PixelFormat) async throws {
        let ppm = try picture("ppm", ink: "white", ground: "black", points: 13)
        let header = String(decoding: ppm.prefix(15), as: UTF8.self).split { $0.isWhitespace }
        let (width, height) = (try #require(Int(header[1])), try #require(Int(header[2])))
        let pixels = ppm.suffix(width * height * 3)
        let stride = width * format.bytesPerPixel + 8
        let buffer = PixelBuffer(byteCount: stride * height) { memory in
            for row in 0..<height {
                for column in 0..<width {
                    let from = pixels.startIndex + (row * width + column) * 3
                    for channel in 0..<3 {
                        let to = row * stride + column * format.bytesPerPixel
                        memory[to + (format == .rgb ? channel : 2 - channel)] = pixels[from + channel]
                    }
                }
            }
        }
        let frame = Frame(width: width, height: height, stride: stride, format: format, pixels: buffer, time: 0)
        #expect(try await TextRecognizer().text(in: frame).contains(Self.sentence))
    }

    @Test("a picture without text gives no text, and what is no picture a sentence")
    func nothing() async throws {
        let frame = Frame(
            width: 200, height: 100, stride: 800, format: .bgrx,
            pixels: PixelBuffer(byteCount: 80_000) { memory in for index in memory.indices { memory[index] = 255 } },
            time: 0)
        #expect(try await TextRecognizer().text(in: frame) == "")
        let failure = await #expect(throws: DocumentFailure.self) {
            try await TextRecognizer().text(in: Array("no picture".utf8))
        }
        #expect(failure?.kind == .toolFailed)
    }

    @Test("languages that are not installed are left out")
    func languages() async throws {
        let bytes = try picture("png", ink: "black", ground: "white", points: 20)
        let recognizer = TextRecognizer(languages: ["tlh", "eng"])
        #expect(await recognizer.isAvailable)
        #expect(try await recognizer.text(in: bytes).hasPrefix(Self.sentence))
    }

    @Test("without tesseract the sentence says what to install")
    func missing() async throws {
        var recognizer = TextRecognizer()
        recognizer.program.name = "tesseract-that-is-not-there"
        let failure = await #expect(throws: DocumentFailure.self) { try await recognizer.text(in: [1]) }
        #expect(failure?.kind == .toolMissing && failure?.message.contains("install tesseract-ocr") == true)
        #expect(await !recognizer.isAvailable)
    }

    @Test("blanks at the ends and the page's form feed are removed")
    func tidied() {
        #expect(TextRecognizer.tidied("\n \na  \n\n  b\t\n\n\u{c}") == "a\n\n  b")
        #expect(TextRecognizer.tidied("\u{c}") == "")
    }
}
