import Conversation
import Desktop
import Foundation
import History
import Media
import TestSupport
import Testing

@testable import scry

@Suite("Keeping to an engine's limits")
struct MediaLimitTests {
    /// A store in a folder of its own.
    private final class Folder {
        let path = "/tmp/scry-limits-\(getpid())-\(UInt32.random(in: 0 ..< .max))"
        var media: MediaStore { MediaStore(directory: path) }
        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    /// A picture of bars, or of noise, which nothing makes smaller.
    private func frame(_ width: Int, _ height: Int, isNoise: Bool = false) -> Frame {
        var random = SeededRandom(seed: 7)
        let pixels = PixelBuffer(byteCount: width * height * 3) { bytes in
            for index in 0..<width * height * 3 {
                let x = index / 3 % width
                bytes[index] = isNoise ? UInt8.random(in: 0...255, using: &random) : x / 20 % 2 == 0 ? 0x20 : 0xE0
            }
        }
        return Frame(width: width, height: height, stride: width * 3, format: .rgb, pixels: pixels, time: 0)
    }

    private func store(
        _ media: MediaStore, _ width: Int, _ height: Int, isNoise: Bool = false, as format: StillFormat = .png
    ) throws -> MediaReference {
        let picture = try StillEncoder().encode(frame(width, height, isNoise: isNoise), as: format)
        return try media.store(
            picture.bytes, mediaType: picture.mediaType, width: picture.width, height: picture.height)
    }

    private func limited(
        _ picture: MediaReference, _ media: MediaStore, side: Int? = nil, bytes: Int? = nil
    ) throws -> MediaReference {
        let limits = MediaLimits(pictureBytes: bytes, pictureSide: side)
        return try #require(PictureLimiter(media: media, limits: limits)).limited(picture, called: "screen")
    }

    // MARK: - Pictures

    @Test("a picture with a side that is too long is scaled to it, and keeps its shape and its bars")
    func side() throws {
        let folder = Folder()
        let wide = try store(folder.media, 900, 300)
        let picture = try limited(wide, folder.media, side: 600)
        #expect(picture.width == 600 && picture.height == 200 && picture.mediaType == "image/png")
        let seen = try StillDecoder().decode(folder.media.bytes(of: picture))
        #expect(seen.width == 600 && seen.height == 200)
        // Bars of 20 pixels are bars of 13 now, dark and bright as before.
        seen.pixels.withBytes { bytes in
            let step = seen.stride / seen.width
            let row = (0..<seen.width).map { bytes[100 * seen.stride + $0 * step] }
            #expect(row.filter { $0 < 0x50 }.count > 200 && row.filter { $0 > 0xB0 }.count > 200)
        }
        let high = try limited(store(folder.media, 100, 800), folder.media, side: 400)
        #expect(high.width == 50 && high.height == 400)
    }

    @Test("a picture within the limits stays the same bytes, and none is enlarged")
    func within() throws {
        let folder = Folder()
        let small = try store(folder.media, 60, 40)
        #expect(try limited(small, folder.media, side: 600, bytes: 100_000) == small)
        #expect(try limited(small, folder.media, side: 60, bytes: small.byteCount) == small)
        #expect(PictureLimiter(media: folder.media, limits: MediaLimits(pictures: 2, videoBytes: 9)) == nil)
    }

    @Test("a picture of too many bytes becomes a JPEG of the same size first, then a smaller one")
    func bytes() throws {
        let folder = Folder()
        let noise = try store(folder.media, 400, 300, isNoise: true)
        #expect(noise.byteCount > 350_000)
        let jpeg = try limited(noise, folder.media, bytes: 320_000)
        #expect(jpeg.mediaType == "image/jpeg" && jpeg.width == 400 && jpeg.height == 300 && jpeg.byteCount <= 320_000)
        let smaller = try limited(noise, folder.media, bytes: 60_000)
        #expect(smaller.byteCount <= 60_000 && smaller.width < 400)
        #expect(abs(smaller.width * 3 - smaller.height * 4) <= 4)
        let seen = try StillDecoder().decode(folder.media.bytes(of: smaller))
        #expect(seen.width == smaller.width && seen.height == smaller.height)
        // The same picture gives the same bytes, so that prefix caches hit.
        #expect(try limited(noise, folder.media, bytes: 60_000) == smaller)
    }

    @Test("both limits at once, and a JPEG that stays one")
    func both() throws {
        let folder = Folder()
        let photo = try store(folder.media, 800, 600, isNoise: true, as: .jpeg(quality: 95))
        let picture = try limited(photo, folder.media, side: 400, bytes: 90_000)
        #expect(picture.mediaType == "image/jpeg" && picture.width <= 400 && picture.byteCount <= 90_000)
    }

