import Foundation
import Glibc
import Testing

@testable import Documents

final class AttachmentReaderTests {
    private let directory: String
    private let reader = AttachmentReader()

    init() throws {
        directory = NSTemporaryDirectory() + "/scry-documents-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private func file(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
        let path = directory + "/" + name
        try Data(Array(bytes)).write(to: URL(fileURLWithPath: path))
        return path
    }

    private var media: String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path + "/Fixtures/media"
    }

    @Test("pictures and videos are known by their bytes, whatever they are called")
    func fixtures() throws {
        let png = try Data(contentsOf: URL(fileURLWithPath: media + "/red-circle.png"))
        let renamed = try file("notes.txt", png)
        #expect(try reader.read(path: renamed) == .picture(bytes: Array(png), mediaType: "image/png"))
        guard case .picture(_, "image/jpeg") = try reader.read(path: media + "/blue-square.jpg") else {
            Issue.record("a JPEG is a picture")
            return
        }
        let video = media + "/green-square-right.mp4"
        #expect(try reader.read(path: video) == .video(path: video, mediaType: "video/mp4"))
    }

    @Test(
        "files are recognized by how they begin",
        arguments: [
            ("GIF89a....", FileKind.picture(mediaType: "image/gif")),
            ("RIFF\u{1}\u{2}\u{3}\u{4}WEBPVP8 ", .picture(mediaType: "image/webp")),
            ("BM\u{1}\u{1}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}", .picture(mediaType: "image/bmp")),
            ("RIFF\u{1}\u{2}\u{3}\u{4}AVI LIST", .video(mediaType: "video/x-msvideo")),
            ("\u{0}\u{0}\u{0}\u{18}ftypisom", .video(mediaType: "video/mp4")),
            ("\u{0}\u{0}\u{0}\u{18}ftypqt  ", .video(mediaType: "video/quicktime")),
            ("\u{0}\u{0}\u{0}\u{18}ftypavif", .picture(mediaType: "image/avif")),
            ("%PDF-1.7", .pdf), ("BMW builds cars", .text(.utf8)), ("", .text(.utf8)),
            ("<!DOCTYPE html><title>x", .webPage), ("\u{FEFF}\n<!-- a --> <HTML lang=en>", .webPage),
            ("<?xml version='1.0'?>\n<html xmlns='x'>", .webPage), ("<?xml version='1.0'?><svg>", .text(.utf8)),
            ("<!-- not closed <html>", .text(.utf8)), ("<htm", .text(.utf8)),
            ("héllo, wörld", .text(.utf8)), ("a\u{0}b", .other(nil)),
        ])
    func kinds(text: String, kind: FileKind) {
        #expect(FileKind(head: Array(text.utf8), isWhole: true) == kind)
    }

    @Test("Matroska and WebM are told apart")
    func matroska() {
        let start: [UInt8] = [0x1A, 0x45, 0xDF, 0xA3, 0x9F, 0x42, 0x82, 0x84]
        #expect(FileKind(head: start + "webm".utf8, isWhole: false) == .video(mediaType: "video/webm"))
        #expect(FileKind(head: start + "matroska".utf8, isWhole: false) == .video(mediaType: "video/x-matroska"))
    }

    @Test("texts are read in the encodings that occur")
    func encodings() throws {
        let cases: [([UInt8], String)] = [
            (Array("naïve 日本 🙂\n".utf8), "naïve 日本 🙂\n"),
            ([0xEF, 0xBB, 0xBF] + "mark".utf8, "mark"),
            ([0xFF, 0xFE] + "né 🙂".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }, "né 🙂"),
            ([0xFE, 0xFF] + "né 🙂".utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }, "né 🙂"),
            ([0x63, 0x61, 0x66, 0xE9, 0x20, 0x93, 0x78, 0x94], "café “x”"),
            (Array("\u{1B}[31mred\u{1B}[0m\u{8}\n".utf8), "\u{1B}[31mred\u{1B}[0m\u{8}\n"),
        ]
        for (bytes, text) in cases {
            #expect(try reader.read(path: file("t", bytes)) == .text(name: "t", text: text))
        }
    }

    @Test("a character that is cut by the end of what is looked at does not change the judgement")
    func cutCharacter() throws {
        for filler in 0..<4 {
            let text = String(repeating: "a", count: filler) + String(repeating: "🙂", count: 2000) + "\n"
            #expect(try reader.read(path: file("t", text.utf8)) == .text(name: "t", text: text))
        }
        #expect(FileKind(head: [0x61, 0xF0, 0x9F], isWhole: false) == .text(.utf8))
        // Accents after the beginning that was plain.
        let late = [UInt8](repeating: 0x61, count: 5000) + [0xE9]
        let expected = String(repeating: "a", count: 5000) + "é"
        #expect(try reader.read(path: file("t", late)) == .text(name: "t", text: expected))
    }

    @Test("a long text is cut at a character, and says so")
    func longText() throws {
        let reader = AttachmentReader(longestText: 10)
        let path = try file("long.txt", String(repeating: "🙂", count: 100).utf8)
        #expect(
            try reader.read(path: path)
                == .text(name: "long.txt", text: "🙂🙂\n[cut here: the first 10 of 400 bytes]\n"))
        #expect(try reader.read(path: file("fits", "0123456789".utf8)) == .text(name: "fits", text: "0123456789"))
    }

    @Test("what cannot be attached is refused with a sentence")
    func refused() throws {
        func failure(_ path: String) -> DocumentFailure? {
            #expect(throws: DocumentFailure.self) { _ = try reader.read(path: path) }
        }
        #expect(failure(directory + "/none")?.message == "\(directory)/none cannot be read: No such file or directory.")
        #expect(failure(directory)?.kind == .unsupported)
        #expect(failure("/dev/zero")?.message == "/dev/zero is a device, not a file.")
        let archive = failure(try file("x.png", "PK\u{3}\u{4} …".utf8))
        #expect(archive?.message.hasPrefix("x.png is a ZIP archive, which Scry cannot attach") == true)
        // Documents are read where they are, and not from a pipe here.
        let pdf = try file("x.jpg", "%PDF-1.4 …".utf8)
        #expect(try reader.read(path: pdf) == .pdf(path: pdf))
        #expect(throws: DocumentFailure.self) { try reader.read(bytes: Array("%PDF-1.4".utf8), name: "x") }
        let picture = try file("big.gif", Array("GIF89a".utf8) + [UInt8](repeating: 0, count: 9000))
        #expect(throws: DocumentFailure.self) { try AttachmentReader(largestPicture: 5000).read(path: picture) }
    }

    @Test("an empty file is told of, and of one of two gigabytes only the beginning is read")
    func extremes() throws {
        let empty = try file("empty.pdf", [])
        let failure = #expect(throws: DocumentFailure.self) { _ = try reader.read(path: empty) }
        #expect(failure?.message == "empty.pdf is empty: there is nothing to attach.")
        let path = try file("big.txt", [UInt8](repeating: 0x61, count: 2 << 20))
        #expect(truncate(path, 2 << 30) == 0)
        let start = ContinuousClock.now
        guard case .text(_, let text) = try reader.read(path: path) else {
            Issue.record("it begins as a text")
            return
        }
        #expect(text.utf8.count < 1_100_000 && text.hasSuffix("[cut here: the first 1048576 of 2147483648 bytes]\n"))
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test("a named pipe is read to its end")
    func pipe() async throws {
        let path = directory + "/pipe"
        #expect(mkfifo(path, 0o600) == 0)
        let text = String(repeating: "line\n", count: 50_000)
        let writer = Task.detached { try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: []) }
        let read = try reader.read(path: path)
        try await writer.value
        #expect(read == .text(name: "pipe", text: text))
    }

    @Test("no bytes whatever make it fail in another way")
    func random() throws {
        var generator = SeededGenerator(state: 7)
        for _ in 0..<2000 {
            let count = Int.random(in: 0..<200, using: &generator)
            let highest = UInt8.random(in: 0...255, using: &generator)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...highest, using: &generator) }
            let encoded: [[UInt8]] = [bytes, [0xFF, 0xFE] + bytes, [0xFE, 0xFF] + bytes, [0xEF, 0xBB, 0xBF] + bytes]
            for bytes in encoded {
                do {
                    if case .text(let name, _) = try reader.read(bytes: bytes, name: "x") { #expect(name == "x") }
                } catch {
                    #expect(error.kind == .unsupported)
                }
            }
        }
    }
}

private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}
