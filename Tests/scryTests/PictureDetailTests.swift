import Conversation
import Desktop
import Evidence
import Foundation
import History
import Media
import TestSupport
import Testing

@testable import scry

@Suite("What goes to the engine beside a picture")
struct PictureDetailTests {
    /// A store in a folder of its own.
    private final class Folder {
        let path = "/tmp/scry-details-\(getpid())-\(UInt32.random(in: 0 ..< .max))"
        var media: MediaStore { MediaStore(directory: path) }
        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    /// A screen on which every place has a colour of its own, in blocks, with a box of white.
    private func screen(_ width: Int, _ height: Int, box: Region? = nil) -> Frame {
        let pixels = PixelBuffer(byteCount: width * height * 4) { bytes in
            for y in 0..<height {
                for x in 0..<width {
                    let isInside = box.map { x >= $0.x && x < $0.x + $0.width && y >= $0.y && y < $0.y + $0.height }
                    let place = (y * width + x) * 4
                    bytes[place] = isInside == true ? 255 : UInt8(x / 20 % 250)
                    bytes[place + 1] = isInside == true ? 255 : UInt8(y / 20 % 250)
                    bytes[place + 2] = isInside == true ? 255 : UInt8((x / 20 + y / 20) % 2 * 90)
                    bytes[place + 3] = 255
                }
            }
        }
        return Frame(width: width, height: height, stride: width * 4, format: .bgrx, pixels: pixels, time: 0)
    }

    private func model(context: Int? = 65_536, pictures: Int? = nil) -> ModelProfile {
        ModelProfile(
            id: "glm-4.5v", contextLength: context, vision: true, limits: MediaLimits(pictures: pictures))
    }

    private func attachment(
        _ frame: Frame, _ label: String = "screen", in folder: Folder, for model: ModelProfile
    ) throws -> ChatAttachment {
        let packed = try PicturePacker(media: folder.media).pack(frame, for: model)
        return ChatAttachment(
            label: label, takenAt: Date(), content: .picture(packed.picture), origin: packed.origin)
    }

    private func choose(
        _ attachments: inout [ChatAttachment], _ question: String, in folder: Folder, for model: ModelProfile
    ) throws {
        let budget = PixelBudget.forModel(model.id)
        let spent = attachments.flatMap { $0.pictures + ($0.details?.parts.map(\.picture) ?? []) }
            .reduce(0) { $0 + budget.tokens(width: $1.width, height: $1.height) }
        try PictureDetailer(media: folder.media, model: model).choose(&attachments, for: question, spent: spent)
    }

    @Test("a 4K screen keeps all of its pixels, and goes at the size that the model sees")
    func keepsOriginal() throws {
        let folder = Folder()
        let large = try attachment(screen(3840, 2160), in: folder, for: model())
        #expect(large.pictures.first?.width == 2912 && large.wholePicture?.width == 3840)
        let small = try attachment(screen(1280, 720), in: folder, for: model())
        #expect(small.origin == nil && small.wholePicture == small.pictures.first)
    }

    @Test("a photo that fits goes as its camera compressed it, and one that has to be turned does not")
    func keepsPhotos() throws {
        let folder = Folder()
        let file = try StillEncoder().encode(screen(320, 200), as: .jpeg(quality: 90)).bytes
        let packer = PicturePacker(media: folder.media)
        let photo = try packer.pack(StillDecoder().decode(file), from: file, for: model()).picture
        #expect(photo.mediaType == "image/jpeg" && (photo.width, photo.height) == (320, 200))
        #expect(try folder.media.bytes(of: photo) == BareJPEG(file)?.bytes)
        // A directory of one note: turned by a right angle.
        let note: [UInt8] =
            [0xFF, 0xE1, 0, 34] + Array("Exif\0\0".utf8)
            + [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6] + [UInt8](repeating: 0, count: 6)
        let turned = Array(file.prefix(2)) + note + Array(file.dropFirst(2))
        let upright = try packer.pack(StillDecoder().decode(turned), from: turned, for: model()).picture
        #expect((upright.width, upright.height) == (200, 320))
    }

    @Test("asked to read, its parts go with every pixel in its place, and the overview gives up what they need")
    func divides() throws {
        let folder = Folder()
        let frame = screen(3840, 2160)
        var attachments = [try attachment(frame, in: folder, for: model())]
        try choose(&attachments, "Read the error, please", in: folder, for: model())
        let parts = try #require(attachments[0].details?.parts)
        #expect(parts.count == 2)
        for part in parts {
            let seen = try StillDecoder().decode(folder.media.bytes(of: part.picture))
            #expect((seen.width, seen.height) == (part.area.width, part.area.height))
            for (x, y) in [(0, 0), (seen.width - 1, seen.height - 1), (seen.width / 3, seen.height / 2)] {
                let expected = frame.color(x: part.area.x + x, y: part.area.y + y)
                #expect(seen.color(x: x, y: y) == expected)
            }
        }
        let overview = try #require(attachments[0].pictures.first)
        let cost = PixelBudget.glm.tokens(width: overview.width, height: overview.height)
        #expect(cost <= DetailPlan.overviewTokens && cost > 1_200)
        #expect(attachments[0].wholePicture?.width == 3840)
    }

