import Foundation
import TestSupport
import Testing

@testable import Documents

private func isInstalled(_ program: String) -> Bool {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .contains { FileManager.default.isExecutableFile(atPath: $0 + "/" + program) }
}

@Suite(.enabled(if: isInstalled("pdftoppm"), "reads documents with poppler-utils"))
final class PDFReaderTests {
    private let folder = NSTemporaryDirectory() + "scry-pdf-" + UUID().uuidString
    private let reader = PDFReader()

    init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private func file(_ bytes: some Sequence<UInt8>, _ name: String = "-a b.pdf") throws -> String {
        let path = folder + "/" + name
        try Data(bytes).write(to: URL(filePath: path))
        return path
    }

    @Test("pages are counted and measured as they are looked at")
    func sizes() async throws {
        let path = try file(MadePDF(pages: [["one"], ["two"], ["three"]], turned: [1]).bytes)
        let (sizes, count) = try await reader.pages(of: path)
        #expect(count == 3)
        #expect(sizes.map { [$0.width, $0.height] } == [[595, 842], [842, 595], [595, 842]])
    }

    @Test("each page has its words, and only pages that are asked for are read")
    func words() async throws {
        let path = try file(MadePDF(pages: (1...130).map { ["This is page \($0).", "(a \\ b)"] }).bytes)
        let all = try await reader.texts(of: path, pages: Array(1...130))
        #expect(
            all.count == 130 && all[1] == "This is page 1.\n(a \\ b)"
                && all[130]?.hasPrefix("This is page 130.") == true)
        let some = try await reader.texts(of: path, pages: [2, 3, 99])
        #expect(some.keys.sorted() == [2, 3, 99] && some[99]?.hasPrefix("This is page 99.") == true)
    }

    @Test("a page is drawn in the size that is wanted")
    func drawn() async throws {
        let path = try file(MadePDF(pages: [["one"], ["two"]]).bytes)
        let png = try await reader.picture(of: path, page: 2, width: 420, height: 594)
        #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]))
        #expect(Array(png[16..<24]) == [0, 0, 1, 164, 0, 0, 2, 82])
    }

    @Test("what is no PDF, cut off, or without pages is told in one sentence")
    func damaged() async throws {
        let whole = MadePDF(pages: [["one"]]).bytes
        for bytes in [Array(whole.prefix(120)), Array(whole.prefix(10)), []] {
            let path = try file(bytes, "x.pdf")
            let failure = await #expect(throws: DocumentFailure.self) { _ = try await self.reader.pages(of: path) }
            #expect(failure?.message.hasPrefix("x.pdf ") == true, "\(failure?.message ?? "")")
            #expect(failure?.message.contains("\n") == false)
        }
    }

    @Test("of thousands of pages the first are looked at, and all are counted")
    func endless() async throws {
        let path = try file(MadePDF(pages: [[String]](repeating: ["x"], count: 5003)).bytes)
        let (sizes, count) = try await reader.pages(of: path)
        #expect(sizes.count == PDFReader.mostPages && count == 5003)
    }

    @Test("a document that wants a password says so")
    func password() async throws {
        let objects = [
            "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 0 /Kids [] >>",
            "<< /Filter /Standard /V 1 /R 2 /P -4 /O <\(String(repeating: "31", count: 32))> "
                + "/U <\(String(repeating: "32", count: 32))> >>",
        ]
        let body = objects.enumerated().map { "\($0.offset + 1) 0 obj\n\($0.element)\nendobj\n" }.joined()
        let path = try file(
            ("%PDF-1.4\n" + body + "trailer << /Size 4 /Root 1 0 R /Encrypt 3 0 R /ID [<31> <31>] >>\n%%EOF\n").utf8,
            "x.pdf")
        let failure = await #expect(throws: DocumentFailure.self) { _ = try await self.reader.pages(of: path) }
        #expect(failure?.message.hasPrefix("x.pdf needs a password") == true, "\(failure?.message ?? "")")
    }

    @Test("garbled documents are read or refused, and nothing hangs")
    func garbled() async throws {
        var random = SeededRandom(seed: 7)
        let whole = MadePDF(pages: [["one"], ["two"]]).bytes
        for _ in 0..<25 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...30, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            let path = try file(bytes, "g.pdf")
            guard let found = try? await reader.pages(of: path) else { continue }
            #expect(found.count > 0 && found.sizes.allSatisfy { (36...14_400).contains($0.width) })
            _ = try? await reader.texts(of: path, pages: Array(1...found.sizes.count))
            _ = try? await reader.picture(of: path, page: 1, width: 100, height: 100)
        }
    }

    @Test("a program that wants too much memory or time is stopped, one that is missing is named")
    func bounds() async throws {
        let greedy = HelperProgram(
            name: "python3", package: "python3", purpose: "A test", memory: 256 << 20, seconds: 1)
        let memory = await #expect(throws: DocumentFailure.self) {
            _ = try await greedy.run(["-c", "bytearray(1 << 30)"], limit: 100)
        }
        #expect(memory?.kind == .toolFailed)
        let time = await #expect(throws: DocumentFailure.self) {
            _ = try await greedy.run(["-c", "while True: pass"], limit: 100)
        }
        #expect(time?.message == "python3 was stopped, it took too long or too much memory.")
        let output = await #expect(throws: DocumentFailure.self) {
            _ = try await greedy.run(["-c", "print('x' * 100000)"], limit: 100)
        }
        #expect(output?.kind == .toolFailed)
        let none = HelperProgram(name: "scry-no-such-program", package: "nothing", purpose: "A test")
        let missing = await #expect(throws: DocumentFailure.self) { _ = try await none.run([], limit: 100) }
        #expect(missing?.kind == .toolMissing)
        #expect(missing?.message.contains("install nothing") == true)
    }

    @Test("a program that waits for others too long is ended with all that it started, and so is one that is cancelled")
    func patience() async throws {
        // The shell's own child holds the pipe: unless it ends, too, reading what was printed would last a minute.
        let started = NSTemporaryDirectory() + "scry-started-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: started) }
        let script = ["-c", "sleep 61.5 & echo $!; : >'\(started)'; wait"]
        let slow = HelperProgram(name: "sh", package: "dash", purpose: "A test", patience: 1)
        let start = ContinuousClock.now
        let failure = await #expect(throws: DocumentFailure.self) { _ = try await slow.run(script, limit: 100) }
        #expect(failure?.message == "sh was stopped, it took too long or too much memory.")
        #expect(ContinuousClock.now - start < .seconds(20))

        try FileManager.default.removeItem(atPath: started)
        let patient = HelperProgram(name: "sh", package: "dash", purpose: "A test")
        let task = Task { try await patient.run(script, limit: 100) }
        while !FileManager.default.fileExists(atPath: started), ContinuousClock.now - start < .seconds(30) {
            try await Task.sleep(for: .milliseconds(10))
        }
        task.cancel()
        _ = await task.result
        #expect(ContinuousClock.now - start < .seconds(40))
    }

    @Test("what poppler prints is read, whatever it is")
    func output() {
        let text =
            "Title: Page 1 size: 3 x 4 pts\nPages:          2\nPage    1 size: 612 x 792 pts (letter)\nPage    1 rot:  270\n"
            + "Page    2 size: nan x 1e9 pts\nPage    2 rot:  0\n"
        let (sizes, count) = PDFReader.pages(in: text)
        #expect(count == 2)
        #expect(sizes == [PDFReader.PageSize(width: 792, height: 612), PDFReader.PageSize(width: 612, height: 14_400)])
    }
}

