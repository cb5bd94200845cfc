import Cells
import Conversation
import Foundation
import History
import Session
import Terminal
import Testing

@testable import scry

@Suite struct PictureWorkerTests {
    private static let fixture = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/media/red-circle.png")
    private static let cell = PixelSize(width: 8, height: 16)

    private func withWorker(
        _ work: (PictureWorker, MediaStore, MediaReference) async throws -> Void
    ) async throws {
        let folder = NSTemporaryDirectory() + "scry-pictures-\(UInt64.random(in: 0 ..< .max))"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = MediaStore(directory: folder)
        let media = try store.store(
            Array(try Data(contentsOf: Self.fixture)), mediaType: "image/png", width: 160, height: 160)
        try await work(PictureWorker(store: store), store, media)
    }

    private func cut(_ media: MediaReference, part: PixelRect? = nil, enlarging: Double = 1) -> PictureCut {
        PictureCut(
            of: media.sha256, whole: PixelSize(width: media.width, height: media.height), part: part,
            into: Size(columns: 40, rows: 20), cell: Self.cell, enlarging: enlarging)
    }

    @Test("makes a PNG for kitty and characters for others, as large as they are drawn")
    func methods() async throws {
        try await withWorker { worker, _, media in
            let cut = cut(media)
            #expect(cut.cells == Size(columns: 20, rows: 10))
            let png = try await worker.image(
                for: cut, of: media, ability: PictureAbility(method: .kitty, cell: Self.cell))
            guard case .png(let bytes) = png else {
                Issue.record("no PNG")
                return
            }
            // The width and the height stand at fixed places of a PNG.
            #expect(bytes[19] == 160 && bytes[23] == 160)
            guard PictureFailure.missingLibrary == nil else { return }
            let blocks = try await worker.image(
                for: cut, of: media, ability: PictureAbility(method: .blocks, cell: Self.cell))
            guard case .cells(let cells) = blocks else {
                Issue.record("no characters")
                return
            }
            #expect(cells.count == 200)
        }
    }

    @Test("makes a part of a picture larger than it is")
    func part() async throws {
        try await withWorker { worker, _, media in
            let cut = cut(media, part: PixelRect(x: 150, y: 150, width: 50, height: 40), enlarging: 4)
            #expect(cut.part == PixelRect(x: 110, y: 120, width: 50, height: 40))
            let png = try await worker.image(
                for: cut, of: media, ability: PictureAbility(method: .kittyPlaced, cell: Self.cell))
            guard case .png(let bytes) = png else {
                Issue.record("no PNG")
                return
            }
            #expect(bytes[19] == 200 && bytes[23] == 160)
        }
    }

    @Test("what a reference claims of the size does not lead past the picture")
    func claims() async throws {
        try await withWorker { worker, _, media in
            for (width, height) in [(1, 1), (1_000_000, 3), (161, 159), (0, -7)] {
                var claimed = media
                (claimed.width, claimed.height) = (width, height)
                let image = try await worker.image(
                    for: cut(claimed, part: PixelRect(x: 5, y: 5, width: 9_999, height: 2)), of: claimed,
                    ability: PictureAbility(method: .kitty, cell: Self.cell))
                guard case .png = image else {
                    Issue.record("no PNG")
                    continue
                }
            }
        }
    }

    @Test("what is sent smaller is shown among the lines, and all of its pixels on the whole screen") @MainActor
    func packed() async throws {
        let folder = NSTemporaryDirectory() + "scry-pictures-\(UInt64.random(in: 0 ..< .max))"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = MediaStore(directory: folder)
        let file = Array(try Data(contentsOf: Self.fixture))
        let whole = try store.store(file, mediaType: "image/png", width: 160, height: 160)
        // Another file by its sum, and the same picture.
        let sent = try store.store(file + [0], mediaType: "image/png", width: 160, height: 160)
        let attachment = ChatAttachment(
            label: "a", takenAt: Date(), content: .picture(sent),
            origin: PictureOrigin(picture: whole, part: PictureArea(allOf: whole)))
        var state = SessionState(settings: SessionSettings(), now: .now)
        _ = state.handle(.attached(attachment), at: .now)
        let wanted = [cut(sent), cut(whole)]
        let loader = PictureLoader(worker: PictureWorker(store: store))
        var ready: [PictureCut] = []
        loader.load(wanted, for: state, ability: PictureAbility(method: .kitty, cell: Self.cell)) { outcome in
            if case .ready(_, let picture, _) = outcome { ready.append(picture) }
        }
        for _ in 0..<500 where ready.count < 2 { try await Task.sleep(for: .milliseconds(10)) }
        #expect(ready == wanted)
    }

    @Test("says that a damaged or missing picture cannot be read, and keeps a read one")
    func damaged() async throws {
        try await withWorker { worker, store, media in
            let ability = PictureAbility(method: .kitty, cell: Self.cell)
            let cut = cut(media)
            let path = try #require(store.path(of: media))
            let first = try await worker.image(for: cut, of: media, ability: ability)
            try Data("no picture".utf8).write(to: URL(filePath: path))
            #expect(try await worker.image(for: cut, of: media, ability: ability) == first)
            let other = PictureWorker(store: store)
            await #expect(throws: (any Error).self) {
                _ = try await other.image(for: cut, of: media, ability: ability)
            }
            try FileManager.default.removeItem(atPath: path)
            await #expect(throws: (any Error).self) {
                _ = try await other.image(for: cut, of: media, ability: ability)
            }
        }
    }
}