    @Test("what was decided stays byte for byte; only the newest picture gets more for a question that needs more")
    func isSteady() throws {
        let folder = Folder()
        var attachments = [
            try attachment(screen(3840, 2160), in: folder, for: model()),
            try attachment(screen(3840, 2100), in: folder, for: model()),
        ]
        try choose(&attachments, "What do you see?", in: folder, for: model())
        #expect(attachments.allSatisfy { $0.details?.parts.isEmpty == true })
        let first = attachments
        try choose(&attachments, "And what else?", in: folder, for: model())
        #expect(attachments == first)
        try choose(&attachments, "Read the text", in: folder, for: model())
        #expect(attachments[0] == first[0] && attachments[1].details?.parts.count == 2)
        let second = attachments
        try choose(&attachments, "Read it again", in: folder, for: model())
        #expect(attachments == second)
    }

    @Test("no budget is exceeded, of tokens or of pictures", arguments: [4_096, 8_192, 20_000, 65_536], [2, 3, 99])
    func keepsBudget(context: Int, pictures: Int) throws {
        let folder = Folder()
        let model = model(context: context, pictures: pictures)
        var attachments = [try attachment(screen(3000, 1700), in: folder, for: model)]
        let budget = PixelBudget.glm
        let spent = attachments[0].pictures.reduce(0) { $0 + budget.tokens(width: $1.width, height: $1.height) }
        try choose(&attachments, "Read the text", in: folder, for: model)
        let sent = attachments[0].pictures + (attachments[0].details?.parts.map(\.picture) ?? [])
        let cost = sent.reduce(0) { $0 + budget.tokens(width: $1.width, height: $1.height) }
        #expect(sent.count <= pictures)
        #expect(cost <= max(spent, AttachmentPreparer.room(for: context)))
    }

    @Test("asked what changed, the places are found in the pixels and go before and after")
    func compares() throws {
        let folder = Folder()
        let box = Region(x: 2000, y: 1200, width: 90, height: 40)
        var attachments = [
            try attachment(screen(2560, 1440), "before", in: folder, for: model()),
            try attachment(screen(2560, 1440, box: box), "after", in: folder, for: model()),
        ]
        try choose(&attachments, "What changed since the last picture?", in: folder, for: model())
        #expect(attachments[0].details?.comparison == nil)
        let details = try #require(attachments[1].details)
        let comparison = try #require(details.comparison)
        #expect(comparison.label == "before" && comparison.changedThousandths >= 1 && comparison.places.count == 1)
        #expect(Region(comparison.places[0]).intersection(box) == box)
        #expect(details.parts.map(\.kind) == [.before, .after])
        let after = try StillDecoder().decode(folder.media.bytes(of: details.parts[1].picture))
        let area = details.parts[1].area
        #expect(after.color(x: box.x - area.x + 5, y: box.y - area.y + 5) == [255, 255, 255])
        let before = try StillDecoder().decode(folder.media.bytes(of: details.parts[0].picture))
        #expect(before.color(x: box.x - area.x + 5, y: box.y - area.y + 5) != [255, 255, 255])
    }

    @Test("two pictures that are the same, and two that have nothing in common, are said to be")
    func comparesExtremes() throws {
        let folder = Folder()
        let white = Region(x: 0, y: 0, width: 800, height: 600)
        var same = [
            try attachment(screen(800, 600), in: folder, for: model()),
            try attachment(screen(800, 600), in: folder, for: model()),
        ]
        try choose(&same, "What changed?", in: folder, for: model())
        #expect(same[1].details?.comparison?.changedThousandths == 0 && same[1].details?.parts.isEmpty == true)
        var other = [
            try attachment(screen(800, 600), in: folder, for: model()),
            try attachment(screen(800, 600, box: white), in: folder, for: model()),
        ]
        try choose(&other, "What changed?", in: folder, for: model())
        #expect(other[1].details?.comparison?.changedThousandths == 1000 && other[1].details?.comparison?.places == [])
        var unlike = [
            try attachment(screen(800, 600), in: folder, for: model()),
            try attachment(screen(801, 600), in: folder, for: model()),
        ]
        try choose(&unlike, "What changed?", in: folder, for: model())
        #expect(unlike[1].details?.comparison == nil)
    }

    @Test("screens go as PNG, photographs as JPEG")
    func choosesFormat() throws {
        var random = SeededRandom(seed: 3)
        let noise = PixelBuffer(byteCount: 300 * 200 * 4) { bytes in
            for index in 0..<300 * 200 * 4 { bytes[index] = UInt8(100 + Int.random(in: 0...40, using: &random)) }
        }
        let photo = Frame(width: 300, height: 200, stride: 1200, format: .bgrx, pixels: noise, time: 0)
        #expect(StillFormat.fitting(photo) == .jpeg(quality: 90))
        #expect(StillFormat.fitting(screen(300, 200)) == .png)
    }
}

extension Frame {
    fileprivate func color(x: Int, y: Int) -> [Int] {
        pixels.withBytes { bytes in
            let order = format == .rgb || format == .rgbx ? [0, 1, 2] : [2, 1, 0]
            return order.map { Int(bytes[y * stride + x * format.bytesPerPixel + $0]) }
        }
    }
}