@Suite(.enabled(if: isInstalled("soffice"), "converts with LibreOffice"), .timeLimit(.minutes(3)))
struct OfficeConverterTests {
    @Test("a sheet and a text become pages; what cannot be read is told, and nothing is left behind")
    func converted() async throws {
        let folder = NSTemporaryDirectory() + "scry-office-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/-letter.rtf"
        try Data("{\\rtf1\\ansi Dear reader, the export button is blue.}".utf8).write(to: URL(filePath: path))
        #expect(FileKind(head: try Data(contentsOf: URL(filePath: path)), isWhole: true) == .office(ending: "rtf"))
        let (pdf, made) = try await OfficeConverter().pdf(of: path, ending: "rtf")
        defer { try? FileManager.default.removeItem(atPath: made) }
        let words = try await PDFReader().texts(of: pdf, pages: [1])
        #expect(words[1]?.contains("the export button is blue") == true)

        let broken = folder + "/broken.docx"
        try Data("PK\u{3}\u{4}word/ and then nothing".utf8).write(to: URL(filePath: broken))
        let failure = await #expect(throws: DocumentFailure.self) {
            _ = try await OfficeConverter().pdf(of: broken, ending: "docx")
        }
        #expect(failure?.message.hasPrefix("broken.docx ") == true, "\(failure?.message ?? "")")
    }
}