    @Test("a limit below which nothing can be read is told in one sentence")
    func hopeless() throws {
        let folder = Folder()
        let noise = try store(folder.media, 400, 300, isNoise: true)
        let failure = #expect(throws: ReplyFailure.self) { try limited(noise, folder.media, bytes: 300) }
        #expect(
            failure?.message
                == "screen cannot be sent: it would have to be too small to be read, since the engine takes "
                + "300 bytes a picture.")
    }

    // MARK: - Recordings

    private func recording(_ media: MediaStore, frames: Int, video bytes: Int? = nil, width: Int = 56) throws
        -> ChatAttachment
    {
        let frames = try (0..<frames).map {
            TimedPicture(time: Double($0), why: "change", picture: try store(media, width + $0, 56))
        }
        let video = bytes.map {
            MediaReference(sha256: "v\($0)", mediaType: "video/x-matroska", byteCount: $0, width: 56, height: 56)
        }
        return ChatAttachment(
            label: "r", takenAt: Date(timeIntervalSince1970: 0),
            content: .recording(Recording(frames: frames, video: video, seconds: 9)))
    }

    private func chosen(_ attachments: [ChatAttachment], for model: ModelProfile, _ media: MediaStore) throws
        -> [Recording]
    {
        var attachments = attachments
        try VideoFormChooser(media: media, model: model).choose(&attachments)
        return attachments.compactMap { if case .recording(let recording) = $0.content { recording } else { nil } }
    }

    @Test("the newest recordings go as videos, as many as may; a video of too many bytes goes as pictures")
    func videos() throws {
        let folder = Folder()
        let model = ModelProfile(id: "glm-4.5v", video: true, limits: MediaLimits(videos: 1, videoBytes: 1000))
        let all = try [900, 1000, 1001].map { try recording(folder.media, frames: 3, video: $0) }
        let forms = try chosen(all, for: model, folder.media).map { $0.form(sendsVideo: true) }
        #expect(forms == [.pictures, .video, .pictures])
        // For an engine that takes more, nothing was lost.
        let more = try chosen(all, for: ModelProfile(id: "glm-4.5v", video: true), folder.media)
        #expect(more.map { $0.form(sendsVideo: true) } == [.video, .video, .video])
        // A model that was proven not to take video gets pictures.
        let none = try chosen(all, for: ModelProfile(id: "glm-4.5v", video: false), folder.media)
        #expect(none.map { $0.form(sendsVideo: true) } == [.pictures, .pictures, .pictures])
    }

    @Test("of more frames than pictures may be sent the first, the last and even ones between them are")
    func frames() throws {
        let folder = Folder()
        let model = ModelProfile(id: "m", limits: MediaLimits(pictures: 4))
        let seen = try chosen([try recording(folder.media, frames: 10)], for: model, folder.media)[0]
        #expect(seen.form == .pictures && seen.frames.map(\.time) == [0, 3, 6, 9])
        #expect(VideoFormChooser.thinned(seen.frames, to: 0).map(\.time) == [9])
        #expect(VideoFormChooser.thinned(seen.frames, to: 9).count == 4)
    }

    @Test("an engine that takes lists gets all frames in one, as JPEG of one size, in order")
    func lists() throws {
        let folder = Folder()
        let model = ModelProfile(
            id: "glm-4.5v", video: true, frameLists: .untimed, limits: MediaLimits(pictures: 4, videos: 1))
        let all = try [recording(folder.media, frames: 40), recording(folder.media, frames: 10)]
        let seen = try chosen(all, for: model, folder.media)
        #expect(seen.map(\.form) == [.pictures, .frameList])
        let list = try #require(seen[1].frameList)
        #expect(list.map(\.time) == (0..<10).map(Double.init) && seen[1].frames.count == 10)
        for frame in list {
            let picture = try StillDecoder().decode(folder.media.bytes(of: frame.picture))
            #expect(frame.picture.mediaType == "image/jpeg" && picture.width == 56 && picture.height == 56)
        }
        // More frames than an engine samples are thinned.
        let long = try chosen([all[0]], for: model, folder.media)[0]
        #expect(long.frameList?.count == 32 && long.frameList?.first?.time == 0 && long.frameList?.last?.time == 39)
        // Asked again, the same list goes; of an engine that takes none, pictures.
        var again = all[1]
        again.content = .recording(seen[1])
        #expect(try chosen([again], for: model, folder.media)[0] == seen[1])
        #expect(try chosen([again], for: ModelProfile(id: "m"), folder.media)[0].form == .pictures)
    }
}
