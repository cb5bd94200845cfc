import Foundation
import TestSupport
import Testing

@testable import Documents

/// A ZIP archive whose files are stored as they are, and as large as the directory is told to say.
struct MadeArchive {
    private(set) var bytes: [UInt8] = []
    let directory: [UInt8]

    init(_ files: [(name: String, content: String, claimed: Int)], comment: String = "") {
        var directory: [UInt8] = []
        for file in files {
            let content = Array(file.content.utf8)
            let offset = bytes.count
            let common = Self.low(20, 2) + Self.low(0, 12) + Self.low(content.count, 4)
            let name = Self.low(file.name.utf8.count, 2)
            bytes += "PK\u{3}\u{4}".utf8 + common + Self.low(file.claimed, 4) + name + Self.low(0, 2)
            bytes += file.name.utf8
            bytes += content
            directory += "PK\u{1}\u{2}".utf8 + Self.low(20, 2) + common + Self.low(file.claimed, 4) + name
            directory += Self.low(0, 12) + Self.low(offset, 4)
            directory += file.name.utf8
        }
        self.directory = directory
        let start = bytes.count
        bytes += directory
        bytes += "PK\u{5}\u{6}".utf8 + Self.low(0, 4) + Self.low(files.count, 2) + Self.low(files.count, 2)
        bytes += Self.low(directory.count, 4) + Self.low(start, 4) + Self.low(comment.utf8.count, 2)
        bytes += comment.utf8
    }

    private static func low(_ number: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { $0 < 8 ? UInt8(truncatingIfNeeded: number >> (8 * $0)) : 0 }
    }
}

final class ArchiveSizesTests {
    private let folder = NSTemporaryDirectory() + "scry-archive-" + UUID().uuidString

    init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private func file(_ bytes: [UInt8], _ name: String = "x.docx") throws -> String {
        let path = folder + "/" + name
        try Data(bytes).write(to: URL(filePath: path))
        return path
    }

    @Test("files are added up as the directory says, and text by itself, with a comment behind it or none")
    func sums() throws {
        for comment in ["", "made by hand PK", String(repeating: "x", count: 0xFFFF)] {
            let archive = MadeArchive(
                [("word/Document.XML", "<a/>", 4000), ("_rels/.rels", "", 20), ("media/a.png", "png", 300)],
                comment: comment)
            let sizes = try #require(ArchiveSizes(ofFile: try file(archive.bytes)))
            #expect(sizes.whole == 4320 && sizes.markup == 4020)
        }
    }

    @Test("what is cut off, empty or garbled has no sizes, or some; nothing traps")
    func damaged() throws {
        let archive = MadeArchive([("a.xml", "<a/>", 4), ("b.xml", "<b/>", 0xFFFF_FFFF)])
        for bytes in [[], Array("PK\u{3}\u{4}".utf8), Array(archive.bytes.dropLast()), Array(archive.bytes.prefix(70))]
        {
            #expect(ArchiveSizes(ofFile: try file(bytes)) == nil)
        }
        #expect(ArchiveSizes(ofFile: folder + "/none") == nil)
        var random = SeededRandom(seed: 3)
        for _ in 0..<2000 {
            var bytes = archive.bytes
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let sizes = ArchiveSizes(ofFile: try file(bytes)) else { continue }
            #expect(sizes.whole >= sizes.markup && sizes.markup >= 0)
        }
    }

    @Test("an office document that unpacks to too much, or is cut off, is refused before LibreOffice is started")
    func bombs() async throws {
        let text = MadeArchive([("[Content_Types].xml", "", 500), ("word/document.xml", "", 2_066_000_134)]).bytes
        let films = MadeArchive([("xl/a.xml", "", 500), ("xl/media/a.png", "", 1_600_000_000)]).bytes
        let part = "; attach a part of it, or export it as PDF."
        for (bytes, said) in [
            (text, "x.docx is too large to be converted: its text has 1970 MB unpacked, 48 MB are taken" + part),
            (films, "x.docx is too large to be converted: its files have 1525 MB unpacked, 1024 MB are taken" + part),
            (Array(text.prefix(60)), "x.docx cannot be read: it is cut off or damaged."),
        ] {
            let path = try file(bytes)
            let start = ContinuousClock.now
            let failure = await #expect(throws: DocumentFailure.self) {
                _ = try await OfficeConverter().pdf(of: path, ending: "docx")
            }
            #expect(failure?.message == said)
            #expect(ContinuousClock.now - start < .seconds(5))
        }
    }
}
