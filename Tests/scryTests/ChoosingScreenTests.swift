import Desktop
import Foundation
import Synchronization
import Testing

@testable import scry

@Suite("The screen on which regions are chosen")
struct ChoosingScreenTests {
    /// A desktop of one pixel, and a person who wants the regions that a test says.
    private final class Fake: ScreenSource, RegionChooser {
        let answers: Mutex<[Region?]>
        let asked = Mutex<[Region?]>([])
        let captured = Mutex<[CaptureTarget]>([])

        init(_ answers: [Region?] = []) { self.answers = Mutex(answers) }

        func layout() async throws -> DesktopLayout { DesktopLayout(session: "x11", displays: [], windows: []) }

        func capture(_ target: CaptureTarget, withCursor: Bool) async throws -> CapturedPicture {
            captured.withLock { $0.append(target) }
            guard case .region(let region) = target else { return picture(Region(x: 0, y: 0, width: 9, height: 9)) }
            return picture(region)
        }

        func frames(of target: CaptureTarget, rate: Double, withCursor: Bool)
            -> AsyncThrowingStream<CapturedFrame, any Error>
        {
            captured.withLock { $0.append(target) }
            return AsyncThrowingStream { $0.finish() }
        }

        func chooseRegion(last: Region?, withCursor: Bool) async throws -> CapturedPicture? {
            asked.withLock { $0.append(last) }
            return answers.withLock { $0.removeFirst() }.map(picture)
        }

        private func picture(_ region: Region) -> CapturedPicture {
            let pixels = PixelBuffer(byteCount: 4) { $0.copyBytes(from: [1, 2, 3, 4]) }
            let frame = Frame(width: 1, height: 1, stride: 4, format: .bgrx, pixels: pixels, time: 0)
            return CapturedPicture(frame: frame, label: region.description, region: region)
        }
    }

    private static let first = Region(x: 1, y: -2, width: 30, height: 40)
    private static let second = Region(x: 5, y: 6, width: 7, height: 8)

    private func withMemory(_ body: (RegionMemory) async throws -> Void) async throws {
        let folder = NSTemporaryDirectory() + "scry-regions-\(UInt64.random(in: 0 ..< .max))"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(
            RegionMemory(path: folder + "/last-region") {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            })
    }

    @Test("asks, remembers what was chosen, and begins with it the next time")
    func remembers() async throws {
        try await withMemory { memory in
            let fake = Fake([Self.first, Self.second])
            let screen = ChoosingScreen(source: fake, chooser: fake, memory: memory)

            #expect(try await screen.capture(.chosenRegion, withCursor: false).region == Self.first)
            #expect(try await screen.capture(.lastRegion, withCursor: false).region == Self.first)
            #expect(try await screen.settled(.chosenRegion) == .region(Self.second))

            #expect(fake.asked.withLock { $0 } == [nil, Self.first])
            // The first picture is the chooser's own.
            #expect(fake.captured.withLock { $0 } == [.region(Self.first)])
            #expect(memory.last == Self.second)
            let mode = try FileManager.default.attributesOfItem(atPath: memory.path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test("a person who chooses nothing ends it, and changes nothing")
    func cancelled() async throws {
        try await withMemory { memory in
            let fake = Fake([Self.first, nil])
            let screen = ChoosingScreen(source: fake, chooser: fake, memory: memory)
            _ = try await screen.capture(.chosenRegion, withCursor: false)

            let failure = await #expect(throws: CaptureFailure.self) {
                try await screen.capture(.chosenRegion, withCursor: false)
            }

            #expect(failure?.kind == .cancelled)
            #expect(CommandFailure(try #require(failure)).status == .cancelled)
            #expect(memory.last == Self.first)
        }
    }

    @Test("records what was chosen")
    func records() async throws {
        try await withMemory { memory in
            let fake = Fake([Self.first])
            let screen = ChoosingScreen(source: fake, chooser: fake, memory: memory)

            for target in [CaptureTarget.chosenRegion, .lastRegion, .screen] {
                for try await _ in screen.frames(of: target, rate: 10, withCursor: false) {}
            }

            #expect(fake.captured.withLock { $0 } == [.region(Self.first), .region(Self.first), .screen])
        }
    }

    @Test("says what helps where nothing was chosen yet, or nothing can be")
    func refuses() async throws {
        try await withMemory { memory in
            let screen = ChoosingScreen(source: Fake(), chooser: nil, memory: memory)

            let last = await #expect(throws: CaptureFailure.self) {
                try await screen.capture(.lastRegion, withCursor: false)
            }
            let chosen = await #expect(throws: CaptureFailure.self) {
                try await screen.capture(.chosenRegion, withCursor: false)
            }

            #expect(last?.message.contains("--region select") == true)
            #expect(chosen?.kind == .unsupported)
            #expect(chosen?.message.contains("--region 640x480+100+50") == true)
        }
    }

    @Test("a damaged memory is no region", arguments: ["", "nonsense", "0x0+0+0", "99999999999999999999x1+0+0"])
    func damaged(text: String) async throws {
        try await withMemory { memory in
            try memory.prepare()
            try text.write(toFile: memory.path, atomically: true, encoding: .utf8)

            #expect(memory.last == nil)
        }
    }
}
